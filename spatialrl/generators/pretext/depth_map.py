"""How far things are, from the files that datasets keep beside their images: .npy, with a mask where there is one; .h5
with the data set `depth`; 16-bit .png. What is not known is NaN.
"""

from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from spatialrl.data.media.image import DAMAGE
from spatialrl.errors import ConfigError
from spatialrl.generators.pretext.question import Damaged

DATASET = "depth"
LARGEST_16_BITS = 65535
"""Means: this far or farther."""
LEAST_KNOWN = 0.1
"""Share of pixels below which a map is of no use."""
ASPECT_TOLERANCE = 0.02
"""Image and depth may differ by so much in their proportions."""


def read_depth(path: Path, mask: Path | None, *, size: tuple[int, int], scale: float) -> np.ndarray:
    """(height, width) of an image of this size; `scale` divides what a .png holds."""
    try:
        depth = READERS[path.suffix.lower()](path, scale)
        unknown = ~((depth > 0) & (depth < np.inf))
        if mask is not None:
            unknown |= np.squeeze(_load(mask)) <= 0
    # Decoders meet damage with many kinds of error; each of them means that the file is damaged.
    except DAMAGE as error:
        raise Damaged(str(path), f"it can't be read as depth ({error})") from error
    _check_shape(path, depth.shape, size)
    share = 1 - unknown.mean()
    if share < LEAST_KNOWN:
        raise Damaged(str(path), f"its depth is known for {100 * share:.0f} % of its pixels, which is too little")
    depth[unknown] = np.nan
    return _resized(depth, size)


def require_reader(suffix: str) -> None:
    """A sentence where a library is missing."""
    if suffix.lower() == ".h5":
        _h5py()


def _check_shape(path: Path, shape: tuple[int, ...], size: tuple[int, int]) -> None:
    if len(shape) != 2:
        raise Damaged(str(path), f"its depth has the shape {list(shape)}; expected height x width")
    (height, width), (image_width, image_height) = shape, size
    if abs(width * image_height / (height * image_width) - 1) > ASPECT_TOLERANCE:
        raise Damaged(
            str(path), f"its depth is {width} x {height} and its image {image_width} x {image_height}: of another shape"
        )


def _resized(depth: np.ndarray, size: tuple[int, int]) -> np.ndarray:
    """The nearest value, since a mean of near and far is neither."""
    width, height = size
    if depth.shape == (height, width):
        return depth
    rows = (np.arange(height) + 0.5) * depth.shape[0] / height
    columns = (np.arange(width) + 0.5) * depth.shape[1] / width
    return depth[rows.astype(int)[:, None], columns.astype(int)[None]]


def _load(path: Path) -> np.ndarray:
    return np.load(path, allow_pickle=False)


def _read_npy(path: Path, scale: float) -> np.ndarray:
    depth = _load(path)
    flat = depth[:, :, 0] if depth.ndim == 3 and depth.shape[2] == 1 else depth
    return flat.astype(np.float32, copy=False)


def _read_h5(path: Path, scale: float) -> np.ndarray:
    with _h5py().File(path, "r") as file:
        if DATASET not in file:
            raise ValueError(f"it holds {', '.join(file) or 'nothing'}, and no '{DATASET}'")
        return np.asarray(file[DATASET], np.float32)


def _read_png(path: Path, scale: float) -> np.ndarray:
    with Image.open(path) as image:
        if not image.mode.startswith("I"):
            raise ValueError(f"it has pixels of kind {image.mode}, where 16-bit grey is expected")
        values = np.asarray(image)
    return np.where(values < LARGEST_16_BITS, values, 0) / np.float32(scale)


def _h5py() -> Any:
    try:
        return import_module("h5py")
    except ImportError as error:
        raise ConfigError("Depth in .h5 files needs h5py; run `pip install 'spatialrl[datagen]'`.") from error


READERS: dict[str, Callable[[Path, float], np.ndarray]] = {".npy": _read_npy, ".h5": _read_h5, ".png": _read_png}
"""By suffix; the order in which a depth map is looked for."""
