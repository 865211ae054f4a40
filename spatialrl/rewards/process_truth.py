"""The true place and direction of what a chain of thought speaks of, in the coordinates it is written in: x left, y up
from the floor, z level and forward, with the camera above the origin."""

import math
from collections import Counter
from collections.abc import Sequence

from spatialrl.rewards.labels import label
from spatialrl.rewards.parse import Axis
from spatialrl.types import Object3D, Vector


def by_name(objects: Sequence[Object3D]) -> dict[str, Object3D]:
    """Every name that means exactly one object: its id, its colour and category, its category."""
    names = {
        thing.id: {_words(thing.id), _words(f"{thing.colour} {thing.category}"), _words(thing.category)}
        for thing in objects
    }
    uses = Counter(name for of_one in names.values() for name in of_one)
    return {name: thing for thing in objects for name in names[thing.id] if uses[name] == 1}


def places(objects: Sequence[Object3D]) -> dict[str, Vector]:
    """By id. The camera's pitch is the turn that brings the objects' heights from camera to world coordinates."""
    pitch = _pitch(objects)
    return {thing.id: _level(thing, pitch) for thing in objects}


def axis_vector(thing: Object3D, axis: Axis) -> Vector:
    """Of length 1, level."""
    yaw = thing.yaw_camera if axis.side == "front" else thing.yaw_camera + math.pi / 2
    return math.sin(yaw), 0.0, math.cos(yaw)


def _level(thing: Object3D, pitch: float) -> Vector:
    x, y, z = thing.centre_camera
    return -x, thing.centre_world[2], math.cos(pitch) * z + math.sin(pitch) * y


def _pitch(objects: Sequence[Object3D]) -> float:
    """Radians by which the camera looks up: 0 where there is only one object to tell it from.

    Camera and world coordinates of an object differ, seen from the side, by a turn and a shift. `yaw_world` and
    `yaw_camera` say where level forward is in the world; the turn then is that of the least squares.
    """
    seen = [(thing.centre_camera[2], -thing.centre_camera[1]) for thing in objects]
    real = [(_forward(thing), thing.centre_world[2]) for thing in objects]
    pairs = list(zip(_centred(seen), _centred(real), strict=True))
    crosses = math.fsum(a[0] * b[1] - a[1] * b[0] for a, b in pairs)
    dots = math.fsum(a[0] * b[0] + a[1] * b[1] for a, b in pairs)
    return math.atan2(crosses, dots)


def _forward(thing: Object3D) -> float:
    """Metres along the level direction in which the camera looks, from the origin of the world."""
    heading = thing.yaw_world - thing.yaw_camera
    return math.cos(heading) * thing.centre_world[0] + math.sin(heading) * thing.centre_world[1]


def _centred(points: list[tuple[float, float]]) -> list[tuple[float, float]]:
    means = [math.fsum(values) / len(points) for values in zip(*points, strict=True)]
    return [(x - means[0], y - means[1]) for x, y in points]


def _words(name: str) -> str:
    return " ".join(label(name).split())
