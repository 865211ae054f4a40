"""Images of a thousand steps go from disk through the store of a node to the workers, and never through the driver."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest
import ray
from PIL import Image

from spatialrl.collect import Collector
from spatialrl.config import RolloutConfig, RunConfig, SamplingConfig, TrainerConfig
from spatialrl.data.media.store import MediaStore
from spatialrl.data.sampler import Pool, Sampler
from spatialrl.data.vision import PromptReader
from spatialrl.run_log import RunLog
from spatialrl.trainer import Trainer
from spatialrl.types import Completion, Media, StepReport, Task, TrainBatch
from tests.fakes import FakeReward, FakeRollout, FakeWeights, make_task
from tests.media_files import noise
from tests.reading import ForgettingActor
from tests.tiny_policy import tiny_config

NUM_STEPS = 1000
NUM_IMAGES = 32
SIDE = 560
DECODED_MB = SIDE * SIDE * 3 / 2**20


@pytest.fixture(scope="module", autouse=True)
def cluster() -> Iterator[None]:
    ray.init("local", num_cpus=2, include_dashboard=False, log_to_driver=False)
    yield
    ray.shutdown()


@ray.remote(num_cpus=0.5)
class Reader:
    """What rollout and actor workers do with media: each process has a reader, all share the store of the node."""

    def __init__(self, config: RunConfig, folder: Path, max_bytes: int) -> None:
        store = MediaStore(folder, max_bytes=max_bytes)
        self.reader = PromptReader(config.model.path, config.data, store=store)

    def read(self, *tasks: Task) -> int:
        return sum(len(self.reader.load(task).images) for task in tasks)

    def counts(self) -> dict[str, int]:
        assert self.reader.store is not None
        return dict(self.reader.store.counts)


class RemoteRollout(FakeRollout):
    def __init__(self, reader: Any) -> None:
        super().__init__()
        self.reader = reader

    async def generate(
        self, task: Task, *, num_completions: int, seed: int, sampling: SamplingConfig
    ) -> AsyncIterator[Completion]:
        assert await self.reader.read.remote(task) == 1
        words = {"num_completions": num_completions, "seed": seed, "sampling": sampling}
        async for completion in super().generate(task, **words):
            yield completion


class RemoteActor(ForgettingActor):
    def __init__(self, reader: Any) -> None:
        super().__init__()
        super().__post_init__()
        self.reader = reader

    async def update(self, batch: TrainBatch) -> StepReport:
        tasks = {t.task for rank in batch.ranks for micro_batch in rank for t in micro_batch.trajectories}
        await self.reader.read.remote(*tasks)
        return await super().update(batch)


def photographs(folder: Path) -> list[Task]:
    tasks = []
    for number in range(NUM_IMAGES):
        path = folder / f"{number}.jpg"
        Image.fromarray(noise(SIDE, SIDE, seed=number)).save(path)
        media = (Media(kind="image", path=str(path), width=SIDE, height=SIDE),)
        tasks.append(make_task(f"t{number}", media=media))
    return tasks


def test_the_driver_stays_flat_and_each_image_is_decoded_once(tmp_path: Path):
    config = RunConfig(
        trainer=TrainerConfig(max_steps=NUM_STEPS, tasks_per_step=4, sinks=[]),
        rollout=RolloutConfig(completions_per_task=2),
    )
    tiny = tiny_config(tmp_path)
    tasks, folder = photographs(tmp_path), tmp_path / "store"
    writer, learner = (Reader.remote(tiny, folder, 2**28) for _ in range(2))
    (tmp_path / "run").mkdir()
    log = RunLog(tmp_path / "run", config=config, num_steps=NUM_STEPS)
    rollout, actor = RemoteRollout(writer), RemoteActor(learner)
    trainer = Trainer(
        config,
        sampler=Sampler([Pool(tasks=tasks)], tasks_per_step=4, seed=1),
        held_out=[],
        collector=Collector(rollout=rollout, reward=FakeReward(), trace=log.trace),
        actor=actor,
        reference=None,
        weights=FakeWeights(rollout),
        log=log,
    )
    asyncio.run(trainer.run())
    log.close()
    counts = ray.get([writer.counts.remote(), learner.counts.remote()])
    assert sum(each.get("decoded", 0) for each in counts) == NUM_IMAGES
    assert sum(each["found"] for each in counts) == 2 * 4 * NUM_STEPS - NUM_IMAGES
    grown = actor.resident_mb[-1] - actor.resident_mb[99]
    print(f"driver: {actor.resident_mb[99]:.0f} MB after 100 steps, {grown:+.1f} MB after {NUM_STEPS}")  # noqa: T201
    # The images of these steps, each counted as often as it was asked about, are more than three gigabytes.
    assert grown < 0.01 * 4 * (NUM_STEPS - 100) * DECODED_MB
