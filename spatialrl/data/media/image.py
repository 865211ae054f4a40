"""An image file as a model sees it: upright, RGB, 8 bits, transparent parts on white."""

import struct
import zlib
from pathlib import Path

import numpy as np
from PIL import Image

from spatialrl.data.media.probe import open_image, orientation
from spatialrl.errors import DataError

BACKGROUND = (255, 255, 255)
"""Shows through where an image is transparent."""
DAMAGE = (OSError, ValueError, SyntaxError, EOFError, IndexError, zlib.error, struct.error)
"""What decoders raise on damaged files."""
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


def read_image(path: str | Path) -> Image.Image:
    """Of an animation the first picture."""
    with open_image(path) as image:
        turn = TURNS.get(orientation(image))
        try:
            rgb = as_rgb(image)
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
    return image.convert("RGB")


def from_16_bits(image: Image.Image) -> Image.Image:
    """The upper 8 bits of each of 16, as for colour images."""
    values = np.asarray(image).clip(0, 2**16 - 1).astype(np.uint16)
    return Image.fromarray((values >> 8).astype(np.uint8))
