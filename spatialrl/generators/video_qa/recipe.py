"""What a folder of questions about videos can be asked to hold, and what can't be."""

from dataclasses import dataclass
from pathlib import Path

from spatialrl.generators.recipe import SceneRecipe, check_counts, check_scene_recipe, require

FAMILIES = (
    "object_counting",
    "object_abs_distance",
    "object_size_estimation",
    "room_size_estimation",
    "object_rel_distance",
    "object_rel_direction_easy",
    "object_rel_direction_medium",
    "object_rel_direction_hard",
    "route_planning",
    "obj_appearance_order",
)
MOST_THINGS = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe(SceneRecipe):
    videos: str
    exclude: str
    fps: float
    min_frames: int
    max_frames: int


def check_recipe(recipe: Recipe) -> None:
    """Raises a sentence about the first argument that can't be."""
    source, videos = recipe.source, recipe.videos
    exists = not source or Path(source).exists()
    require(exists, f"source is {source}, which does not exist; give meta-info, or nothing.")
    require(not videos or Path(videos).is_dir(), f"videos is {videos}, which is no folder; give a folder.")
    check_counts(recipe.num_scenes, things="rooms")
    check_scene_recipe(recipe, families=FAMILIES)
    require(recipe.fps > 0, f"fps is {recipe.fps}; it must be above 0.")
    few, many, most = recipe.min_frames, recipe.max_frames, recipe.max_objects
    require(2 <= few <= many, f"min_frames is {few} and max_frames is {many}; give 2 or more, and not fewer.")
    require(3 <= most <= MOST_THINGS, f"max_objects is {most}; a map needs 3, and a room has place for {MOST_THINGS}.")
