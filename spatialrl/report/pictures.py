"""An image with boxes over it, embedded as data. A file that is gone leaves a grey field, never an error."""

import base64
import io
import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PIL import Image, ImageOps

from spatialrl.data.media.decode import decode_frames
from spatialrl.data.media.image import read_image
from spatialrl.errors import DataError
from spatialrl.rewards.parse import Malformed, read_response

LONGEST_SIDE = 448
SMALL_PNG_BYTES = 60_000
"""A larger picture is embedded as JPEG."""
MOST_BOXES = 16
VIDEOS = {".mp4", ".mkv", ".webm", ".avi", ".mov"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Rectangle:
    label: str
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """In the pixels of the file; the embedded copy may be smaller."""

    width: int
    height: int
    data: str
    """A data: address; empty where the file can't be read."""
    true_boxes: list[Rectangle]
    model_boxes: list[Rectangle]


def picture(row: dict[str, Any]) -> Picture | None:
    """The first medium of a trajectory, with the boxes of the truth and of the model; None without media."""
    if not row["media"]:
        return None
    image = load(row["media"][0])
    if image and "mirrored" in row.get("shown", ""):
        image = ImageOps.mirror(image)
    width, height = image.size if image else extent(row["truth"])
    truth = [(thing["id"], thing["bbox"]) for thing in row["truth"]]
    return Picture(
        width=width,
        height=height,
        data=embedded(image) if image else "",
        true_boxes=rectangles(truth, size=(width, height), frame=row.get("truth_size")),
        model_boxes=rectangles(written_boxes(row["response"]), size=(width, height), frame=row.get("response_size")),
    )


def load(path: str) -> Image.Image | None:
    """The image, or the first frame of the video."""
    try:
        if Path(path).suffix.lower() in VIDEOS:
            return Image.fromarray(decode_frames(path, (0,))[0])
        return read_image(path)
    # A report outlives the data it shows.
    except DataError:
        return None


def extent(truth: Sequence[dict[str, Any]]) -> tuple[int, int]:
    """A square that holds the true boxes, where the image itself is gone."""
    side = math.ceil(max((max(thing["bbox"]) for thing in truth), default=56) * 1.1)
    return side, side


def embedded(image: Image.Image) -> str:
    small = image.copy()
    small.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    for kind, options in (("png", {"optimize": True}), ("jpeg", {"quality": 85})):
        buffer = io.BytesIO()
        small.save(buffer, kind, **options)
        if kind == "jpeg" or buffer.tell() <= SMALL_PNG_BYTES:
            break
    return f"data:image/{kind};base64,{base64.b64encode(buffer.getvalue()).decode()}"


def written_boxes(response: str) -> list[tuple[str, Sequence[float]]]:
    read = read_response(response)
    return [] if isinstance(read, Malformed) else [(thing.id, thing.bbox) for thing in read.scene.objects]


def rectangles(
    boxes: Sequence[tuple[str, Sequence[float]]], *, size: tuple[int, int], frame: Sequence[float] | None
) -> list[Rectangle]:
    """From the frame they are measured in, of this width and height, to the picture, and clipped to it; boxes without area
    or with coordinates that are no numbers are left out."""
    stretch = (size[0] / frame[0], size[1] / frame[1]) if frame else (1.0, 1.0)
    found = []
    for label, box in boxes[:MOST_BOXES]:
        x1, y1, x2, y2 = (clipped(box[i], stretch[i % 2], size[i % 2]) for i in range(4))
        if x2 > x1 and y2 > y1:
            found.append(Rectangle(label=label, x=x1, y=y1, width=round(x2 - x1, 2), height=round(y2 - y1, 2)))
    return found


def clipped(coordinate: float, factor: float, side: int) -> float:
    """A model writes NaN and integers too large for a float."""
    if coordinate != coordinate:
        return math.nan
    return round(float(min(max(coordinate, 0), side / factor)) * factor, 2)
