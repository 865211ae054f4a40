"""What things are made of: convex solids, each some slabs and at most one quadric. Everything a ray needs to know about
a solid is linear or quadratic in the ray, so the renderer has one case.
"""

from dataclasses import dataclass
from typing import Literal, NamedTuple

from spatialrl.scenes.geometry import dot, minus, plus, times, turned
from spatialrl.types import Vector

Paint = Literal["main", "trim", "front"]
PAINTS: tuple[Paint, ...] = ("main", "trim", "front")
SLAB_SIDES = {"block": (0, 1, 2), "tube": (2,), "ball": ()}

Axes = tuple[Vector, Vector, Vector]


class Slab(NamedTuple):
    """The points between two parallel planes: low <= axis . point <= high."""

    axis: Vector
    low: float
    high: float
    low_paint: Paint
    high_paint: Paint


class Quadric(NamedTuple):
    """The points at (x, y, z) from the centre with x^2 + y^2 + bend * z^2 <= limit: round about the vertical.

    A ball has bend 1, a cylinder 0, and a double cone a bend below 0 and limit 0.
    """

    centre: Vector
    bend: float
    limit: float
    paint: Paint


class Solid(NamedTuple):
    slabs: tuple[Slab, ...]
    quadric: Quadric | None
    corners: tuple[Vector, ...]
    """Of a block around it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A solid in the frame of its object: x the way the object faces, z up, origin in the middle of its underside."""

    shape: Literal["block", "ball", "tube"]
    centre: Vector
    size: Vector
    paint: Paint = "main"
    front: Paint | None = None
    """Blocks only: paint of the face that looks forward."""
    taper: float = 0.0
    """Tubes only: how much narrower the top is; 0 is a cylinder, 1 a cone."""


def place(part: Part, position: Vector, axes: Axes) -> Solid:
    """The part of an object that stands at `position`, in the world."""
    along, across, up = axes
    x, y, z = part.centre
    centre = plus(plus(position, times(along, x)), plus(times(across, y), times(up, z)))
    return Solid(
        slabs=tuple(_slab(part, centre, axes, side) for side in SLAB_SIDES[part.shape]),
        quadric=_quadric(part, centre),
        corners=corners(centre, part.size, axes),
    )


def axes_of(yaw: float) -> Axes:
    """The way an object faces, its left, and up."""
    return turned((1.0, 0.0, 0.0), yaw), turned((0.0, 1.0, 0.0), yaw), (0.0, 0.0, 1.0)


def corners(centre: Vector, size: Vector, axes: Axes) -> tuple[Vector, ...]:
    """The eight corners of a block."""
    along, across, up = (times(axis, side / 2) for axis, side in zip(axes, size, strict=True))
    middles = plus(centre, up), minus(centre, up)
    edges = [edge for middle in middles for edge in (plus(middle, along), minus(middle, along))]
    return tuple(corner for edge in edges for corner in (plus(edge, across), minus(edge, across)))


def _slab(part: Part, centre: Vector, axes: Axes, side: int) -> Slab:
    middle, half = dot(axes[side], centre), part.size[side] / 2
    front = part.front if part.front and side == 0 else part.paint
    return Slab(axes[side], middle - half, middle + half, part.paint, front)


def _quadric(part: Part, centre: Vector) -> Quadric | None:
    if part.shape == "block":
        return None
    length, width, height = part.size
    assert length == width, "only round balls and tubes"
    radius = length / 2
    if part.shape == "ball" or not part.taper:
        return Quadric(centre, 1.0 if part.shape == "ball" else 0.0, radius * radius, part.paint)
    reach = height / part.taper
    apex = plus(centre, (0.0, 0.0, reach - height / 2))
    return Quadric(apex, -(radius / reach) * (radius / reach), 0.0, part.paint)
