"""Vectors, angles and footprints on the floor. Only + - * / and sqrt; sines are rounded to twelve decimals, so that
machines whose libraries differ in the last bit still agree.
"""

import math
from dataclasses import dataclass
from functools import cached_property

from spatialrl.types import Vector

Point = tuple[float, float]


def dot(first: Vector, second: Vector) -> float:
    return first[0] * second[0] + first[1] * second[1] + first[2] * second[2]


def plus(first: Vector, second: Vector) -> Vector:
    return first[0] + second[0], first[1] + second[1], first[2] + second[2]


def minus(first: Vector, second: Vector) -> Vector:
    return first[0] - second[0], first[1] - second[1], first[2] - second[2]


def times(vector: Vector, factor: float) -> Vector:
    return vector[0] * factor, vector[1] * factor, vector[2] * factor


def cos_sin(angle: float) -> tuple[float, float]:
    return round(math.cos(angle), 12), round(math.sin(angle), 12)


def angle_of(x: float, y: float) -> float:
    """Radians of the vector (x, y), counter-clockwise from +x, in (-pi, pi]."""
    return round(math.atan2(y, x), 12)


def wrap(angle: float) -> float:
    """The same direction, in (-pi, pi]."""
    cos, sin = cos_sin(angle)
    return angle_of(cos, sin)


def turned(vector: Vector, yaw: float) -> Vector:
    """Counter-clockwise about the vertical axis."""
    cos, sin = cos_sin(yaw)
    return cos * vector[0] - sin * vector[1], sin * vector[0] + cos * vector[1], vector[2]


@dataclass(frozen=True)
class Footprint:
    """A rectangle on the floor: length along the way it faces, width across."""

    x: float
    y: float
    length: float
    width: float
    yaw: float

    @cached_property
    def axes(self) -> tuple[Point, Point]:
        cos, sin = cos_sin(self.yaw)
        return (cos, sin), (-sin, cos)

    @cached_property
    def corners(self) -> tuple[Point, Point, Point, Point]:
        """Counter-clockwise."""
        along, across = self.axes
        signs = ((1, 1), (-1, 1), (-1, -1), (1, -1))
        return tuple(  # pyright: ignore[reportReturnType]
            (
                self.x + (a * self.length * along[0] + b * self.width * across[0]) / 2,
                self.y + (a * self.length * along[1] + b * self.width * across[1]) / 2,
            )
            for a, b in signs
        )


def overlap(first: Footprint, second: Footprint, *, gap: float = 0.0) -> bool:
    """Whether two rectangles come closer than `gap` along every one of their four axes (separating axis test)."""
    return all(_overlap_along(axis, first, second, gap) for axis in first.axes + second.axes)


def distance(first: Footprint, second: Footprint) -> float:
    """Between the closest points of two rectangles; 0 where they overlap.

    Of two convex shapes apart from each other one closest point is a corner.
    """
    if overlap(first, second):
        return 0.0
    pairs = ((first, second), (second, first))
    return min(_to_segment(corner, *edge) for a, b in pairs for corner in a.corners for edge in _edges(b))


def _overlap_along(axis: Point, first: Footprint, second: Footprint, gap: float) -> bool:
    a = [x * axis[0] + y * axis[1] for x, y in first.corners]
    b = [x * axis[0] + y * axis[1] for x, y in second.corners]
    return min(a) < max(b) + gap and min(b) < max(a) + gap


def _edges(footprint: Footprint) -> list[tuple[Point, Point]]:
    corners = footprint.corners
    return list(zip(corners, corners[1:] + corners[:1], strict=True))


def _to_segment(point: Point, start: Point, end: Point) -> float:
    dx, dy = end[0] - start[0], end[1] - start[1]
    share = ((point[0] - start[0]) * dx + (point[1] - start[1]) * dy) / (dx * dx + dy * dy)
    share = min(1.0, max(0.0, share))
    x, y = point[0] - start[0] - share * dx, point[1] - start[1] - share * dy
    return math.sqrt(x * x + y * y)
