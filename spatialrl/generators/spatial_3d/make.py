"""`spatialrl data make=spatial_3d`: a folder of questions of 3DSRBench's twelve kinds, with chains of thought in explicit 3D."""

from collections.abc import Sequence
from pathlib import Path

from spatialrl.generators.recipe import check_processes, wanted
from spatialrl.generators.spatial_3d.recipe import FAMILIES, Recipe, check_recipe


def make_spatial_3d(
    folder: Path,
    *,
    seed: int,
    source: str = "",
    images: str = "",
    num_sft: int = 200,
    num_train: int = 400,
    num_validation: int = 50,
    num_test: int = 100,
    families: Sequence[str] | None = None,
    questions_per_scene: int = 4,
    flips: bool = True,
    media: str = "reference",
    image_size: int = 224,
    max_objects: int = 8,
    min_confidence: float = 0.4,
    max_distance: float = 15.0,
    fronted: Sequence[str] | None = None,
    processes: int = 0,
    progress: bool = True,
) -> None:
    """Writes sft, train, validation and test.parquet, and rejected.jsonl: what nothing is asked about, and why.

    `num_*` counts scenes; no scene is in two files. Every row has its chain of thought as demonstration, and the true
    objects that the reward compares one with. Without a `source` scenes are rooms of our own, of `image_size` and up to
    `max_objects` things. With one, a folder of JSON files of 3D pseudo ground truth, its scenes are shared out in the
    proportion of `num_*`, as many at most; their images lie in `images`, by default beside them, and are named there, or
    with `media=copy` copied. `min_confidence` and `max_distance` (metres) say which estimates are believed, `fronted` which
    classes have a front. With `flips` every question is asked about the mirrored image, too. The same arguments give the
    same bytes, however many processes work (0: one for each core) and however often the work was broken off: the same
    command goes on where it stopped.
    """
    from spatialrl.generators.spatial_3d.build import build  # noqa: PLC0415  loads numpy, Pillow and pyarrow

    recipe = Recipe(
        source=source,
        images=images or source,
        seed=seed,
        num_scenes=wanted(sft=num_sft, train=num_train, validation=num_validation, test=num_test),
        families=tuple(families or FAMILIES),
        questions_per_scene=questions_per_scene,
        flips=flips,
        media=media,
        image_size=image_size,
        max_objects=max_objects,
        min_confidence=min_confidence,
        max_distance=max_distance,
        fronted=tuple(fronted or ()),
    )
    check_recipe(recipe)
    check_processes(processes)
    build(Path(folder), recipe, num_processes=processes, progress=progress)
