"""Things placed by hand, and a camera that looks at them: one metre above the floor, level, along +y."""

import math
from typing import Any

from spatialrl.scenes.camera import Camera
from spatialrl.scenes.render import Picture, render
from spatialrl.scenes.truth import Sighting, View, look
from spatialrl.scenes.world import Room, Thing, World
from spatialrl.types import Object3D

ROOM = Room(width=6.0, length=8.0, height=2.5)


def level_camera(size: int = 200) -> Camera:
    """At x = 3 and y = 0.5; 100 pixels of focal length."""
    return Camera(position=(3.0, 0.5, 1.0), yaw=math.pi / 2, pitch=0.0, focal=100.0, width=size, height=size)


def thing(category: str, colour: str, centre: tuple[float, float, float], side: float, **fields: Any) -> Thing:
    """As long, wide and high as `side`."""
    x, y, z = centre
    given = {"number": 1, "yaw": 0.0, "size": (side, side, side), **fields}
    return Thing(category=category, colour=colour, position=(x, y, z - given["size"][2] / 2), **given)


def picture(*things: Thing, size: int = 200) -> Picture:
    return render(World(room=ROOM, things=things), level_camera(size))


def view(*things: Thing, size: int = 200) -> View:
    return look(World(room=ROOM, things=things), level_camera(size), picture(*things, size=size))


def sighting(name: str, box: tuple[int, int, int, int], depth: float, **fields: Any) -> Sighting:
    """A thing in an image of 100 x 100, at a depth; far from all others in the world unless told otherwise."""
    colour, category = name.split()
    centre = fields.pop("centre", (10.0 * box[0], depth, 0.25))
    placed = thing(category, colour, centre, 0.5, **fields)
    truth = Object3D(
        id=placed.id,
        category=category,
        colour=colour,
        centre_world=placed.centre,
        centre_camera=(0.0, 0.0, depth),
        size=placed.size,
        yaw_world=placed.yaw,
        yaw_camera=0.0,
        visibility=1.0,
    )
    return Sighting(thing=placed, truth=truth, box=box, image_width=100)
