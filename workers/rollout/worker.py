"""A Ray actor that holds one vLLM engine. The one rule: vLLM is imported here, in the actor's process, and by no one
who asks it for work.
"""

import os
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from spatialrl.config import RunConfig, SamplingConfig
from spatialrl.errors import ConfigError
from spatialrl.types import Completion, Task
from workers.rollout.asked import Asked, Outcomes
from workers.rollout.environment import environment
from workers.transfer import Endpoint, TensorMeta

if TYPE_CHECKING:
    from workers.rollout.engine import Engine


class RolloutWorker:
    def __init__(self, config: RunConfig) -> None:
        self.config = config
        self.engine: Engine | None = None

    async def start(self) -> None:
        """Takes tens of seconds, most of them to import vLLM; what can be known before is said before."""
        model = Path(self.config.model.path)
        if model.is_absolute() and not model.is_dir():
            raise ConfigError(f"model.path: there is no folder {model} on this worker's machine.")
        os.environ.update(environment(self.config))
        from workers.rollout.engine import Engine  # noqa: PLC0415  imports vLLM, which reads the environment

        self.engine = await Engine.start(self.config)

    async def generate(
        self, task: Task, *, num_completions: int, seed: int, sampling: SamplingConfig
    ) -> AsyncIterator[Completion]:
        async for completion in self.running.generate(
            task, num_completions=num_completions, seed=seed, sampling=sampling
        ):
            yield completion

    async def answer(self, asked: Sequence[Asked]) -> AsyncIterator[Outcomes]:
        async for outcomes in self.running.answer(asked):
            yield outcomes

    async def pause(self) -> None:
        await self.running.pause()

    async def open_transfer(self, endpoint: Endpoint, *, first_rank: int, timeout_s: float) -> None:
        await self.running.open_transfer(endpoint, first_rank=first_rank, timeout_s=timeout_s)

    async def begin_update(self) -> None:
        await self.running.begin_update()

    async def receive_weights(self, metas: Sequence[TensorMeta]) -> None:
        await self.running.receive_weights(metas)

    async def borrow_weights(self, loans: Sequence[Any]) -> None:
        await self.running.borrow_weights(loans)

    async def finish_update(self, version: int) -> None:
        await self.running.finish_update(version)

    async def drop_caches(self) -> None:
        await self.running.drop_caches()

    async def resume(self) -> None:
        await self.running.resume()

    async def sleep(self) -> None:
        await self.running.sleep()

    async def wake(self, tags: Sequence[str]) -> None:
        await self.running.wake(tags)

    async def close(self) -> None:
        if self.engine is not None:
            self.engine.close()

    @property
    def running(self) -> "Engine":
        assert self.engine is not None, "start() comes first"
        return self.engine
