"""The training data of a run: one file, or several sources of which each gives some of its tasks with some weight."""

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any, get_args

from spatialrl.config import DataConfig, SourceConfig
from spatialrl.data.curriculum import number_in
from spatialrl.data.exclusion import excluded_scene, read_exclusion
from spatialrl.data.sampler import Pool
from spatialrl.data.tasks import read_tasks
from spatialrl.data.validate import SPLITS
from spatialrl.errors import ConfigError, DataError
from spatialrl.seeds import stable_seed
from spatialrl.types import AnswerKind, Task

TAKE = re.compile(r"(first|end|random):(\d+(?:\.\d+)?)(%?)")
LEVEL = "level"
"""The extra that `levels` looks at."""


def check_sources(config: DataConfig) -> None:
    sources = config.sources
    if not sources:
        raise ConfigError("data.train is an empty list; give a file of tasks, or a list of sources.")
    for key, source in sources.items():
        check_source(key, source)
    weighted = [source.weight is not None for source in sources.values()]
    if any(weighted) and not all(weighted):
        bare = list(sources)[weighted.index(False)]
        raise ConfigError(f"{bare} has no weight, but other sources have one; give each a weight, or none.")


def check_source(key: str, source: SourceConfig) -> None:
    if source.weight is not None and not 0 < source.weight < math.inf:
        raise ConfigError(f"{key}.weight is {source.weight}; it must be more than 0.")
    if source.take != "all" and not TAKE.fullmatch(source.take):
        raise ConfigError(f"{key}.take is '{source.take}'; say all, first:100, end:100, random:100 or random:10%.")
    for name, known in (("kinds", get_args(AnswerKind)), ("splits", SPLITS)):
        unknown = [value for value in getattr(source, name) if value not in known]
        if unknown:
            raise ConfigError(f"{key}.{name} has '{unknown[0]}'; there are: {', '.join(known)}.")
    for name, bounds in source.ranges.items():
        if not is_range(bounds):
            raise ConfigError(f"{key}.ranges.{name} is {bounds}; it takes a smallest and a largest value.")


def is_range(bounds: Any) -> bool:
    are_numbers = isinstance(bounds, list) and all(isinstance(bound, int | float) for bound in bounds)
    return are_numbers and len(bounds) == 2 and bounds[0] <= bounds[1]


def load_pools(config: DataConfig, *, seed: int) -> list[Pool]:
    """One pool for each source that has a weight, else one for all of them."""
    chosen = {key: chosen_tasks(config, key, source, seed=seed) for key, source in config.sources.items()}
    check_ids(chosen)
    curriculum = config.curriculum or ""
    weights = [source.weight for source in config.sources.values()]
    if None in weights:
        one = [Pool(tasks=tasks) for tasks in chosen.values()]
        pools = [Pool(tasks=tasks_in(one), curriculum=curriculum)]
    else:
        pools = [
            Pool(tasks=tasks, weight=weight or 0.0, name=str(index), curriculum=curriculum)
            for index, (tasks, weight) in enumerate(zip(chosen.values(), weights, strict=True))
        ]
    for pool in pools:
        check_curriculum(pool)
    return pools


def pools_of(pools: Sequence[Pool], tasks: Sequence[Task]) -> list[Pool]:
    """The pools with no other tasks than these; a pool that has none of them is left out."""
    kept = {task.id for task in tasks}
    narrowed = [replace(pool, tasks=[task for task in pool.tasks if task.id in kept]) for pool in pools]
    return [pool for pool in narrowed if pool.tasks]


def tasks_in(pools: Sequence[Pool]) -> list[Task]:
    """Each once, where pools share some."""
    return list({task.id: task for pool in pools for task in pool.tasks}.values())


def chosen_tasks(config: DataConfig, key: str, source: SourceConfig, *, seed: int) -> list[Task]:
    if not Path(source.path).exists():
        raise ConfigError(f"{key}: the file {source.path} does not exist.")
    tasks = read_tasks(Path(source.path))
    kept = [task for task in tasks if is_wanted(task, source, families=config.families)]
    if not kept:
        raise DataError(f"{key}: none of the {len(tasks)} tasks of {source.path} is kept. {what_there_is(tasks)}")
    if config.exclude:
        check_exclusion(config.exclude, key, kept)
    return take(kept, source.take, seed=stable_seed(seed, "take", key))


def is_wanted(task: Task, source: SourceConfig, *, families: Sequence[str]) -> bool:
    filters = (
        (families, task.family),
        (source.families, task.family),
        (source.kinds, task.answer_kind),
        (source.splits, task.split),
        (source.levels, task.extra.get(LEVEL, "")),
    )
    return all(value in wanted for wanted, value in filters if wanted) and all(
        is_within(task, name, bounds) for name, bounds in source.ranges.items()
    )


def is_within(task: Task, name: str, bounds: Sequence[float]) -> bool:
    """Both bounds included. A task that has no such number is not."""
    number = number_in(task, name)
    return number is not None and bounds[0] <= number <= bounds[1]


def take(tasks: Sequence[Task], how: str, *, seed: int) -> list[Task]:
    """At most as many as there are, in the order of the file. A share is rounded up."""
    found = TAKE.fullmatch(how)
    if found is None:
        return list(tasks)
    which, number = found[1], float(found[2])
    count = min(len(tasks), math.ceil(number * len(tasks) / 100 if found[3] else number))
    if which == "random":
        return [tasks[index] for index in sorted(Random(seed).sample(range(len(tasks)), count))]
    return list(tasks[:count] if which == "first" else tasks[len(tasks) - count :])


def what_there_is(tasks: Sequence[Task]) -> str:
    """The values that filters could ask for."""
    values = {
        "families": {task.family for task in tasks},
        "kinds": {task.answer_kind for task in tasks},
        "splits": {task.split for task in tasks},
        "levels": {task.extra.get(LEVEL, "") for task in tasks},
        "extras": {name for task in tasks for name in task.extra},
    }
    told = [f"{name} {', '.join(sorted(found - {''}))}" for name, found in values.items() if found - {""}]
    return f"There are: {'; '.join(told)}." if told else "It is empty."


def check_ids(chosen: dict[str, list[Task]]) -> None:
    """Two sources may share a task, not an id."""
    seen: dict[str, tuple[str, Task]] = {}
    for key, tasks in chosen.items():
        for task in tasks:
            before, other = seen.setdefault(task.id, (key, task))
            if other != task:
                raise DataError(
                    f"{before} and {key} have different tasks of the id {task.id}; import one of them anew."
                )


def check_exclusion(path: str, key: str, tasks: Sequence[Task]) -> None:
    found = list(_excluded(path, tasks))
    if found:
        task, scene = found[0]
        raise DataError(
            f"{key}: {len(found)} of {len(tasks)} tasks show scenes that data.exclude={path} keeps from training (task "
            f"{task.id} shows {scene}). Import the data again with exclude={path}, which drops them."
        )


def _excluded(path: str, tasks: Sequence[Task]) -> Iterator[tuple[Task, str]]:
    scenes = read_exclusion(path)
    for task in tasks:
        if (scene := excluded_scene(task, scenes)) is not None:
            yield task, scene


def check_curriculum(pool: Pool) -> None:
    name = pool.curriculum.removeprefix("-")
    lacking = [task.id for task in pool.tasks if name and number_in(task, name) is None]
    if lacking:
        raise DataError(
            f"data.curriculum is '{pool.curriculum}', but {len(lacking)} of {len(pool.tasks)} tasks have no such number "
            f"among their extras (the first is {lacking[0]}). {what_there_is(pool.tasks)}"
        )
