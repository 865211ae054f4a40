"""The recipe `spatial_3d`: a folder of questions of 3DSRBench's twelve kinds, with chains of thought in explicit 3D. What it
takes and what can't be is here, without heavy imports; `spatialrl.spatial_3d.build` does the work.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from spatialrl.errors import UserError

FAMILIES = (
    "height_higher",
    "location_above",
    "location_closer_to_camera",
    "location_next_to",
    "orientation_in_front_of",
    "orientation_on_the_left",
    "orientation_viewpoint",
    "multi_object_closer_to",
    "multi_object_parallel",
    "multi_object_same_direction",
    "multi_object_facing",
    "multi_object_viewpoint_towards_object",
)
MEDIA = ("reference", "copy")
MOST_THINGS = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """What a folder of 3D questions is to hold."""

    source: str
    images: str
    seed: int
    num_scenes: dict[str, int]
    """By file of rows."""
    families: tuple[str, ...]
    questions_per_scene: int
    flips: bool
    media: str
    image_size: int
    max_objects: int
    min_confidence: float
    max_distance: float
    fronted: tuple[str, ...]
    """Empty: the classes of `front_classes.py`."""


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
    from spatialrl.spatial_3d.build import build  # noqa: PLC0415  loads numpy, Pillow and pyarrow

    counts = {"sft": num_sft, "train": num_train, "validation": num_validation, "test": num_test}
    recipe = Recipe(
        source=source,
        images=images or source,
        seed=seed,
        num_scenes={name: count for name, count in counts.items() if count},
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
    _require(processes >= 0, f"processes is {processes}; give 1 or more, or 0 for one on each core.")
    build(Path(folder), recipe, num_processes=processes, progress=progress)


def check_recipe(recipe: Recipe) -> None:
    """Raises a sentence about the first argument that can't be."""
    for name, path in (("source", recipe.source), ("images", recipe.images)):
        _require(not path or Path(path).is_dir(), f"{name} is {path}, which is no folder; give a folder, or nothing.")
    for name, count in recipe.num_scenes.items():
        _require(count >= 0, f"num_{name} is {count}; give 0 or more.")
    _require(bool(recipe.num_scenes), "No scenes are asked for; give num_sft, num_train, num_validation or num_test.")
    for family in recipe.families:
        _require(family in FAMILIES, f"families has '{family}'; there are: {', '.join(FAMILIES)}.")
    asked, size, most = recipe.questions_per_scene, recipe.image_size, recipe.max_objects
    _require(asked >= 1, f"questions_per_scene is {asked}; ask for at least 1.")
    _require(recipe.media in MEDIA, f"media is '{recipe.media}'; there are: {', '.join(MEDIA)}.")
    _require(32 <= size <= 1024 and size % 2 == 0, f"image_size is {size}; it must be even and between 32 and 1024.")
    _require(2 <= most <= MOST_THINGS, f"max_objects is {most}; a room has place for 2 to {MOST_THINGS}.")
    sure = recipe.min_confidence
    _require(0 <= sure <= 1, f"min_confidence is {sure}; it must be between 0 and 1.")
    _require(recipe.max_distance > 0, f"max_distance is {recipe.max_distance}; it must be above 0 metres.")


def _require(condition: bool, sentence: str) -> None:
    if not condition:
        raise UserError(sentence)
