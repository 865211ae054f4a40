"""The actor and the reference as Ray actors: several ranks over gloo, as they run on a cluster."""

import asyncio
from collections.abc import Coroutine, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import ray
from safetensors.torch import load_file

from spatialrl.batching import BatchPlan, pack
from spatialrl.config import RunConfig
from spatialrl.data.vision import PromptReader
from spatialrl.types import MicroBatch, StepReport, Task, TrainBatch, Trajectory
from tests.tiny_policy import MODALITIES, but_times, tasks_of_every_modality, tiny_config, trajectories
from workers.actor.group import ActorGroup
from workers.reference.group import ReferenceGroup


@pytest.fixture(scope="module", autouse=True)
def cluster() -> Iterator[None]:
    ray.init("local", num_cpus=4, include_dashboard=False, log_to_driver=False)
    yield
    ray.shutdown()


@pytest.fixture(scope="module")
def config(tmp_path_factory: pytest.TempPathFactory) -> RunConfig:
    return tiny_config(tmp_path_factory.mktemp("tiny"))


@pytest.fixture(scope="module")
def reader(config: RunConfig) -> PromptReader:
    return PromptReader(config.model.path, config.data)


@pytest.fixture(scope="module")
def tasks(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Task]:
    return tasks_of_every_modality(tmp_path_factory.mktemp("media"))


@pytest.fixture(scope="module")
def batch(reader: PromptReader, tasks: dict[str, Task]) -> list[Trajectory]:
    return [t for name in MODALITIES for t in trajectories(reader, tasks[name], lengths=(12, 7, 20))]


def run(work: Coroutine) -> list:
    async def bounded() -> list:
        async with asyncio.timeout(120):
            return await work

    return asyncio.run(bounded())


def on_ranks(config: RunConfig, num_ranks: int) -> RunConfig:
    return replace(config, actor=replace(config.actor, num_ranks=num_ranks))


async def train(config: RunConfig, batches: list[TrainBatch], folder: Path) -> list[StepReport]:
    """One update per batch, the weights saved after the second."""
    optim = replace(config.actor.optim, lr=3e-4, schedule="linear")
    actor = await ActorGroup.start(config, num_steps=2, loss="clipped", optim=optim)
    try:
        reports = [await actor.update(batch) for batch in batches[:2]]
        await actor.save(folder)
        return [*reports, *[await actor.update(batch) for batch in batches[2:]]]
    finally:
        actor.close()


def text_here_images_there(reader: PromptReader, tasks: dict[str, Task]) -> TrainBatch:
    parts = [tuple(trajectories(reader, tasks[name], lengths=(9,))) for name in ("text", "images")]
    return TrainBatch(ranks=tuple((MicroBatch(trajectories=part),) for part in parts), num_loss_tokens=18)


def test_the_number_of_ranks_changes_neither_metrics_nor_weights(
    config: RunConfig, batch: list[Trajectory], reader: PromptReader, tasks: dict[str, Task], tmp_path: Path
) -> None:
    """One rank with one micro-batch against two ranks with several, in another order. At the end the two get a batch
    of which one rank sees images and the other text only: neither waits for the other in the vision tower."""
    one = pack(batch, plan=BatchPlan(num_ranks=1, micro_batch_tokens=100_000))
    two = pack(batch[::-1], plan=BatchPlan(num_ranks=2, micro_batch_tokens=150))
    assert len(one.ranks[0]) == 1
    assert len(two.ranks[0]) > 1
    alone = run(train(on_ranks(config, 1), [one, one], tmp_path / "one"))
    last = text_here_images_there(reader, tasks)
    shared = run(train(on_ranks(config, 2), [two, two, last], tmp_path / "two"))
    for left, right in zip(alone, shared[:2], strict=True):
        assert left.means == pytest.approx(right.means, abs=1e-4)
        assert but_times(left.maxima) == pytest.approx(but_times(right.maxima), abs=1e-4)
    assert [report.version for report in shared] == [1, 2, 3]
    assert shared[1].means["actor/lr"] == pytest.approx(1.5e-4)
    assert shared[2].means["actor/grad_norm"] > 0
    weights = [load_file(tmp_path / name / "model.safetensors") for name in ("one", "two")]
    before = load_file(Path(config.model.path) / "model.safetensors")
    moved = max(float((weights[0][name] - before[name]).abs().max()) for name in before)
    apart = max(float((weights[0][name] - weights[1][name]).abs().max()) for name in before)
    assert moved > 4e-4
    assert apart < 1e-5


def test_a_reference_with_fewer_ranks_gives_every_token_the_first_policys_log_prob(
    config: RunConfig, batch: list[Trajectory]
) -> None:
    """The KL of the first update is 0: actor and reference are still the same."""
    config = replace(on_ranks(config, 1), algorithm=replace(config.algorithm, kl_coef=0.1))
    config = replace(config, reference=replace(config.reference, num_ranks=2))
    plain = pack(batch[3:], plan=BatchPlan(num_ranks=1, micro_batch_tokens=150))
    assert len(plain.ranks[0]) % 2 == 1, "one rank of the reference must be dealt a micro-batch twice"

    async def refer_and_update() -> tuple[TrainBatch, list[StepReport]]:
        async with asyncio.TaskGroup() as starting:
            ready = starting.create_task(ReferenceGroup.start(config))
            optim = replace(config.actor.optim, lr=1e-3)
            actor_ready = starting.create_task(ActorGroup.start(config, num_steps=2, loss="clipped", optim=optim))
        reference, actor = ready.result(), actor_ready.result()
        try:
            referred = await reference.attach_logprobs(plain)
            return referred, [await actor.update(referred), await actor.update(referred)]
        finally:
            reference.close()
            actor.close()

    referred, reports = run(refer_and_update())
    for rank, referred_rank in zip(plain.ranks, referred.ranks, strict=True):
        for before, after in zip(rank, referred_rank, strict=True):
            assert [t.completion for t in before.trajectories] == [t.completion for t in after.trajectories]
            assert all(len(t.reference_logprobs_T) == len(t.completion.token_ids) for t in after.trajectories)
    assert reports[0].means["loss/kl"] == pytest.approx(0.0, abs=1e-8)
    assert reports[1].means["loss/kl"] > 1e-6
