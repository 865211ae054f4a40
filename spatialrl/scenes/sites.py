"""Where a thing may stand: in view of a camera, or anywhere off a camera's path."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from spatialrl.dice import Dice
from spatialrl.scenes.camera import Camera
from spatialrl.scenes.geometry import Footprint, Point, distance, turned
from spatialrl.scenes.solids import axes_of, corners
from spatialrl.scenes.world import Room, Thing
from spatialrl.types import Box

KEEP_CLEAR_M = 1.0
"""Between a camera and any thing."""
RIM = 0.01
"""Of the image's width, that stays free at its edges."""


class Site(Protocol):
    def propose(self, dice: Dice) -> Point: ...

    def accepts(self, thing: Thing, others: Sequence[Thing]) -> bool: ...


@dataclass(frozen=True)
class InView:
    """Spread evenly over the columns of the first camera's image and over depth; for every camera wholly in frame, and
    not too much behind another."""

    cameras: Sequence[Camera]
    room: Room
    hiding: float

    def propose(self, dice: Dice) -> Point:
        camera = self.cameras[0]
        depth = dice.uniform(1.5, self.room.length)
        sideways = dice.uniform(-0.46, 0.46) * camera.width / camera.focal * depth
        x, y, _ = turned((depth, -sideways, 0.0), camera.yaw)
        return round(camera.position[0] + x, 3), round(camera.position[1] + y, 3)

    def accepts(self, thing: Thing, others: Sequence[Thing]) -> bool:
        return all(self._is_seen(thing, others, camera) for camera in self.cameras)

    def _is_seen(self, thing: Thing, others: Sequence[Thing], camera: Camera) -> bool:
        if not _is_clear(thing, camera):
            return False
        box = projected_box(thing, camera)
        rim = RIM * camera.width
        if min(box[0], box[1]) < rim or box[2] > camera.width - rim or box[3] > camera.height - rim:
            return False
        return all(
            _overlap(box, projected_box(other, camera)) <= self.hiding for other in others if other.id != thing.holder
        )


@dataclass(frozen=True)
class OffPath:
    """Anywhere in the room that no camera of a path comes close to."""

    cameras: Sequence[Camera]
    room: Room

    def propose(self, dice: Dice) -> Point:
        return dice.uniform(0.0, self.room.width), dice.uniform(0.0, self.room.length)

    def accepts(self, thing: Thing, others: Sequence[Thing]) -> bool:
        return all(_is_clear(thing, camera) for camera in self.cameras)


def projected_box(thing: Thing, camera: Camera) -> Box:
    """Around the projection of the block around a thing."""
    block = corners(thing.centre, thing.size, axes_of(thing.yaw))
    xs, ys = zip(*(camera.project(corner) for corner in block), strict=True)
    return min(xs), min(ys), max(xs), max(ys)


def _is_clear(thing: Thing, camera: Camera) -> bool:
    x, y, _ = camera.position
    return distance(thing.footprint, Footprint(x, y, 0.01, 0.01, 0.0)) >= KEEP_CLEAR_M


def _overlap(first: Box, second: Box) -> float:
    """Shared area as a share of the smaller box."""
    width = min(first[2], second[2]) - max(first[0], second[0])
    height = min(first[3], second[3]) - max(first[1], second[1])
    if width <= 0 or height <= 0:
        return 0.0
    areas = [(box[2] - box[0]) * (box[3] - box[1]) for box in (first, second)]
    return width * height / min(areas)
