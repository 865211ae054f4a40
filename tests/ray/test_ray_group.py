"""Ranks that fail, and places for them: real Ray actors without a model."""

import asyncio
import time
from collections.abc import Iterator, Sequence

import pytest
import ray

from spatialrl.config import ClusterConfig, RunConfig
from spatialrl.errors import ConfigError, ResourceError, WorkerError
from tests.ranks import Broken, Seen, Stumbling
from workers.placement import Demand, Slot, check_demands, place, plain_slots
from workers.ray_group import RankGroup


@pytest.fixture(scope="module", autouse=True)
def cluster() -> Iterator[None]:
    """Four GPUs that exist in Ray's books only."""
    ray.init("local", num_cpus=8, num_gpus=4, include_dashboard=False, log_to_driver=False)
    yield
    ray.shutdown()


@pytest.mark.parametrize(
    ("how", "message"),
    [
        ("raise", r"pair rank 1 failed in stumble: no such tensor \(ValueError\)"),
        ("refuse", "pair rank 1: Task t7 has no image."),
        ("die", "pair rank [01] failed in stumble"),
        ("hang", r"pair: stumble was not done within 2 s by ranks \[0, 1\]"),
    ],
)
def test_a_rank_that_stumbles_ends_the_call_though_its_peer_waits_for_it(how: str, message: str) -> None:
    cpu = ClusterConfig(device="cpu", cpus_per_worker=0.5)

    async def stumble() -> float:
        pair = await RankGroup.start("pair", Stumbling, slots=plain_slots(2, cpu), timeout_s=60)
        timeout_s = 2.0 if how == "hang" else 60.0
        start = time.monotonic()
        with pytest.raises(WorkerError, match=message):
            await pair.call("stumble", how, timeout_s=timeout_s)
        with pytest.raises(WorkerError, match="The pair workers are gone"):
            await pair.call("stumble", how, timeout_s=timeout_s)
        return time.monotonic() - start

    assert asyncio.run(stumble()) < 15.0


def test_a_rank_that_cant_be_made_says_why() -> None:
    slots = plain_slots(1, ClusterConfig(device="cpu", cpus_per_worker=0.5))
    with pytest.raises(WorkerError, match="broken rank 0 failed in address: it could not be made: KeyError: 'weights'"):
        asyncio.run(RankGroup.start("broken", Broken, slots=slots, timeout_s=60))


def gpus_of(slots: Sequence[Slot]) -> list[list[int]]:
    async def ask() -> list[list[int]]:
        group = await RankGroup.start("seen", Seen, slots=slots, timeout_s=60)
        try:
            return await group.call("gpus", timeout_s=60)
        finally:
            group.close()

    return asyncio.run(ask())


def gpu_config(*, placement: str, num_rollouts: int, num_ranks: int) -> RunConfig:
    config = RunConfig()
    config.cluster = ClusterConfig(device="cuda", placement=placement, cpus_per_worker=0.5, start_timeout_s=20)
    config.rollout.num_workers, config.actor.num_ranks = num_rollouts, num_ranks
    config.reward.num_workers = 1
    return config


def test_split_gives_every_worker_a_gpu_of_its_own() -> None:
    config = gpu_config(placement="split", num_rollouts=1, num_ranks=2)
    config.rollout.tensor_parallel = 2
    placement = place(config, verb="train")
    try:
        assert placement.slots["rollout"][0].num_gpus == 2
        gpus = gpus_of(placement.slots["actor"])
        assert [len(mine) for mine in gpus] == [1, 1]
        assert gpus[0] != gpus[1]
    finally:
        placement.close()


def test_colocated_workers_of_one_place_share_a_gpu() -> None:
    config = gpu_config(placement="colocated", num_rollouts=2, num_ranks=2)
    placement = place(config, verb="train")
    try:
        # Both roles at once, in their order of places.
        both = gpus_of([*placement.slots["actor"], *placement.slots["rollout"]])
        assert both[:2] == both[2:]
        assert both[0] != both[1]
    finally:
        placement.close()


def test_colocation_of_unequal_numbers_is_refused_with_both() -> None:
    config = gpu_config(placement="colocated", num_rollouts=4, num_ranks=2)
    with pytest.raises(ConfigError, match="not rollout 4 x 1 GPUs, actor 2 x 1 GPUs"):
        place(config, verb="train")


def test_a_run_too_large_for_the_cluster_is_refused_in_one_sentence() -> None:
    config = gpu_config(placement="split", num_rollouts=4, num_ranks=4)
    with pytest.raises(
        ResourceError, match=r"asks for 8 GPUs \(rollout 4 x 1, actor 4 x 1\), the cluster has 4; ask for fewer"
    ):
        place(config, verb="train")


def test_places_that_others_hold_are_waited_for_with_a_deadline() -> None:
    config = gpu_config(placement="split", num_rollouts=2, num_ranks=2)
    config.cluster.start_timeout_s = 2
    held = place(config, verb="train")
    try:
        with pytest.raises(ResourceError, match=r"did not set aside 4 places .* within 2 s; free now are 0 GPUs"):
            place(config, verb="train")
    finally:
        held.close()


def test_shared_gpus_are_asked_for_once() -> None:
    wanted = [
        Demand(role="rollout", num_workers=4, cpus=1, gpus=1),
        Demand(role="actor", num_workers=4, cpus=1, gpus=1),
    ]
    check_demands(wanted, {"GPU": 4, "CPU": 8}, shared_gpus=True)
    with pytest.raises(ResourceError, match="asks for 8 GPUs"):
        check_demands(wanted, {"GPU": 4, "CPU": 8}, shared_gpus=False)
    with pytest.raises(ResourceError, match=r"asks for 8 CPUs \(rollout 4 x 1, actor 4 x 1\), the cluster has 6"):
        check_demands(wanted, {"GPU": 4, "CPU": 6}, shared_gpus=True)
