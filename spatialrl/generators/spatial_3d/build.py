"""Makes what a recipe of 3D questions describes: which scenes go where, and what is looked up in each."""

from dataclasses import asdict
from functools import partial
from pathlib import Path

from spatialrl.errors import DataError
from spatialrl.generators.recipe import description, fingerprint
from spatialrl.generators.scene_rows import SceneJob, Work, make_rows
from spatialrl.generators.scene_splits import split_scenes
from spatialrl.generators.spatial_3d.look import look
from spatialrl.generators.spatial_3d.recipe import Recipe
from spatialrl.generators.spatial_3d.rows import ask

TITLE = "spatial_3d"


def build(folder: Path, recipe: Recipe, *, num_processes: int, progress: bool) -> None:
    files = list_truth(recipe)
    work = Work(
        title=TITLE,
        description=describe(recipe, files),
        jobs=plan(recipe, files),
        look=partial(look, recipe=recipe),
        ask=partial(ask, recipe=recipe),
    )
    make_rows(folder, work, num_processes=num_processes, progress=progress)


def list_truth(recipe: Recipe) -> dict[str, int]:
    """The JSON files of the source with their sizes in bytes, by path."""
    if not recipe.source:
        return {}
    root = Path(recipe.source)
    found = {path.relative_to(root).as_posix(): path.stat().st_size for path in sorted(root.rglob("*.json"))}
    if not found:
        raise DataError(f"source {root} holds no .json file of 3D pseudo ground truth.")
    return found


def describe(recipe: Recipe, files: dict[str, int]) -> str:
    return description({**asdict(recipe), "files": fingerprint(files)})


def plan(recipe: Recipe, files: dict[str, int]) -> dict[str, list[SceneJob]]:
    if not recipe.source:
        return {file: [_drawn(recipe, file, index) for index in range(n)] for file, n in recipe.num_scenes.items()}
    paths_by_file = split_scenes(list(files), recipe.num_scenes, seed=recipe.seed, place=recipe.source)
    return {
        file: [_read(recipe, file, index, path) for index, path in enumerate(paths)]
        for file, paths in paths_by_file.items()
    }


def _drawn(recipe: Recipe, file: str, index: int) -> SceneJob:
    return SceneJob(name=f"{TITLE}-{recipe.seed}-{file}-{index:06d}", file=file, index=index)


def _read(recipe: Recipe, file: str, index: int, path: str) -> SceneJob:
    return SceneJob(name=f"{TITLE}-{path.removesuffix('.json')}", file=file, index=index, source=path)
