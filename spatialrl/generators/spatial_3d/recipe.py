"""What a folder of 3D questions can be asked to hold, and what can't be."""

from dataclasses import dataclass
from pathlib import Path

from spatialrl.generators.recipe import SPLITS, SceneRecipe, check_counts, check_scene_recipe, require

FILES = ("sft", *SPLITS)
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
MOST_THINGS = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe(SceneRecipe):
    images: str
    flips: bool
    min_confidence: float
    max_distance: float
    fronted: tuple[str, ...]
    """Empty: the classes of `front_classes.py`."""


def check_recipe(recipe: Recipe) -> None:
    """Raises a sentence about the first argument that can't be."""
    for name, path in (("source", recipe.source), ("images", recipe.images)):
        require(not path or Path(path).is_dir(), f"{name} is {path}, which is no folder; give a folder, or nothing.")
    check_counts(recipe.num_scenes, things="scenes", files=FILES)
    check_scene_recipe(recipe, families=FAMILIES)
    most, sure = recipe.max_objects, recipe.min_confidence
    require(2 <= most <= MOST_THINGS, f"max_objects is {most}; a room has place for 2 to {MOST_THINGS}.")
    require(0 <= sure <= 1, f"min_confidence is {sure}; it must be between 0 and 1.")
    require(recipe.max_distance > 0, f"max_distance is {recipe.max_distance}; it must be above 0 metres.")
