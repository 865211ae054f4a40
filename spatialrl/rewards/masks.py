"""Which points of an image belong to a true mask: a box, a polygon, or runs of pixels in COCO's order. Written as JSON in
`Task.answer`: `[x1, y1, x2, y2]`, `[[x, y], ...]`, or `{"size": [height, width], "counts": [...]}`."""

import math
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Any

from spatialrl.rewards.parse.payload import load
from spatialrl.rewards.parse.text import Malformed

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Polygon:
    corners: tuple[Point, ...]


@dataclass(frozen=True, slots=True)
class Runs:
    """Column by column; the first run is outside the mask."""

    width: int
    height: int
    ends: tuple[int, ...]


Mask = Polygon | Runs


def read_mask(text: str) -> Mask | None:
    """None where the text is no mask."""
    value = load(text)
    try:
        return None if isinstance(value, Malformed) else _mask(value)
    # An answer of another kind: words, too few corners, keys that are missing, infinite runs.
    except (ValueError, TypeError, KeyError, OverflowError):
        return None


def contains(mask: Mask, point: Point) -> bool:
    """Points are in the frame of the mask; runs are those of pixels, whose first covers 0 to 1."""
    return _in_polygon(mask.corners, point) if isinstance(mask, Polygon) else _in_runs(mask, point)


def _mask(value: Any) -> Mask:
    if isinstance(value, dict):
        height, width = value["size"]
        return Runs(width=int(width), height=int(height), ends=tuple(accumulate(int(run) for run in value["counts"])))
    if len(value) == 4 and not isinstance(value[0], list):
        left, top, right, bottom = value
        value = ((left, top), (right, top), (right, bottom), (left, bottom))
    corners = tuple((float(x), float(y)) for x, y in value)
    if len(corners) < 3 or not all(math.isfinite(side) for corner in corners for side in corner):
        raise ValueError("a polygon has three corners at least, in the plane")
    return Polygon(corners)


def _in_polygon(corners: Sequence[Point], point: Point) -> bool:
    """Even-odd rule: a ray to the right crosses the outline an odd number of times."""
    x, y = point
    inside = False
    for (x1, y1), (x2, y2) in zip(corners, (*corners[1:], corners[0]), strict=True):
        if (y1 > y) != (y2 > y) and x < x1 + (y - y1) / (y2 - y1) * (x2 - x1):
            inside = not inside
    return inside


def _in_runs(mask: Runs, point: Point) -> bool:
    x, y = point
    if not (0 <= x < mask.width and 0 <= y < mask.height):
        return False
    run = bisect_right(mask.ends, int(x) * mask.height + int(y))
    return run < len(mask.ends) and run % 2 == 1
