"""After five updates the rollout and the actor give the same tokens the same log-probs, in every modality."""

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import ray
from PIL import Image

from spatialrl.batching import BatchPlan, build_batches
from spatialrl.compose import load_config
from spatialrl.config import RunConfig
from spatialrl.data.media.frame_plan import plan_frames
from spatialrl.data.media.probe import probe_video
from spatialrl.models.tiny import make_tiny
from spatialrl.types import Completion, Group, Media, Scored, Task, Trajectory
from tests.fakes import make_task
from tests.media_files import noise, write_clip
from workers.actor.group import ActorGroup
from workers.rollout.pool import RolloutPool
from workers.weights import TransferWeightSync

NUM_UPDATES = 5
BOUND = 1e-4
MODALITIES = ("text", "image", "images", "video")


@pytest.fixture(scope="module", autouse=True)
def cluster() -> Iterator[None]:
    ray.init("local", num_cpus=2, include_dashboard=False, log_to_driver=False)
    yield
    ray.shutdown()


@pytest.fixture(scope="module")
def tasks(tmp_path_factory: pytest.TempPathFactory) -> list[Task]:
    folder = tmp_path_factory.mktemp("media")
    return [
        make_task("text"),
        make_task("image", media=(still(folder, 1),)),
        make_task("images", media=(still(folder, 2), still(folder, 3), still(folder, 4))),
        make_task("video", media=(clip(folder),)),
    ]


def still(folder: Path, seed: int) -> Media:
    """Of sizes to be fitted to patches, some smaller than the processor's own limit."""
    path, width, height = folder / f"{seed}.png", 20 + 30 * seed, 112
    Image.fromarray(noise(width, height, seed=seed)).save(path)
    return Media(kind="image", path=str(path), width=width, height=height)


def clip(folder: Path) -> Media:
    """Of an uneven frame rate, and long enough for its positions to reach further than its height and width."""
    times_ms = [0, 100, 200, 900, 1100, 2000, 3100, 4000]
    path = write_clip(folder / "clip.mp4", num_frames=len(times_ms), size=(112, 80), times_ms=times_ms)
    plan = plan_frames(probe_video(path), fps=1.0)
    return Media(kind="video", path=str(path), width=112, height=80, frames=plan)


def small_config(folder: Path) -> RunConfig:
    return load_config(
        [
            "cluster=cpu",
            "model=tiny",
            f"model.path={folder}",
            "data.template=compact",
            "data.min_pixels=1024",
            "data.video.min_pixels=1024",
            "rollout.sampling.max_tokens=24",
            "rollout.kv_cache_gb=0.25",
            "cluster.cpus_per_worker=0.4",
        ]
    )


@pytest.mark.parametrize("tied", [True, False], ids=["tied", "untied"])
@pytest.mark.parametrize("family", ["qwen2_5_vl", "qwen3_vl"])
def test_log_probs_agree_after_five_updates(family: str, tied: bool, tasks: list[Task], tmp_path: Path):
    folder = make_tiny(tmp_path / "model", tasks=tasks, seed=1, family=family, tied=tied)
    gaps = asyncio.run(measure_gaps(small_config(folder), tasks))
    assert set(gaps) == set(MODALITIES)
    assert max(gaps.values()) <= BOUND, gaps


async def measure_gaps(config: RunConfig, tasks: list[Task]) -> dict[str, float]:
    """The largest gap of each modality, measured on completions written after the last sync."""
    optim = replace(config.actor.optim, lr=1e-2)
    rollout, actor = await asyncio.gather(
        RolloutPool.start(config),
        ActorGroup.start(config, num_steps=NUM_UPDATES + 1, loss="clipped", optim=optim),
    )
    try:
        weights = TransferWeightSync(config, actor=actor, rollout=rollout)
        await weights.sync(0)
        for step in range(NUM_UPDATES + 1):
            report = await actor.update(await collect(config, rollout, tasks, seed=step))
            await weights.sync(report.version)
        return {name.rsplit("/", 1)[1]: gap for name, gap in report.maxima.items() if "logprob_gap_max" in name}
    finally:
        actor.close()
        rollout.close()


async def collect(config: RunConfig, rollout: RolloutPool, tasks: list[Task], *, seed: int):
    groups = []
    for task in tasks:
        stream = rollout.generate(task, num_completions=4, seed=seed, sampling=config.rollout.sampling)
        groups.append(judged(task, [completion async for completion in stream]))
    (batch,) = build_batches(groups, plan=BatchPlan(num_ranks=config.actor.num_ranks, micro_batch_tokens=1024))
    return batch


def judged(task: Task, completions: list[Completion]) -> Group:
    """Rewards by rank: every group carries signal, every update moves every weight."""
    trajectories = [
        Trajectory(task=task, completion=completion, score=Scored(reward=1.0), advantage=number - 1.5)
        for number, completion in enumerate(completions)
    ]
    return Group(task=task, trajectories_G=tuple(trajectories))
