"""A photograph as it is shown: upright, RGB, at most so large. Decoded once, at the least size that is enough."""

import math
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from PIL import Image

from spatialrl.data.media.image import DAMAGE, TURNS, as_rgb
from spatialrl.data.media.probe import open_image, orientation, oriented_size
from spatialrl.errors import DataError
from spatialrl.generators.pretext.question import Damaged

PNG_LEVEL = 1
"""Of compression: higher ones take several times as long for a tenth less."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Camera:
    focal: float
    """In pixels of the picture."""
    centre_x: float

    def shown_at(self, scale: float) -> "Camera":
        return Camera(focal=self.focal * scale, centre_x=self.centre_x * scale)


def assumed_camera(size: tuple[int, int], field_of_view: float) -> Camera:
    """`field_of_view` in degrees of the longer side."""
    half = math.radians(field_of_view) / 2
    return Camera(focal=max(size) / 2 / math.tan(half), centre_x=size[0] / 2)


def picture_size(path: Path) -> tuple[int, int]:
    """Width and height of the upright picture, from its header."""
    with _opened(path) as image:
        return oriented_size(image)


def shown_size(size: tuple[int, int], max_side: int) -> tuple[int, int]:
    scale = min(1.0, max_side / max(size))
    return max(1, round(size[0] * scale)), max(1, round(size[1] * scale))


def read_picture(path: Path, max_side: int) -> Image.Image:
    with _opened(path) as image:
        turn = TURNS.get(orientation(image))
        size = shown_size(image.size, max_side)
        # A JPEG can be decoded at a half, a quarter, an eighth of its size, in as much less time.
        image.draft(None, size)
        shown = as_rgb(image)
        if shown.size != size:
            shown = shown.resize(size, Image.Resampling.BICUBIC, reducing_gap=2.0)
        return shown.transpose(turn) if turn is not None else shown


def encode(image: Image.Image, image_format: str, quality: int) -> bytes:
    data = BytesIO()
    if image_format == "jpeg":
        image.save(data, "JPEG", quality=quality)
    else:
        image.save(data, "PNG", compress_level=PNG_LEVEL)
    return data.getvalue()


@contextmanager
def _opened(path: Path) -> Iterator[Image.Image]:
    try:
        with open_image(path) as image:
            yield image
    # Decoders meet damage with many kinds of error; each of them means that the file is damaged.
    except (DataError, *DAMAGE) as error:
        raise Damaged(str(path), f"it can't be read as an image ({str(error).rstrip('.')})") from error
