"""The recipe `scenes`: a folder of procedural rooms with questions about them. What it takes and what can't be is here,
without heavy imports; `spatialrl.scenes.build` does the work.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from spatialrl.errors import UserError

IMAGE_FAMILIES = (
    "relation",
    "relative_depth",
    "position",
    "counting",
    "existence",
    "distance",
    "relative_distance",
    "size",
    "relative_size",
    "orientation",
)
VIDEO_FAMILIES = (
    "appearance_order",
    "video_counting",
    "absolute_distance",
    "room_size",
    "relative_direction",
)
NUM_OBJECTS = {"room": (2, 8), "stage": (1, 4)}
"""Fewest and most, by layout: furnished rooms; or a few large simple solids on an empty floor, for small images."""
NUM_OBJECTS_FROM_BOTH_SIDES = {"room": (2, 5), "stage": (1, 2)}
"""Where two cameras see each of them."""
TWINS = ("none", "swapped")
OPTIONS = ("shuffled", "fixed", "none")


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """What a folder of scenes is to hold."""

    seed: int
    num_scenes: dict[str, int]
    """By split: scenes shown in one image."""
    num_videos: dict[str, int]
    """By split: scenes shown in a video."""
    image_size: int
    layout: str
    families: tuple[str, ...]
    questions_per_scene: int
    min_objects: int
    max_objects: int
    depth: bool
    options: str = "shuffled"
    twins: str = "none"

    @property
    def num_objects(self) -> dict[str, tuple[int, int]]:
        """Fewest and most, by layout."""
        return NUM_OBJECTS if self.twins == "none" else NUM_OBJECTS_FROM_BOTH_SIDES


def make_scenes(
    folder: Path,
    *,
    seed: int,
    num_train: int = 600,
    num_validation: int = 50,
    num_test: int = 200,
    videos: int = 0,
    image_size: int = 224,
    layout: str = "room",
    families: Sequence[str] | None = None,
    questions_per_scene: int = 2,
    min_objects: int = 2,
    max_objects: int | None = None,
    depth: bool = False,
    options: str = "shuffled",
    twins: str = "none",
    progress: bool = True,
) -> None:
    """Writes train, validation and test.parquet and their media. The same arguments give the same bytes.

    `num_*` counts scenes shown in one image. `videos` adds scenes shown in a video to the training split, and in
    proportion, but at least one, to the others. `families` is every one that fits by default, `max_objects` as many as
    the layout has place for. `depth` adds a depth map in millimetres next to each image. `options` are shuffled for every
    question; or fixed: those of a kind of question stand in one order everywhere; or none: the answer is a text. Answers
    are balanced in each case: a question that would unbalance them is left out, so a scene may have fewer than
    `questions_per_scene`. `twins` are none; or swapped: every image has a second one from the other side of the room, and
    every question about images a second row about that one, where its answer turns as geometry says; each row names the
    other as its twin.
    """
    from spatialrl.scenes.build import build  # noqa: PLC0415  loads numpy, pyarrow and av

    num_scenes = {"train": num_train, "validation": num_validation, "test": num_test}
    recipe = Recipe(
        seed=seed,
        num_scenes=num_scenes,
        num_videos={split: _proportional(videos, count, num_train) for split, count in num_scenes.items()},
        image_size=image_size,
        layout=layout,
        families=tuple(families or (IMAGE_FAMILIES + VIDEO_FAMILIES if videos else IMAGE_FAMILIES)),
        questions_per_scene=questions_per_scene,
        min_objects=min_objects,
        max_objects=0 if max_objects is None else max_objects,
        depth=depth,
        options=options,
        twins=twins,
    )
    if max_objects is None:
        recipe = replace(recipe, max_objects=recipe.num_objects.get(layout, (0, 0))[1])
    check_recipe(recipe)
    build(Path(folder), recipe, progress=progress)


def check_recipe(recipe: Recipe) -> None:
    """Raises a sentence about the first argument that can't be."""
    layouts, low, high, size = recipe.num_objects, recipe.min_objects, recipe.max_objects, recipe.image_size
    _require(recipe.twins in TWINS, f"twins is '{recipe.twins}'; there are: {', '.join(TWINS)}.")
    _require(recipe.layout in layouts, f"layout is '{recipe.layout}'; there are: {', '.join(layouts)}.")
    fewest, most = layouts[recipe.layout]
    _require(low >= fewest, f"min_objects is {low}; a scene of layout {recipe.layout} has at least {fewest}.")
    seen = "" if recipe.twins == "none" else " that are seen from both sides"
    _require(high <= most, f"max_objects is {high}; layout {recipe.layout} has place for {most}{seen}.")
    _require(low <= high, f"min_objects is {low} but max_objects is {high}; raise max_objects or lower min_objects.")
    _require(32 <= size <= 1024 and size % 2 == 0, f"image_size is {size}; it must be even and between 32 and 1024.")
    _require(recipe.options in OPTIONS, f"options is '{recipe.options}'; there are: {', '.join(OPTIONS)}.")
    asked = recipe.questions_per_scene
    _require(asked >= 1, f"questions_per_scene is {asked}; ask for at least 1.")
    _check_families(recipe)


def _check_families(recipe: Recipe) -> None:
    known = IMAGE_FAMILIES + VIDEO_FAMILIES
    for family in recipe.families:
        _require(family in known, f"families has '{family}'; there are: {', '.join(known)}.")
    kinds = (("images", recipe.num_scenes, IMAGE_FAMILIES), ("videos", recipe.num_videos, VIDEO_FAMILIES))
    for what, counts, fitting in kinds:
        for split, count in counts.items():
            _require(count >= 0, f"The {split} split can't have {count} {what}; give 0 or more.")
        fits = not any(counts.values()) or any(family in fitting for family in recipe.families)
        _require(fits, f"families has nothing to ask about {what}; add one of: {', '.join(fitting)}.")


def _proportional(videos: int, count: int, num_train: int) -> int:
    """As many videos of a split as `videos` is of the training split, rounded up."""
    return -(-videos * count // num_train) if num_train else videos


def _require(condition: bool, sentence: str) -> None:
    if not condition:
        raise UserError(sentence)
