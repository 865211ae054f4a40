"""An image file as a model sees it: upright, RGB, 8 bits, transparent parts on white."""

import struct
import zlib
from collections.abc import Callable
from pathlib import Path

import numpy as np
from PIL import Image

from spatialrl.data.media.probe import open_image, orientation
from spatialrl.errors import DataError
from spatialrl.types import Media

BACKGROUND = (255, 255, 255)
"""Shows through where an image is transparent."""
DAMAGE = (OSError, ValueError, SyntaxError, EOFError, IndexError, zlib.error, struct.error)
"""What decoders raise on damaged files."""
MEASURED = ("I", "F")
"""Modes whose values are measures rather than shades."""
WHITE, DARK_GREY = 255, 32
TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
"""By EXIF orientation: what puts the image upright."""


def read_picture(medium: Media) -> Image.Image:
    """An image, or a depth map as grey."""
    return read_depth(medium.path) if medium.kind == "depth" else read_image(medium.path)


def read_image(path: str | Path) -> Image.Image:
    """Of an animation the first picture."""
    return _read(path, as_rgb)


def read_depth(path: str | Path) -> Image.Image:
    """The nearest white; a map that is a picture of shades already stays as it is."""
    return _read(path, depth_as_rgb)


def _read(path: str | Path, render: Callable[[Image.Image], Image.Image]) -> Image.Image:
    with open_image(path) as image:
        turn = TURNS.get(orientation(image))
        try:
            rgb = render(image)
        except DAMAGE as error:
            raise DataError(f"{path} can't be decoded: {error}.") from error
    return rgb.transpose(turn) if turn is not None else rgb


def as_rgb(image: Image.Image) -> Image.Image:
    if image.mode.startswith("I"):
        return from_16_bits(image).convert("RGB")
    if image.mode == "F":
        raise ValueError("its brightness is in floating point, without a scale; save it with 8 or 16 bits")
    if image.has_transparency_data:
        clear = image.convert("RGBA")
        image = Image.new("RGBA", clear.size, BACKGROUND)
        image.alpha_composite(clear)
    # To convert what is RGB already would copy it.
    image.load()
    return image if image.mode == "RGB" else image.convert("RGB")


def depth_as_rgb(image: Image.Image) -> Image.Image:
    """Depths in any unit: from the 0.5 to the 99.5 percentile of those that are known they fall from white to dark grey,
    as a room of a few metres fills little of 16 bits. What is unknown, zero or not finite, is black."""
    if not image.mode.startswith(MEASURED):
        return as_rgb(image)
    depth = np.asarray(image, np.float64)
    is_known = np.isfinite(depth) & (depth > 0)
    grey = np.zeros(depth.shape, np.uint8)
    if is_known.any():
        near, far = np.percentile(depth[is_known], (0.5, 99.5))
        share = np.clip((depth[is_known] - near) / max(far - near, np.finfo(float).tiny), 0, 1)
        grey[is_known] = np.rint(WHITE - share * (WHITE - DARK_GREY))
    return Image.fromarray(grey).convert("RGB")


def from_16_bits(image: Image.Image) -> Image.Image:
    """The upper 8 bits of each of 16, as for colour images."""
    values = np.asarray(image).clip(0, 2**16 - 1).astype(np.uint16)
    return Image.fromarray((values >> 8).astype(np.uint8))
