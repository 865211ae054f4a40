"""What a folder of pretext tasks can be asked to hold, and what can't be."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from spatialrl.generators.recipe import check_choice, check_counts, check_weights, require

VARIANTS = {
    "shuffle": {
        "shuffle_2x2": 4000.0,
        "shuffle_2x2_masked": 4028.0,
        "shuffle_1x3": 2495.5,
        "shuffle_1x4": 2495.5,
        "shuffle_3x1": 1504.5,
        "shuffle_4x1": 1504.5,
    },
    "flip": {"flip": 4005.0},
    "crop": {"crop": 20200.0},
    "depth_order": {"depth_order": 20620.0},
    "position": {
        "position_near": 20200 / 3,
        "position_far_cardinal": 20200 / 3,
        "position_far_diagonal": 20200 / 3,
    },
}
"""By task, with the number of rows in Spatial-SSRL-81k; where it only says a sum, its parts are equal. Grids are
rows x columns."""
DEPTH_TASKS = ("depth_order", "position")
FORMATS = ("jpeg", "png")
SCENES = ("image", "folder")
LEAST_SIDE = 96
"""Pixels: below that the patches of a strip can't be told apart."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """What a folder of pretext tasks is to hold."""

    source: str
    seed: int
    num_rows: dict[str, int]
    """By split."""
    weights: dict[str, float]
    """By variant; only what is wanted."""
    is_published_mix: bool
    """Then tasks that the source has no depth for are left out; else they were asked for, and are missed."""
    scenes: str
    image_format: str
    quality: int
    min_side: int
    max_side: int
    field_of_view: float
    intrinsics: str
    depth_scale: float
    facings: tuple[int, ...]
    strict: bool

    @property
    def needs_depth(self) -> bool:
        return any(name.startswith(DEPTH_TASKS) for name in self.weights)

    @property
    def needs_only_depth(self) -> bool:
        return all(name.startswith(DEPTH_TASKS) for name in self.weights)


def variant_weights(weights: Mapping[str, float] | None) -> dict[str, float]:
    """The weight of a task goes to its variants, in the published proportion."""
    published = {name: rows for variants in VARIANTS.values() for name, rows in variants.items()}
    if weights is None:
        return published
    known = {**VARIANTS, **{name: {name: rows} for name, rows in published.items()}}
    check_weights(weights, known, example="{crop: 2, flip: 1}")
    chosen: dict[str, float] = {}
    for name, weight in weights.items():
        total = sum(known[name].values())
        for variant, rows in known[name].items():
            chosen[variant] = chosen.get(variant, 0.0) + weight * rows / total
    return {name: chosen[name] for name in published if chosen.get(name)}


def check_recipe(recipe: Recipe) -> None:
    """Raises a sentence about the first argument that can't be."""
    require(Path(recipe.source).is_dir(), f"source is {recipe.source}, which is no folder; give a folder of images.")
    check_counts(recipe.num_rows, things="rows")
    require(bool(recipe.weights), "weights leaves no task; give one a weight above 0.")
    check_choice("scenes", recipe.scenes, SCENES)
    check_choice("image_format", recipe.image_format, FORMATS)
    require(1 <= recipe.quality <= 100, f"quality is {recipe.quality}; it must be between 1 and 100.")
    low, high = recipe.min_side, recipe.max_side
    require(low >= LEAST_SIDE, f"min_side is {low}; questions about images below {LEAST_SIDE} pixels can't be seen.")
    require(high >= 2 * low, f"max_side is {high}; it must be at least twice min_side, which is {low}.")
    require(
        0 < recipe.field_of_view < 180,
        f"field_of_view is {recipe.field_of_view}; it must be between 0 and 180 degrees.",
    )
    require(recipe.depth_scale > 0, f"depth_scale is {recipe.depth_scale}; it must be above 0.")
    shares = recipe.facings
    are_shares = len(shares) == 4 and all(isinstance(share, int) and share >= 0 for share in shares) and any(shares)
    require(are_shares, f"facings is {list(shares)}; give four whole numbers, as [3, 3, 3, 1], not all 0.")
