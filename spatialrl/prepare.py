"""Brings a run's data and model into place: made by their recipes where missing, checked always."""

from pathlib import Path

from spatialrl.checks import check_model_folder, check_tasks
from spatialrl.config import DataConfig, RunConfig
from spatialrl.data import GENERATORS
from spatialrl.data.mixture import load_pools, tasks_in
from spatialrl.data.sampler import Pool
from spatialrl.data.tasks import read_tasks
from spatialrl.errors import ConfigError
from spatialrl.types import Task


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


def load_training(config: DataConfig, *, seed: int) -> list[Pool]:
    """The training tasks, checked."""
    pools = load_pools(config, seed=seed)
    check_tasks(tasks_in(pools), path=", ".join(source.path for source in config.sources.values()))
    return pools


def load_tasks(config: DataConfig, path: str) -> list[Task]:
    """The rows of one file, checked, of the families asked for."""
    if not Path(path).exists():
        raise ConfigError(f"The data file {path} does not exist.")
    tasks = read_tasks(Path(path))
    kept = [task for task in tasks if not config.families or task.family in config.families]
    check_tasks(kept, path=path)
    return kept


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
