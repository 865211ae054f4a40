"""Brings a run's data and model into place: made by their recipes where missing, checked always."""

import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

from spatialrl.checks import bad_media, check_model_folder, check_tasks, first_few
from spatialrl.config import DataConfig, RunConfig
from spatialrl.data.media.budget import Budgets
from spatialrl.data.media.planning import with_frame_plans
from spatialrl.data.mixture import load_pools, tasks_in
from spatialrl.data.sampler import Pool
from spatialrl.data.tasks import read_tasks
from spatialrl.errors import ConfigError, DataError
from spatialrl.generators import GENERATORS
from spatialrl.types import Task

Drop = Callable[[str, str], None]
"""Is told a task's id, and the reason why the run does without it."""


def untold(task_id: str, reason: str) -> None:
    """Where the console is enough."""


def prepare_data(config: DataConfig, *, seed: int) -> None:
    """Runs the recipe if the training file is missing and the paths are those of a recipe's folder."""
    if not isinstance(config.train, str) or Path(config.train).exists():
        return
    train = Path(config.train)
    if config.recipe is None or not are_of_one_folder(config):
        raise ConfigError(
            f"data.train {config.train} does not exist. Give a parquet file of task rows, or data=scenes."
        )
    if config.recipe not in GENERATORS:
        raise ConfigError(f"data.recipe is '{config.recipe}'; there are: {', '.join(sorted(GENERATORS))}.")
    GENERATORS[config.recipe](train.parent, seed=seed, **config.recipe_args)


def are_of_one_folder(config: DataConfig) -> bool:
    """A mistyped path must not become a folder of new data."""
    train, test = Path(config.train), Path(config.test)
    return train == test.with_name("train.parquet") and test.name == "test.parquet"


def load_training(config: DataConfig, *, seed: int, drop: Drop = untold) -> list[Pool]:
    """The training tasks, checked, with the frames of their videos chosen."""
    pools = load_pools(config, seed=seed)
    path = ", ".join(source.path for source in config.sources.values())
    ready = {task.id: task for task in ready_tasks(tasks_in(pools), config, path=path, drop=drop)}
    return [replace(pool, tasks=[ready[task.id] for task in pool.tasks if task.id in ready]) for pool in pools]


def load_tasks(config: DataConfig, path: str, *, drop: Drop = untold) -> list[Task]:
    """The rows of one file, checked, of the families asked for, with the frames of their videos chosen."""
    if not Path(path).exists():
        raise ConfigError(f"The data file {path} does not exist.")
    tasks = read_tasks(Path(path))
    kept = [task for task in tasks if not config.families or task.family in config.families]
    return ready_tasks(kept, config, path=path, drop=drop)


def ready_tasks(tasks: Sequence[Task], config: DataConfig, *, path: str, drop: Drop) -> list[Task]:
    """Checked, with the frames of their videos chosen; without those whose media are not fit, where they are dropped."""
    planned, unplanned = with_frame_plans(tasks, config.video)
    if config.bad_media == "drop" and (bad := bad_media(planned, unplanned=unplanned)):
        planned = [task for task in planned if task.id not in bad]
        sys.stdout.write(f"{path}: {len(bad)} of {len(tasks)} rows are dropped ({first_few(bad)}).\n")
        for task_id, reason in bad.items():
            drop(task_id, reason)
        if not planned:
            raise DataError(f"{path} has no row left: the media of all {len(tasks)} can't be read ({first_few(bad)}).")
    check_tasks(planned, path=path, unplanned=unplanned)
    return planned


def as_asked(tasks: Sequence[Task], config: RunConfig) -> list[Task]:
    """With what depends on the run: the size in which the model sees each medium, and what it writes coordinates in."""
    budgets = model_budgets(config)
    return [in_coordinates(budgets.shown(task), config.data.coordinates) for task in tasks]


def model_budgets(config: RunConfig) -> Budgets:
    return Budgets.of(config.data, factor=factor_of_model(config.model.path))


@lru_cache
def factor_of_model(path: str) -> int:
    """Asked of one model many times; transformers takes a quarter of a second."""
    from transformers import AutoConfig  # noqa: PLC0415  seconds that a dry run need not wait

    from spatialrl.data.vision import patch_factor  # noqa: PLC0415  loads torch and transformers

    return patch_factor(AutoConfig.from_pretrained(path).vision_config)


def in_coordinates(task: Task, asked: str) -> Task:
    if task.coordinates not in (None, asked):
        raise ConfigError(
            f"data.coordinates is {asked}, but row {task.id} says that its answer is written in {task.coordinates}. "
            f"Set data.coordinates={task.coordinates}, or leave it out of the row."
        )
    return replace(task, coordinates=asked)


def prepare_model(config: RunConfig) -> None:
    """Runs the recipe if the model folder is missing. It learns its words from every row of the training files."""
    from spatialrl.models import RECIPES  # noqa: PLC0415  loads transformers

    folder, recipe = Path(config.model.path), config.model.recipe
    if recipe is not None and not folder.exists():
        if recipe not in RECIPES:
            raise ConfigError(f"model.recipe is '{recipe}'; there are: {', '.join(sorted(RECIPES))}.")
        folder.parent.mkdir(parents=True, exist_ok=True)
        tasks = [task for source in config.data.sources.values() for task in read_tasks(Path(source.path))]
        RECIPES[recipe](folder, tasks=tasks, seed=config.seed, **config.model.recipe_args)
    check_model_folder(config.model.path)
    if folder.exists():
        # Workers of a cluster stand in folders of their own.
        config.model.path = str(folder.absolute())
