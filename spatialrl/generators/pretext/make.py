"""`spatialrl data make=pretext`: a folder of questions that photographs answer by themselves."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from spatialrl.generators.pretext.recipe import Recipe, check_recipe, variant_weights
from spatialrl.generators.recipe import check_processes, wanted


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
    from spatialrl.generators.pretext.build import build  # noqa: PLC0415  loads numpy, Pillow and pyarrow

    recipe = Recipe(
        source=source,
        seed=seed,
        num_rows=wanted(train=num_train, validation=num_validation, test=num_test),
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
    check_processes(processes)
    build(Path(folder), recipe, num_processes=processes, progress=progress)
