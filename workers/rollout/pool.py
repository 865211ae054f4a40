"""RolloutService over several vLLM replicas, each a Ray actor. The one rule: every wait has a deadline, and a worker
that died ends the call that needed it with a sentence; this file never imports vLLM.
"""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from contextlib import aclosing
from typing import Any, Self

import ray
from ray.exceptions import RayActorError, RayError

from spatialrl.config import RunConfig, SamplingConfig
from spatialrl.errors import DataError, UserError, WorkerDied, WorkerError
from spatialrl.types import Completion, Task
from workers.placement import Slot
from workers.ray_group import cause_of, describe
from workers.rollout.routing import Router, estimate_tokens
from workers.rollout.worker import RolloutWorker
from workers.transfer import Endpoint

MAX_TASKS_PER_WORKER = 4096
CLOSE_TIMEOUT_S = 10.0


class RolloutPool:
    def __init__(self, config: RunConfig, workers: Sequence[Any]) -> None:
        """Use `start`: this starts nothing."""
        self.config = config
        self.workers = list(workers)
        self.broken = ""
        """Why no completion can come any more; empty while all is well."""
        self.is_asleep = False
        self.router = Router(
            num_replicas=len(self.workers),
            max_tokens=config.rollout.max_concurrent_tokens,
            timeout_s=config.rollout.timeout_s,
        )
        self.counts = {"rollout/completions": 0, "rollout/tokens": 0}

    @classmethod
    async def start(cls, config: RunConfig, *, slots: Sequence[Slot] = ()) -> Self:
        """Returns once every engine is up. `slots` say where the workers sit; Ray decides where none are given."""
        seats = list(slots) or [own_slot(config)] * config.rollout.num_workers
        actor = ray.remote(RolloutWorker)
        pool = cls(config, [actor.options(**actor_options(slot)).remote(config) for slot in seats])
        try:
            await pool.call("start", timeout_s=config.rollout.start_timeout_s)
        except BaseException:
            pool.fail("The rollout workers did not start.")
            raise
        return pool

    async def generate(
        self, task: Task, *, num_completions: int, seed: int, sampling: SamplingConfig
    ) -> AsyncIterator[Completion]:
        each = estimate_tokens(task, sampling)
        async with self.router.seat(each, num_completions=num_completions) as seat:
            words = {"num_completions": num_completions, "seed": seed, "sampling": sampling}
            async with aclosing(self.ask(seat.replica, task, **words)) as stream:
                async for completion in stream:
                    self.count(completion)
                    await self.router.give_back(seat, seat.share)
                    yield completion

    async def ask(self, replica: int, task: Task, **words: Any) -> AsyncGenerator[Completion, None]:
        self.check()
        refs = self.workers[replica].generate.options(num_returns="streaming").remote(task, **words)
        deadline = asyncio.get_running_loop().time() + self.config.rollout.timeout_s
        try:
            for _ in range(words["num_completions"]):
                async with asyncio.timeout_at(deadline):
                    completion = await (await anext(refs))
                yield completion
        except TimeoutError as error:
            raise WorkerError(
                f"Rollout worker {replica} did not finish task {task.id} within rollout.timeout_s="
                f"{self.config.rollout.timeout_s:g}."
            ) from error
        except RayError as error:
            self.check()
            raise failure(replica, error) from error
        finally:
            ray.cancel(refs)

    def count(self, completion: Completion) -> None:
        self.counts["rollout/completions"] += 1
        self.counts["rollout/tokens"] += len(completion.token_ids)

    def check(self) -> None:
        if self.broken:
            raise WorkerDied(self.broken)

    async def call(self, method: str, *args: Any, timeout_s: float, **words: Any) -> None:
        """The same on all workers at once."""
        self.check()
        words_each = [words] * len(self.workers)
        await self.call_each(method, *args, words_each=words_each, timeout_s=timeout_s)

    async def call_each(self, method: str, *args: Any, words_each: Sequence[dict], timeout_s: float) -> None:
        refs = [getattr(w, method).remote(*args, **words) for w, words in zip(self.workers, words_each, strict=True)]
        futures = [asyncio.wrap_future(ref.future()) for ref in refs]
        await asyncio.wait(futures, timeout=timeout_s, return_when=asyncio.FIRST_EXCEPTION)
        waiting = [replica for replica, future in enumerate(futures) if not future.done() and future.cancel()]
        errors = {replica: future.exception() for replica, future in enumerate(futures) if replica not in waiting}
        for replica, error in errors.items():
            if error is not None:
                raise failure(replica, error) from error
        if waiting:
            raise WorkerError(f"Rollout workers {waiting} were not done with {method} within {timeout_s:g} s.")

    @property
    def num_processes(self) -> int:
        """That hold weights: every replica has one for each of its shares."""
        return len(self.workers) * self.config.rollout.tensor_parallel

    async def open_transfer(self, endpoint: Endpoint, *, first_rank: int, timeout_s: float) -> None:
        step = self.config.rollout.tensor_parallel
        words_each = [
            {"first_rank": first_rank + replica * step, "timeout_s": timeout_s} for replica in range(len(self.workers))
        ]
        await self.call_each("open_transfer", endpoint, words_each=words_each, timeout_s=timeout_s)

    async def sleep(self) -> None:
        """Leaves the GPUs to the actor; the next sync wakes the workers up."""
        await self.call("sleep", timeout_s=self.config.rollout.timeout_s)
        self.is_asleep = True

    async def wake(self, *tags: str) -> None:
        """`weights` before new weights come, the rest after them."""
        await self.call("wake", tags, timeout_s=self.config.rollout.timeout_s)
        self.is_asleep = False

    def metrics(self) -> dict[str, float]:
        """Counts since the start of the run."""
        return dict(self.counts)

    def close(self) -> None:
        if self.workers:
            closing = [worker.close.remote() for worker in self.workers]
            ray.wait(closing, num_returns=len(closing), timeout=CLOSE_TIMEOUT_S)
        self.fail("The rollout workers are closed.")

    def fail(self, reason: str) -> None:
        """Ends the workers; their engine's processes end with them. Whoever waits for a completion is told why."""
        self.broken = self.broken or reason
        for worker in self.workers:
            ray.kill(worker)
        self.workers = []


def own_slot(config: RunConfig) -> Slot:
    num_gpus = config.rollout.tensor_parallel if config.cluster.device == "cuda" else 0
    return Slot(num_cpus=config.cluster.cpus_per_worker, num_gpus=num_gpus)


def actor_options(slot: Slot) -> dict[str, Any]:
    return slot.options() | {"max_concurrency": MAX_TASKS_PER_WORKER}


def failure(replica: int, error: BaseException) -> UserError:
    cause = cause_of(error)
    if isinstance(cause, DataError):
        return cause
    other = WorkerDied if isinstance(cause, RayActorError) else WorkerError
    kind = type(cause) if isinstance(cause, UserError) else other
    told = str(cause) if isinstance(cause, UserError) else describe(cause)
    return kind(f"Rollout worker {replica}: {told}")
