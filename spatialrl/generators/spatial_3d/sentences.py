"""The sentences of a chain of thought in explicit 3D, in the very words that `spatialrl.rewards.parse` reads."""

import math

from spatialrl.generators.spatial_3d.scene import Thing
from spatialrl.generators.spatial_3d.stage import DECIMALS, Stage
from spatialrl.types import Vector


def at(stage: Stage, *things: Thing) -> list[str]:
    return [f"The 3D location of the {thing.name} is {vector_text(stage.place(thing))}." for thing in things]


def camera_at(stage: Stage) -> str:
    return f"The location of the camera is {vector_text(stage.camera)}."


def vector(stage: Stage, start: Thing, end: Thing | None) -> str:
    return f"The vector from the {start.name} to the {_name(end)} is {vector_text(stage.vector(start, end))}."


def axis(stage: Stage, side: str, thing: Thing) -> str:
    return f"The {side} direction of the {thing.name} is {vector_text(stage.axis(side, thing))}."


def turn(stage: Stage, side: str, thing: Thing, target: Thing | None) -> str:
    way = f"the vector from the {thing.name} to the {_name(target)}"
    return _similarity(f"the {side} direction of the {thing.name}", way, stage.turn(side, thing, target))


def between_fronts(stage: Stage, first: Thing, second: Thing) -> str:
    value = stage.between_fronts(first, second)
    return _similarity(f"the front direction of the {first.name}", f"the front direction of the {second.name}", value)


def from_camera(stage: Stage, thing: Thing) -> str:
    return f"The distance from the {thing.name} to the camera is {number_text(stage.distance(thing, None))}."


def between(stage: Stage, first: Thing, second: Thing) -> str:
    return (
        f"The distance between the {first.name} and the {second.name} is {number_text(stage.distance(first, second))}."
    )


def vector_text(value: Vector) -> str:
    return f"({', '.join(map(number_text, value))})"


def number_text(value: float) -> str:
    """Never -0.00, and always with decimals."""
    return f"{round(value, DECIMALS) + 0.0:.{DECIMALS}f}"


def _similarity(one: str, other: str, value: float) -> str:
    degrees = number_text(math.degrees(math.acos(value)))
    return (
        f"The cosine similarity between {one} and {other} is {number_text(value)}, "
        f"corresponding to an angle of {degrees} degrees."
    )


def _name(thing: Thing | None) -> str:
    return "camera" if thing is None else thing.name
