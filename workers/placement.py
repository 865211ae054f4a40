"""Where every worker sits: CPUs, GPUs and Ray placement groups. The one rule: what can't be had is said at once, and
what is not there yet is waited for with a deadline.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import ray
from ray.exceptions import GetTimeoutError
from ray.util.placement_group import PlacementGroup, placement_group, remove_placement_group
from ray.util.scheduling_strategies import PlacementGroupSchedulingStrategy

from spatialrl.config import RunConfig
from spatialrl.errors import ConfigError, ResourceError

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
        options: dict[str, Any] = {"num_cpus": self.num_cpus, "num_gpus": self.num_gpus}
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
    rollout: tuple[Slot, ...]
    actor: tuple[Slot, ...]
    reference: tuple[Slot, ...]
    groups: tuple[PlacementGroup, ...] = ()

    def close(self) -> None:
        for group in self.groups:
            remove_placement_group(group)


def demands(config: RunConfig) -> list[Demand]:
    """Of rollout, actor and, where KL is on, reference."""
    gpu = float(config.cluster.device == "cuda")
    cpus = config.cluster.cpus_per_worker
    wanted = [
        Demand(role="rollout", num_workers=config.rollout.num_workers, cpus=cpus, gpus=gpu * config.rollout.tensor_parallel),
        Demand(role="actor", num_workers=config.actor.num_ranks, cpus=cpus, gpus=gpu),
    ]
    if config.algorithm.kl_coef > 0:
        wanted.append(Demand(role="reference", num_workers=config.reference.num_ranks, cpus=cpus, gpus=gpu))
    return wanted


def check_resources(wanted: Sequence[Demand], registered: Mapping[str, float], *, shared_gpus: bool = False) -> None:
    """Raises ResourceError where the cluster can never hold the run."""
    gpus = [demand.num_workers * demand.gpus for demand in wanted]
    asked = {"GPU": max(gpus) if shared_gpus else sum(gpus), "CPU": sum(d.num_workers * d.cpus for d in wanted)}
    for kind, key in (("GPU", "gpus"), ("CPU", "cpus")):
        if asked[kind] > registered.get(kind, 0.0):
            parts = ", ".join(f"{d.role} {d.num_workers} x {getattr(d, key):g}" for d in wanted if getattr(d, key))
            raise ResourceError(
                f"The run asks for {asked[kind]:g} {kind}s ({parts}), the cluster has {registered.get(kind, 0.0):g}; "
                "lower rollout.num_workers or actor.num_ranks, or join a larger cluster."
            )


def place(config: RunConfig) -> Placement:
    """Slots for all workers of a run. Blocks until the cluster has set them aside, at most cluster.start_timeout_s."""
    wanted = demands(config)
    shared = config.cluster.placement == "colocated"
    check_resources(wanted, ray.cluster_resources(), shared_gpus=shared)
    if config.cluster.device != "cuda":
        return as_placement({demand.role: plain_slots(demand) for demand in wanted})
    if shared:
        return colocated(wanted, timeout_s=config.cluster.start_timeout_s)
    return split(wanted, timeout_s=config.cluster.start_timeout_s)


def plain_slots(demand: Demand) -> list[Slot]:
    return [Slot(num_cpus=demand.cpus, num_gpus=demand.gpus)] * demand.num_workers


def split(wanted: Sequence[Demand], *, timeout_s: float) -> Placement:
    """Every rollout replica on one node; the ranks of actor and reference packed as closely as the cluster allows."""
    slots: dict[str, list[Slot]] = {demand.role: [] for demand in wanted}
    groups = []
    for demand in wanted:
        alone = demand.role == "rollout"
        sizes = [1] * demand.num_workers if alone else [demand.num_workers]
        made = [reserve(demand, num_bundles=n, strategy="STRICT_PACK" if alone else "PACK") for n in sizes]
        groups += made
        for group, size in zip(made, sizes, strict=True):
            slots[demand.role] += [
                Slot(num_cpus=demand.cpus, num_gpus=demand.gpus, group=group, bundle=i) for i in range(size)
            ]
    wait_until_reserved(groups, timeout_s=timeout_s)
    return as_placement(slots, groups=groups)


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
    group = reserve(together, num_bundles=together.num_workers, strategy="PACK")
    wait_until_reserved([group], timeout_s=timeout_s)
    slots = {
        demand.role: [
            Slot(num_cpus=demand.cpus, num_gpus=SHARES[demand.role], group=group, bundle=i)
            for i in range(demand.num_workers)
        ]
        for demand in wanted
    }
    return as_placement(slots, groups=[group])


def reserve(demand: Demand, *, num_bundles: int, strategy: str) -> PlacementGroup:
    return placement_group([{"CPU": demand.cpus, "GPU": demand.gpus}] * num_bundles, strategy=strategy)


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


def as_placement(slots: Mapping[str, Sequence[Slot]], *, groups: Sequence[PlacementGroup] = ()) -> Placement:
    return Placement(
        rollout=tuple(slots["rollout"]),
        actor=tuple(slots["actor"]),
        reference=tuple(slots.get("reference", ())),
        groups=tuple(groups),
    )
