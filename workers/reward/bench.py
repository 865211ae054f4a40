"""`spatialrl bench suite=pool`: what the reward pool costs over plain calls of the same function.

Both sides score the same completions with the same number of processes, in turns: the pool with all that it does for
them, and processes that were given their share beforehand and only call the function. The driver of the pool needs CPU
of its own, which it takes from the workers where there are no more cores than workers; so it is told by itself.
"""

import asyncio
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from statistics import median

from spatialrl.bench.responses import scene_samples
from spatialrl.compose import load_config
from spatialrl.config import ClusterConfig, RewardConfig
from spatialrl.types import Completion, Task
from workers.cluster import join_ray
from workers.reward.plain import PlainProcesses, plain_processes
from workers.reward.pool import RewardPool

Pairs = Sequence[tuple[Task, Completion]]

PRESETS = ("spatialthinker", "spatialthinker_compat")
CHARACTERS_PER_TOKEN = 4
GROUP = 8
GROUPS_AT_ONCE = 64
COLUMNS = ("wall", "workers CPU", "driver CPU", "wall ratio", "CPU ratio", "with driver")


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """Of all completions of a round, in seconds."""

    wall_s: float
    workers_cpu_s: float
    driver_cpu_s: float = 0.0


def pool_suite(*, num_completions: int = 2000, rounds: int = 5, num_workers: int = 2) -> None:
    pairs = sample_pairs(num_completions)
    title = f"{num_completions} completions, {num_workers} workers, median of {rounds} rounds"
    lines = [f"{title}; microseconds a completion, and the pool's over the plain ones", row("", COLUMNS)]
    with join_ray(ClusterConfig(address="local")):
        for preset in PRESETS:
            config = load_config([f"reward={preset}"]).reward
            config = replace(config, num_workers=num_workers, cpus_per_worker=1 / num_workers, cache_size=0)
            lines += measure(preset, config, pairs, rounds=rounds)
    sys.stdout.write("\n".join(lines) + "\n")


def measure(preset: str, config: RewardConfig, pairs: Pairs, *, rounds: int) -> Iterator[str]:
    """The pool in one line, plain calls in two: of one completion each, and of a share at once."""
    with (
        plain_processes(config, pairs, one_by_one=True) as single,
        plain_processes(config, pairs, one_by_one=False) as batch,
    ):
        plain = {"plain, one by one": single, "plain, in batches": batch}
        costs, resident_mb = asyncio.run(in_turns(config, pairs, plain, rounds=rounds))
    pool = costs.pop("pool")
    yield row(f"{preset}, pool", microseconds(pool, len(pairs)))
    for side, theirs in costs.items():
        yield row(f"{preset}, {side}", [*microseconds(theirs, len(pairs)), *ratios(pool, theirs)])
    yield f"{preset}, a worker holds {resident_mb:.0f} MB"


async def in_turns(
    config: RewardConfig, pairs: Pairs, plain: Mapping[str, PlainProcesses], *, rounds: int
) -> tuple[dict[str, list[Cost]], float]:
    """The first round of each warms up and is not counted. Also the resident size of a worker."""
    pool = await RewardPool.start(config)
    costs: dict[str, list[Cost]] = {"pool": [], **{side: [] for side in plain}}
    try:
        for _ in range(rounds + 1):
            costs["pool"].append(await pool_round(pool, pairs))
            for side, processes in plain.items():
                costs[side].append(plain_round(processes))
        resident_mb = (await usage(pool))[1]
    finally:
        pool.close()
    return {side: counted for side, (_, *counted) in costs.items()}, resident_mb


async def pool_round(pool: RewardPool, pairs: Pairs) -> Cost:
    groups = iter([pairs[first : first + GROUP] for first in range(0, len(pairs), GROUP)])
    (before, _), start, driver_start = await usage(pool), time.perf_counter(), time.process_time()
    await asyncio.gather(*(score_groups(pool, groups) for _ in range(GROUPS_AT_ONCE)))
    wall_s, driver_cpu_s = time.perf_counter() - start, time.process_time() - driver_start
    return Cost(wall_s=wall_s, workers_cpu_s=(await usage(pool))[0] - before, driver_cpu_s=driver_cpu_s)


async def score_groups(pool: RewardPool, groups: Iterator[Pairs]) -> None:
    """As they come out of a rollout: one group after the other, each all at once."""
    for group in groups:
        await asyncio.gather(*(pool.score(task, completion) for task, completion in group))


async def usage(pool: RewardPool) -> tuple[float, float]:
    """CPU seconds of all workers, Ray's threads included, and the megabytes of the largest."""
    used = await asyncio.gather(*(worker.usage.remote() for worker in pool.workers))
    return sum(cpu_s for cpu_s, _ in used), max(resident_mb for _, resident_mb in used)


def plain_round(processes: PlainProcesses) -> Cost:
    start = time.perf_counter()
    cpu_s = processes.score()
    return Cost(wall_s=time.perf_counter() - start, workers_cpu_s=cpu_s)


def sample_pairs(num: int) -> list[tuple[Task, Completion]]:
    """Groups of well-formed responses of ten objects, three quarters of them right; with the token ids they would have."""
    samples = scene_samples(num, per_task=GROUP, num_objects=10, num_relations=8, right_share=0.75)
    return [(each.task, with_token_ids(each.completion)) for each in samples]


def with_token_ids(completion: Completion) -> Completion:
    return replace(completion, token_ids=tuple(range(1000, 1000 + len(completion.text) // CHARACTERS_PER_TOKEN)))


def microseconds(rounds: Sequence[Cost], num: int) -> list[str]:
    columns = zip(*((cost.wall_s, cost.workers_cpu_s, cost.driver_cpu_s) for cost in rounds), strict=True)
    return [f"{1e6 * median(column) / num:.0f}" for column in columns]


def ratios(pool: Sequence[Cost], plain: Sequence[Cost]) -> list[str]:
    """Round by round, of wall time, of the workers' CPU, and of that with the driver's."""
    rounds = list(zip(pool, plain, strict=True))
    found = (
        median(ours.wall_s / theirs.wall_s for ours, theirs in rounds),
        median(ours.workers_cpu_s / theirs.workers_cpu_s for ours, theirs in rounds),
        median((ours.workers_cpu_s + ours.driver_cpu_s) / theirs.workers_cpu_s for ours, theirs in rounds),
    )
    return [f"{ratio:.2f}" for ratio in found]


def row(title: str, cells: Sequence[str]) -> str:
    return f"{title:<42}" + "".join(f"{cell:>13}" for cell in cells)
