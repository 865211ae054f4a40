"""What the core needs done, and by whom it does not care. `workers` provides these; `tests/fakes.py` fakes them."""

from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import Protocol

from spatialrl.config import SamplingConfig
from spatialrl.types import Completion, Score, StepReport, Task, TrainBatch


class RolloutService(Protocol):
    def generate(
        self, task: Task, *, num_completions: int, seed: int, sampling: SamplingConfig
    ) -> AsyncIterator[Completion]:
        """Yields each completion the moment it is done, in any order."""
        ...


class RewardService(Protocol):
    async def score(self, task: Task, completion: Completion) -> Score: ...

    def metrics(self) -> Mapping[str, float]:
        """Of what was scored since the last time this was asked."""
        ...


class ActorService(Protocol):
    async def update(self, batch: TrainBatch) -> StepReport: ...

    async def save(self, folder: Path) -> None:
        """Writes a complete Hugging Face folder, or nothing."""
        ...


class ReferenceService(Protocol):
    async def attach_logprobs(self, batch: TrainBatch) -> TrainBatch: ...


class WeightSync(Protocol):
    async def make_room(self) -> None:
        """Called before an update. Where rollout and actor share GPUs, the rollout leaves them until the next sync."""
        ...

    async def sync(self, version: int) -> Mapping[str, float]:
        """Puts the actor's weights into every rollout worker, as one transaction; returns metrics."""
        ...
