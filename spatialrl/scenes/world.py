"""A scene as it is, before anybody looks: a room and the things in it, in metres. World: x right, y forward, z up, with
the origin in a corner of the floor.
"""

from dataclasses import dataclass
from functools import cached_property

from spatialrl.scenes.catalogue import KINDS
from spatialrl.scenes.geometry import Footprint
from spatialrl.scenes.solids import Solid, axes_of, place
from spatialrl.types import Vector


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    width: float
    """Along x."""
    length: float
    """Along y."""
    height: float

    @property
    def area(self) -> float:
        """Square metres of floor."""
        return round(self.width * self.length, 4)


@dataclass(frozen=True, kw_only=True)
class Thing:
    category: str
    colour: str
    number: int
    """Counts the things of the same colour and category, from 1."""
    position: Vector
    """The middle of its underside."""
    size: Vector
    """Along the way it faces, across, and up."""
    yaw: float
    holder: str = ""
    """Id of the thing it stands on or lies in; empty for the floor."""

    @property
    def name(self) -> str:
        return f"{self.colour} {self.category}"

    @property
    def id(self) -> str:
        return f"{self.colour}_{self.category}.{self.number}"

    @property
    def centre(self) -> Vector:
        return self.position[0], self.position[1], round(self.position[2] + self.size[2] / 2, 6)

    @cached_property
    def footprint(self) -> Footprint:
        return Footprint(self.position[0], self.position[1], self.size[0], self.size[1], self.yaw)

    @property
    def solids(self) -> tuple[Solid, ...]:
        axes = axes_of(self.yaw)
        return tuple(place(part, self.position, axes) for part in KINDS[self.category].build(self.size))


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    room: Room
    things: tuple[Thing, ...]
    kinds: tuple[str, ...] = tuple(KINDS)
    """That could have stood here."""
