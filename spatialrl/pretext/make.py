"""The recipe `pretext`: a folder of questions that photographs answer by themselves. What it takes and what can't be is
here, without heavy imports; `spatialrl.pretext.build` does the work.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from spatialrl.errors import UserError

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


def make_pretext(
    folder: Path,
    *,
    source: str,
    seed: int,
    num_train: int = 1000,
    num_validation: int = 50,
    num_test: int = 200,
    weights: Mapping[str, float] | None = None,
    scenes: str = "image",
    image_format: str = "jpeg",
    quality: int = 90,
    min_side: int = 128,
    max_side: int = 1024,
    field_of_view: float = 60.0,
    intrinsics: str = "",
    depth_scale: float = 1000.0,
    facings: Sequence[int] = (1, 1, 1, 1),
    strict: bool = False,
    processes: int = 0,
    progress: bool = True,
) -> None:
    """Writes a parquet file for each split, its images, and rejected.jsonl: what of the source was of no use, and why.

    The same arguments give the same bytes, however many processes work (0: one for each core) and however often the
    work was broken off: the same command goes on where it stopped. `weights` gives the share of each task, or of a
    variant of it; what it does not name is not made. No image, or with `scenes=folder` no folder of images, is in two
    splits. Images shorter than `min_side` are of no use, larger ones than `max_side` are shrunk. Depth maps in 16-bit
    PNG hold metres times `depth_scale`. Where a point is sideways follows from `intrinsics`, a JSON file of focal
    lengths, or for images it does not name from the `field_of_view` of the longer side, in degrees. `facings` weighs
    the ways somebody in the picture may face: left, right, toward and away from the camera. With `strict` the first
    file that is of no use ends it all.
    """
    from spatialrl.pretext.build import build  # noqa: PLC0415  loads numpy, Pillow and pyarrow

    num_rows = {"train": num_train, "validation": num_validation, "test": num_test}
    recipe = Recipe(
        source=source,
        seed=seed,
        num_rows={split: count for split, count in num_rows.items() if count},
        weights=variant_weights(weights),
        is_published_mix=weights is None,
        scenes=scenes,
        image_format=image_format,
        quality=quality,
        min_side=min_side,
        max_side=max_side,
        field_of_view=field_of_view,
        intrinsics=intrinsics,
        depth_scale=depth_scale,
        facings=tuple(facings),
        strict=strict,
    )
    check_recipe(recipe)
    _require(processes >= 0, f"processes is {processes}; give 1 or more, or 0 for one on each core.")
    build(Path(folder), recipe, num_processes=processes, progress=progress)


def variant_weights(weights: Mapping[str, float] | None) -> dict[str, float]:
    """The weight of a task goes to its variants, in the published proportion."""
    published = {name: rows for variants in VARIANTS.values() for name, rows in variants.items()}
    if weights is None:
        return published
    _require(isinstance(weights, Mapping), f"weights is {weights!r}; write it as {{crop: 2, flip: 1}}.")
    known = {**VARIANTS, **{name: {name: rows} for name, rows in published.items()}}
    chosen: dict[str, float] = {}
    for name, weight in weights.items():
        _require(name in known, f"weights has '{name}'; there are: {', '.join(known)}.")
        _require(weight >= 0, f"The weight of {name} is {weight}; give 0 or more.")
        total = sum(known[name].values())
        for variant, rows in known[name].items():
            chosen[variant] = chosen.get(variant, 0.0) + weight * rows / total
    return {name: chosen[name] for name in published if chosen.get(name)}


def check_recipe(recipe: Recipe) -> None:
    """Raises a sentence about the first argument that can't be."""
    _require(Path(recipe.source).is_dir(), f"source is {recipe.source}, which is no folder; give a folder of images.")
    for split, count in recipe.num_rows.items():
        _require(count >= 0, f"num_{split} is {count}; give 0 or more.")
    _require(bool(recipe.num_rows), "No rows are asked for; give num_train, num_validation or num_test.")
    _require(bool(recipe.weights), "weights leaves no task; give one a weight above 0.")
    _require(recipe.scenes in SCENES, f"scenes is '{recipe.scenes}'; there are: {', '.join(SCENES)}.")
    formats = ", ".join(FORMATS)
    _require(recipe.image_format in FORMATS, f"image_format is '{recipe.image_format}'; there are: {formats}.")
    _require(1 <= recipe.quality <= 100, f"quality is {recipe.quality}; it must be between 1 and 100.")
    low, high = recipe.min_side, recipe.max_side
    _require(low >= LEAST_SIDE, f"min_side is {low}; questions about images below {LEAST_SIDE} pixels can't be seen.")
    _require(high >= 2 * low, f"max_side is {high}; it must be at least twice min_side, which is {low}.")
    _require(
        0 < recipe.field_of_view < 180,
        f"field_of_view is {recipe.field_of_view}; it must be between 0 and 180 degrees.",
    )
    _require(recipe.depth_scale > 0, f"depth_scale is {recipe.depth_scale}; it must be above 0.")
    shares = recipe.facings
    are_shares = len(shares) == 4 and all(isinstance(share, int) and share >= 0 for share in shares) and any(shares)
    _require(are_shares, f"facings is {list(shares)}; give four whole numbers, as [3, 3, 3, 1], not all 0.")


def _require(condition: bool, sentence: str) -> None:
    if not condition:
        raise UserError(sentence)
