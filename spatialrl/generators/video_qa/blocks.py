"""Upright blocks around things, in metres: x and y level, z up. Distances are between the closest points of two blocks."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from spatialrl.scenes.geometry import Footprint, Point, distance
from spatialrl.types import Vector

UPRIGHT = 0.99
"""Least |cosine| of an axis of a block with the vertical."""
SAME_M = 0.05
"""By which a turned block may miss the limits that are stated of it."""


@dataclass(frozen=True, slots=True)
class Block:
    footprint: Footprint
    low: float
    """Height of its underside."""
    high: float

    @property
    def centre(self) -> Vector:
        return self.footprint.x, self.footprint.y, (self.low + self.high) / 2

    @property
    def longest_m(self) -> float:
        return max(self.footprint.length, self.footprint.width, self.high - self.low)


def gap(first: Block, second: Block) -> float:
    """0 where they touch or overlap."""
    upwards = max(0.0, first.low - second.high, second.low - first.high)
    return math.hypot(distance(first.footprint, second.footprint), upwards)


def aligned(low: Sequence[float], high: Sequence[float]) -> Block:
    (x1, y1, z1), (x2, y2, z2) = low, high
    return Block(Footprint((x1 + x2) / 2, (y1 + y2) / 2, x2 - x1, y2 - y1, 0.0), z1, z2)


def turned(centre: Sequence[float], lengths: Sequence[float], axes: Sequence[Sequence[float]]) -> Block | None:
    """`axes` are the directions of the three lengths. None where the block does not stand upright."""
    up = max(range(3), key=lambda index: abs(axes[index][2]))
    if abs(axes[up][2]) < UPRIGHT:
        return None
    along, across = (index for index in range(3) if index != up)
    yaw = round(math.atan2(axes[along][1], axes[along][0]), 6)
    footprint = Footprint(centre[0], centre[1], lengths[along], lengths[across], yaw)
    return Block(footprint, centre[2] - lengths[up] / 2, centre[2] + lengths[up] / 2)


def fits(block: Block, low: Sequence[float], high: Sequence[float]) -> bool:
    """Whether these are the least and greatest coordinates of the block."""
    xs, ys = zip(*block.footprint.corners, strict=True)
    limits = (min(xs), min(ys), block.low, max(xs), max(ys), block.high)
    return all(abs(a - b) <= SAME_M for a, b in zip(limits, (*low, *high), strict=True))


def crosses(start: Point, end: Point, footprint: Footprint, *, clear_m: float) -> bool:
    """Whether the straight way between two points comes closer to a footprint than this, by the separating axis test."""
    wide = Footprint(
        footprint.x, footprint.y, footprint.length + 2 * clear_m, footprint.width + 2 * clear_m, footprint.yaw
    )
    length = math.hypot(end[0] - start[0], end[1] - start[1])
    if not length:
        return contains(wide, start)
    normal = (start[1] - end[1]) / length, (end[0] - start[0]) / length
    return all(_overlap(axis, (start, end), wide.corners) for axis in (*wide.axes, normal))


def contains(footprint: Footprint, point: Point) -> bool:
    return all(
        abs((point[0] - footprint.x) * axis[0] + (point[1] - footprint.y) * axis[1]) <= side / 2
        for axis, side in zip(footprint.axes, (footprint.length, footprint.width), strict=True)
    )


def _overlap(axis: Point, first: Sequence[Point], second: Sequence[Point]) -> bool:
    a, b = ([x * axis[0] + y * axis[1] for x, y in points] for points in (first, second))
    return min(a) < max(b) and min(b) < max(a)


def limits(blocks: Sequence[Block]) -> tuple[Point, Point]:
    """The least and the greatest level coordinates of some blocks."""
    corners = [corner for block in blocks for corner in block.footprint.corners]
    xs, ys = zip(*corners, strict=True)
    return (min(xs), min(ys)), (max(xs), max(ys))
