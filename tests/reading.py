"""Services that read the media of every task, as real workers do, and do nothing with them."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

from spatialrl.config import SamplingConfig
from spatialrl.data.media.load import load_pixels
from spatialrl.errors import DataError, MediaError
from spatialrl.types import Completion, StepReport, Task, TrainBatch
from tests.fakes import FakeActor, FakeRollout


def resident_mb() -> float:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * 4096 / 2**20


@dataclass
class ReadingRollout(FakeRollout):
    async def generate(
        self, task: Task, *, num_completions: int, seed: int, sampling: SamplingConfig
    ) -> AsyncIterator[Completion]:
        try:
            for medium in task.media:
                load_pixels(medium, size=(medium.width, medium.height))
        except DataError as error:
            raise MediaError(f"Task {task.id}: {error}") from error
        words = {"num_completions": num_completions, "seed": seed, "sampling": sampling}
        async for completion in super().generate(task, **words):
            yield completion


@dataclass
class ForgettingActor(FakeActor):
    """Keeps no batch, and remembers the size of this process after each."""

    def __post_init__(self) -> None:
        self.resident_mb: list[float] = []

    async def update(self, batch: TrainBatch) -> StepReport:
        report = await super().update(batch)
        self.batches.clear()
        self.resident_mb.append(resident_mb())
        return report
