"""What things are made of: convex solids, each some half-spaces and at most one quadric. Everything a ray needs to know
about a solid is linear or quadratic in the ray, so the renderer has one case.
"""

from dataclasses import dataclass
from typing import Literal

from spatialrl.scenes.geometry import dot, minus, plus, times, turned
from spatialrl.types import Vector

Paint = Literal["main", "trim", "front"]
PAINTS: tuple[Paint, ...] = ("main", "trim", "front")


@dataclass(frozen=True, slots=True)
class Plane:
    """The half-space normal . point <= offset."""

    normal: Vector
    offset: float
    paint: Paint


@dataclass(frozen=True, slots=True)
class Quadric:
    """The points p with sum of weights * (axes . (p - centre))^2 <= constant."""

    centre: Vector
    axes: tuple[Vector, Vector, Vector]
    weights: Vector
    constant: float
    paint: Paint


@dataclass(frozen=True, slots=True)
class Solid:
    planes: tuple[Plane, ...]
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


def place(part: Part, position: Vector, yaw: float) -> Solid:
    """The part of an object that stands at `position` and faces `yaw`, in the world."""
    axes = (turned((1.0, 0.0, 0.0), yaw), turned((0.0, 1.0, 0.0), yaw), (0.0, 0.0, 1.0))
    centre = plus(position, turned(part.centre, yaw))
    return Solid(
        planes=tuple(_planes(part, centre, axes)),
        quadric=_quadric(part, centre, axes),
        corners=corners(centre, part.size, axes),
    )


def corners(centre: Vector, size: Vector, axes: tuple[Vector, Vector, Vector]) -> tuple[Vector, ...]:
    """The eight corners of a block."""
    along, across, up = (times(axis, side / 2) for axis, side in zip(axes, size, strict=True))
    edges = [end for middle in (plus(centre, up), minus(centre, up)) for end in (plus(middle, along), minus(middle, along))]
    return tuple(corner for edge in edges for corner in (plus(edge, across), minus(edge, across)))


def _planes(part: Part, centre: Vector, axes: tuple[Vector, Vector, Vector]) -> list[Plane]:
    sides = {"block": (0, 1, 2), "tube": (2,), "ball": ()}[part.shape]
    planes = []
    for side in sides:
        for sign in (1.0, -1.0):
            normal = times(axes[side], sign)
            paint = part.front if part.front and (side, sign) == (0, 1.0) else part.paint
            planes.append(Plane(normal, dot(normal, centre) + part.size[side] / 2, paint))
    return planes


def _quadric(part: Part, centre: Vector, axes: tuple[Vector, Vector, Vector]) -> Quadric | None:
    if part.shape == "block":
        return None
    a, b, c = (2 / side for side in part.size)
    if part.shape == "ball":
        return Quadric(centre, axes, (a * a, b * b, c * c), 1.0, part.paint)
    if not part.taper:
        return Quadric(centre, axes, (a * a, b * b, 0.0), 1.0, part.paint)
    reach = part.size[2] / part.taper
    apex = plus(centre, (0.0, 0.0, reach - part.size[2] / 2))
    return Quadric(apex, axes, (a * a, b * b, -1 / (reach * reach)), 0.0, part.paint)
