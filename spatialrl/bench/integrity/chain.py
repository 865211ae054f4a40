"""Chains of thought in explicit 3D: what is given about places and fronts, and all that is computed from it, in the
sentences the process reward reads. Right numbers or invented ones, the words are the same.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from spatialrl.types import Vector

CAMERA = "camera"
ROLES = "ABC"
DIGITS = 2

Step = tuple[str, ...]
"""A kind of sentence, and the roles it speaks of."""


@dataclass(frozen=True, slots=True)
class Stage:
    """Metres: x left, y up from the floor, z forward; the camera is at the origin."""

    places: Mapping[str, Vector]
    fronts: Mapping[str, Vector]
    """Of length 1, level."""

    def place(self, name: str) -> Vector:
        return (0.0, 0.0, 0.0) if name == CAMERA else self.places[name]

    def between(self, start: str, end: str) -> Vector:
        a, b = self.place(start), self.place(end)
        return b[0] - a[0], b[1] - a[1], b[2] - a[2]

    def axis(self, side: str, name: str) -> Vector:
        x, y, z = self.fronts[name]
        return (x, y, z) if side == "front" else (z, y, -x)


TWO: tuple[Step, ...] = (("at", "A"), ("at", "B"))
THREE: tuple[Step, ...] = (*TWO, ("at", "C"))
FRONTS: tuple[Step, ...] = (("front", "A"), ("front", "B"), ("between fronts", "A", "B"))
STEPS: dict[str, tuple[Step, ...]] = {
    "height_higher": TWO,
    "location_above": TWO,
    "location_closer_to_camera": (*TWO, ("distance", "A", CAMERA), ("distance", "B", CAMERA)),
    "location_next_to": (*TWO, ("distance", "A", "B")),
    "orientation_in_front_of": (*TWO, ("vector", "A", "B"), ("front", "A"), ("turn", "front", "A", "B")),
    "orientation_on_the_left": (*TWO, ("vector", "A", "B"), ("left", "A"), ("turn", "left", "A", "B")),
    "orientation_viewpoint": (
        ("at", "A"),
        ("vector", "A", CAMERA),
        ("front", "A"),
        ("left", "A"),
        ("turn", "front", "A", CAMERA),
        ("turn", "left", "A", CAMERA),
    ),
    "multi_object_closer_to": (*THREE, ("distance", "A", "B"), ("distance", "A", "C")),
    "multi_object_parallel": FRONTS,
    "multi_object_same_direction": FRONTS,
    "multi_object_facing": (
        *THREE,
        ("vector", "A", "B"),
        ("vector", "A", "C"),
        ("front", "A"),
        ("turn", "front", "A", "B"),
        ("turn", "front", "A", "C"),
    ),
    "multi_object_viewpoint_towards_object": (
        *TWO,
        ("vector", "A", "B"),
        ("front", "A"),
        ("left", "A"),
        ("turn", "front", "A", "B"),
        ("turn", "left", "A", "B"),
    ),
}
"""By family, the sentences that decide a question."""


def write_chain(family: str, things: Sequence[str], stage: Stage) -> str:
    """`things` are the names of A, B and C."""
    names = dict(zip(ROLES, things, strict=False)) | {CAMERA: CAMERA}
    return " ".join(_sentence(step, names, stage) for step in STEPS[family])


def cosine(a: Vector, b: Vector) -> float:
    product = math.fsum(x * y for x, y in zip(a, b, strict=True))
    return max(-1.0, min(1.0, product / (math.hypot(*a) * math.hypot(*b))))


def _sentence(step: Step, names: Mapping[str, str], stage: Stage) -> str:
    kind, *words = step
    if kind == "turn":
        side, *words = words
        name, target = (names[word] for word in words)
        value = cosine(stage.axis(side, name), stage.between(name, target))
        return _turn(f"the {side} direction of the {name}", f"the vector from the {name} to the {target}", value)
    first, *rest = (names[word] for word in words)
    match kind:
        case "at":
            return f"The 3D location of the {first} is {_vector(stage.place(first))}."
        case "front" | "left":
            return f"The {kind} direction of the {first} is {_vector(stage.axis(kind, first))}."
        case "vector":
            return f"The vector from the {first} to the {rest[0]} is {_vector(stage.between(first, rest[0]))}."
        case "between fronts":
            value = cosine(stage.axis("front", first), stage.axis("front", rest[0]))
            return _turn(f"the front direction of the {first}", f"the front direction of the {rest[0]}", value)
    metres = f"{math.hypot(*stage.between(first, rest[0])):.{DIGITS}f}"
    if rest[0] == CAMERA:
        return f"The distance from the {first} to the camera is {metres}."
    return f"The distance between the {first} and the {rest[0]} is {metres}."


def _turn(one: str, other: str, value: float) -> str:
    degrees = math.degrees(math.acos(value))
    return (
        f"The cosine similarity between {one} and {other} is {value:.{DIGITS}f}, "
        f"corresponding to an angle of {degrees:.{DIGITS}f} degrees."
    )


def _vector(value: Vector) -> str:
    return f"({', '.join(f'{number:.{DIGITS}f}' for number in value)})"
