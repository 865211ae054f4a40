"""What is known in 3D of one image: its things in the coordinates in which chains of thought are written. x is left, y up
from the floor, z level and forward, in metres; the camera is above the origin.
"""

import math
from dataclasses import dataclass, replace

from spatialrl.contrasts.mirror import mirrored_box, mirrored_object
from spatialrl.types import Box, Media, Object3D, Vector


@dataclass(frozen=True, slots=True, kw_only=True)
class Thing:
    """One thing that a question may speak of."""

    name: str
    """The only thing in the image that is called so."""
    category: str
    place: Vector
    """Its centre."""
    low: Vector
    """The least coordinates of the block around it, along the axes."""
    high: Vector
    yaw: float | None
    """Where its front looks, in radians: 0 is forward, positive turns left; None where a front can't be told."""
    box: Box
    """In pixels of the image."""
    truth: Object3D

    @property
    def id(self) -> str:
        return self.truth.id


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    id: str
    media: Media
    camera_height: float
    things: tuple[Thing, ...]
    objects_3d: tuple[Object3D, ...]
    """Of every thing that is seen, also of those that no question speaks of."""


def mirrored(scene: Scene) -> Scene:
    """What the image shows when its left and right are exchanged."""
    return replace(
        scene,
        media=replace(scene.media, mirrored=not scene.media.mirrored),
        things=tuple(_mirrored_thing(thing, scene.media.width) for thing in scene.things),
        objects_3d=tuple(map(mirrored_object, scene.objects_3d)),
    )


def _mirrored_thing(thing: Thing, width: int) -> Thing:
    (x, y, z), (x1, y1, z1), (x2, y2, z2) = thing.place, thing.low, thing.high
    return replace(
        thing,
        place=(-x, y, z),
        low=(-x2, y1, z1),
        high=(-x1, y2, z2),
        yaw=None if thing.yaw is None else -thing.yaw,
        box=mirrored_box(thing.box, width),
        truth=mirrored_object(thing.truth),
    )


def gap(first: Thing, second: Thing) -> float:
    """Metres between the blocks around two things; 0 where they touch. Blocks along the axes are larger than what they
    hold, so that the things themselves may be farther apart."""
    sides = zip(first.low, first.high, second.low, second.high, strict=True)
    return math.hypot(*(max(0.0, low2 - high1, low1 - high2) for low1, high1, low2, high2 in sides))


def level_gap(first: Thing, second: Thing) -> float:
    """The same, seen from above."""
    return math.hypot(
        *(max(0.0, second.low[axis] - first.high[axis], first.low[axis] - second.high[axis]) for axis in (0, 2))
    )
