"""Where every worker sits: CPUs, GPUs and Ray placement groups. The one rule: what can't be had is said at once, and
what is not there yet is waited for with a deadline.
"""

import importlib.util
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import ray
from ray.exceptions import GetTimeoutError
from ray.util.placement_group import PlacementGroup, placement_group, remove_placement_group
from ray.util.scheduling_strategies import PlacementGroupSchedulingStrategy

from spatialrl.config import ClusterConfig, RunConfig
from spatialrl.errors import ConfigError, ResourceError

WORKER_ENV = {"OMP_WAIT_POLICY": "PASSIVE"}
"""Threads that wait by spinning take the cores from those they wait for: on a busy machine a step takes 15 times longer."""

SHARES = {"rollout": 0.5, "actor": 0.3, "reference": 0.2}
"""Of a GPU that colocated workers share; Ray only counts them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """The place of one Ray actor."""

    num_cpus: float
    num_gpus: float = 0.0
    group: PlacementGroup | None = None
    bundle: int = 0

    def options(self) -> dict[str, Any]:
        options: dict[str, Any] = {
            "num_cpus": self.num_cpus,
            "num_gpus": self.num_gpus,
            "runtime_env": {"env_vars": WORKER_ENV},
        }
        if self.group is not None:
            options["scheduling_strategy"] = PlacementGroupSchedulingStrategy(
                placement_group=self.group, placement_group_bundle_index=self.bundle
            )
        return options


@dataclass(frozen=True, slots=True, kw_only=True)
class Demand:
    """What one kind of worker asks of the cluster."""

    role: str
    num_workers: int
    cpus: float
    gpus: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Placement:
    slots: Mapping[str, Sequence[Slot]]
    """By role: rollout, actor, reference."""
    groups: Sequence[PlacementGroup] = ()

    def close(self) -> None:
        for group in self.groups:
            remove_placement_group(group)


def demands(config: RunConfig, *, verb: str) -> list[Demand]:
    """Of the workers a verb starts: `sft` needs the actor only, `eval` no actor, and its answers are scored in the driver."""
    gpu = float(config.cluster.device == "cuda")
    cpus, tensor_parallel = config.cluster.cpus_per_worker, config.rollout.tensor_parallel
    rollout = Demand(role="rollout", num_workers=config.rollout.num_workers, cpus=cpus, gpus=gpu * tensor_parallel)
    actor = Demand(role="actor", num_workers=config.actor.num_ranks, cpus=cpus, gpus=gpu)
    reference = Demand(role="reference", num_workers=config.reference.num_ranks, cpus=cpus, gpus=gpu)
    reward = Demand(role="reward", num_workers=config.reward.num_workers, cpus=config.reward.cpus_per_worker, gpus=0.0)
    if verb == "sft":
        return [actor]
    if verb == "train":
        return [rollout, actor, *([reference] if config.algorithm.kl_coef > 0 else []), reward]
    return [rollout]


def check_engine() -> None:
    """Says what to install, without importing it here."""
    if importlib.util.find_spec("vllm") is None:
        raise ResourceError(
            "vLLM is not installed: pip install 'spatialrl[cpu]' on a machine without GPUs, 'spatialrl[gpu]' on others."
        )


def check_resources(config: RunConfig, *, verb: str) -> None:
    """Raises ResourceError where the cluster can never hold the run."""
    shared = config.cluster.placement == "colocated"
    check_demands(demands(config, verb=verb), ray.cluster_resources(), shared_gpus=shared)


def check_demands(wanted: Sequence[Demand], registered: Mapping[str, float], *, shared_gpus: bool) -> None:
    """GPUs that roles share count once."""
    gpus = [demand.num_workers * demand.gpus for demand in wanted]
    asked = {"GPU": max(gpus) if shared_gpus else sum(gpus), "CPU": sum(d.num_workers * d.cpus for d in wanted)}
    for kind, each in (("GPU", [d.gpus for d in wanted]), ("CPU", [d.cpus for d in wanted])):
        found = registered.get(kind, 0.0)
        if asked[kind] > found:
            parts = ", ".join(f"{d.role} {d.num_workers} x {n:g}" for d, n in zip(wanted, each, strict=True) if n)
            raise ResourceError(
                f"The run asks for {asked[kind]:g} {kind}s ({parts}), the cluster has {found:g}; ask for fewer workers "
                "and ranks, or join a larger cluster."
            )


def place(config: RunConfig, *, verb: str) -> Placement:
    """Slots for the GPU workers of a run. Blocks until the cluster has set them aside, at most start_timeout_s."""
    check_resources(config, verb=verb)
    wanted = [demand for demand in demands(config, verb=verb) if demand.role in SHARES]
    if config.cluster.device != "cuda":
        return Placement(slots={d.role: plain_slots(d.num_workers, config.cluster) for d in wanted})
    arrange = colocated if config.cluster.placement == "colocated" else split
    return arrange(wanted, timeout_s=config.cluster.start_timeout_s)


def plain_slots(num_workers: int, cluster: ClusterConfig) -> list[Slot]:
    """Wherever Ray finds room, a GPU each where there are any."""
    return [Slot(num_cpus=cluster.cpus_per_worker, num_gpus=float(cluster.device == "cuda"))] * num_workers


def split(wanted: Sequence[Demand], *, timeout_s: float) -> Placement:
    """One bundle per worker, so that a replica never spans nodes; workers of a role as close together as can be."""
    groups = {demand.role: reserve(demand) for demand in wanted}
    wait_until_reserved(list(groups.values()), timeout_s=timeout_s)
    slots = {demand.role: bundle_slots(groups[demand.role], demand, num_gpus=demand.gpus) for demand in wanted}
    return Placement(slots=slots, groups=list(groups.values()))


def colocated(wanted: Sequence[Demand], *, timeout_s: float) -> Placement:
    """Worker i of every role on GPU i."""
    if len({(demand.num_workers, demand.gpus) for demand in wanted}) > 1:
        counts = ", ".join(f"{d.role} {d.num_workers} x {d.gpus:g} GPUs" for d in wanted)
        raise ConfigError(
            f"cluster.placement=colocated needs one worker of every role on each GPU, not {counts}; make "
            "rollout.num_workers, actor.num_ranks and reference.num_ranks equal with rollout.tensor_parallel=1, "
            "or use cluster.placement=split."
        )
    together = Demand(role="all", num_workers=wanted[0].num_workers, cpus=sum(d.cpus for d in wanted), gpus=1.0)
    group = reserve(together)
    wait_until_reserved([group], timeout_s=timeout_s)
    slots = {demand.role: bundle_slots(group, demand, num_gpus=SHARES[demand.role]) for demand in wanted}
    return Placement(slots=slots, groups=[group])


def reserve(demand: Demand) -> PlacementGroup:
    return placement_group([{"CPU": demand.cpus, "GPU": demand.gpus}] * demand.num_workers, strategy="PACK")


def bundle_slots(group: PlacementGroup, demand: Demand, *, num_gpus: float) -> list[Slot]:
    return [
        Slot(num_cpus=demand.cpus, num_gpus=num_gpus, group=group, bundle=bundle)
        for bundle in range(demand.num_workers)
    ]


def wait_until_reserved(groups: Sequence[PlacementGroup], *, timeout_s: float) -> None:
    try:
        ray.get([group.ready() for group in groups], timeout=timeout_s)
    except GetTimeoutError as error:
        for group in groups:
            remove_placement_group(group)
        asked = [bundle for group in groups for bundle in group.bundle_specs]
        raise ResourceError(
            f"The cluster did not set aside {len(asked)} places ({asked[0]}, ...) within {timeout_s:g} s; free now are "
            f"{ray.available_resources().get('GPU', 0):g} GPUs and {ray.available_resources().get('CPU', 0):g} CPUs. "
            "End other jobs or raise cluster.start_timeout_s."
        ) from error
