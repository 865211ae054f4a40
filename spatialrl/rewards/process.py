"""A chain of thought in explicit 3D, run as a small program: what it states about places and directions is given, and
all that it computes from them is computed again. Nothing here knows what is true of the scene, only what follows.

The camera stands at the origin unless the text places it elsewhere. Numbers are written with two decimals, so that a
recomputed value may differ by ABSOLUTE, or by RELATIVE of its size; an angle by DEGREES.
"""

import math
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice, permutations
from typing import TypeVar

from spatialrl.rewards.parse import (
    CAMERA,
    Angle,
    Axis,
    Cosine,
    Direction,
    Displacement,
    Distance,
    Location,
    Operand,
    Span,
    Statement,
)
from spatialrl.types import Vector

Key = TypeVar("Key", bound=Hashable)

ABSOLUTE = 0.05
RELATIVE = 0.02
DEGREES = 5.0
ORIGIN: Vector = (0.0, 0.0, 0.0)
MAX_PAIRS = 200
"""Of stated vectors that are tried where a sentence does not name the two it speaks of."""


@dataclass(frozen=True, slots=True)
class Check:
    """One thing a text states, by its kind; said twice it is one check, right where it is right every time."""

    group: str
    right: bool


@dataclass(frozen=True)
class Program:
    statements: Sequence[Statement]

    @cached_property
    def places(self) -> dict[str, Vector]:
        """As first stated."""
        return _first((item.name, item.at) for item in self.statements if isinstance(item, Location))

    @cached_property
    def axes(self) -> dict[Axis, Vector]:
        return _first((item.of, item.value) for item in self.statements if isinstance(item, Direction))

    @cached_property
    def displacements(self) -> dict[Span, Vector]:
        return _first((item.of, item.value) for item in self.statements if isinstance(item, Displacement))

    @property
    def things(self) -> list[str]:
        """What has a place, the camera aside."""
        return [name for name in self.places if name != CAMERA]

    def place(self, name: str) -> Vector | None:
        return self.places.get(name, ORIGIN if name == CAMERA else None)

    def vector(self, operand: Operand) -> Vector | None:
        """Recomputed from places; a displacement whose ends have none is taken as it is stated."""
        if isinstance(operand, Axis):
            return self.axes.get(operand)
        if isinstance(operand, str):
            return None
        start, end = self.place(operand.start), self.place(operand.end)
        return self.displacements.get(operand) if start is None or end is None else minus(end, start)

    def distance(self, first: str, second: str) -> float | None:
        ends = self.place(first), self.place(second)
        return None if ends[0] is None or ends[1] is None else math.dist(ends[0], ends[1])

    def cosine(self, first: Operand, second: Operand) -> float | None:
        vectors = self.vector(first), self.vector(second)
        return None if vectors[0] is None or vectors[1] is None else cosine(vectors[0], vectors[1])

    def checks(self) -> list[Check]:
        """In the order of the text; what is true of anything, such as the distance from a thing to itself, is none."""
        verdicts: dict[tuple[str, object], bool] = {}
        for statement in self.statements:
            found = None if is_trivial(statement) else self._judged(statement)
            if found is not None:
                group, key, right = found
                verdicts[group, key] = verdicts.get((group, key), True) and right
        return [Check(group, right) for (group, _), right in verdicts.items()]

    def _judged(self, statement: Statement) -> tuple[str, object, bool] | None:
        """Its kind, what it speaks of, and whether it is right."""
        match statement:
            case Location(name, at):
                return "location", name, close(at, self.places[name])
            case Direction(axis, value):
                return axis.side, axis, close(value, self.axes[axis]) and near(math.hypot(*value), 1.0)
            case Displacement(span, value):
                # Without two places there is nothing it could follow from.
                ends = self.place(span.start), self.place(span.end)
                return "vector", span, None not in ends and close(value, self.vector(span))
            case Distance(first, second, metres):
                pair = frozenset((first, second))
                return "from camera" if CAMERA in pair else "between", pair, near(metres, self.distance(first, second))
            case Cosine(first, second) | Angle(first, second):
                return "turn", frozenset((first, second)), self._is_turn(statement)
        # A height may be that of the thing or that of its place; a conclusion is not a number.
        return None

    def _is_turn(self, statement: Cosine | Angle) -> bool:
        return any(_agrees(statement, value) for value in self._possible_cosines(statement.first, statement.second))

    def _possible_cosines(self, first: Operand, second: Operand) -> list[float | None]:
        """Of `the two vectors`, those of any two that are stated."""
        if not isinstance(first, str) and not isinstance(second, str):
            return [self.cosine(first, second)]
        stated = [*self.axes.values(), *self.displacements.values()]
        return [cosine(a, b) for a, b in islice(permutations(stated, 2), MAX_PAIRS)]


def names(statement: Statement) -> set[str]:
    """Of the things that a statement speaks of."""
    match statement:
        case Location(name, _):
            return {name}
        case Direction(of, _) | Displacement(of, _):
            return _owners(of)
        case Distance(first, second, _):
            return {first, second}
        case Cosine(first, second) | Angle(first, second):
            return _owners(first) | _owners(second)
    return set()


def is_trivial(statement: Statement) -> bool:
    """Of one thing only, where two are compared."""
    return isinstance(statement, Displacement | Distance | Cosine | Angle) and len(names(statement)) == 1


def _owners(operand: Operand) -> set[str]:
    if isinstance(operand, str):
        return set()
    return {operand.name} if isinstance(operand, Axis) else {operand.start, operand.end}


def _agrees(statement: Cosine | Angle, value: float | None) -> bool:
    if value is None:
        return False
    if isinstance(statement, Cosine):
        return abs(statement.value - value) <= ABSOLUTE
    return abs(statement.degrees - math.degrees(math.acos(value))) <= DEGREES


def near(stated: float, recomputed: float | None) -> bool:
    return recomputed is not None and abs(stated - recomputed) <= max(ABSOLUTE, RELATIVE * abs(recomputed))


def close(stated: Vector, recomputed: Vector | None) -> bool:
    return recomputed is not None and all(near(a, b) for a, b in zip(stated, recomputed, strict=True))


def minus(a: Vector, b: Vector) -> Vector:
    return a[0] - b[0], a[1] - b[1], a[2] - b[2]


def cosine(a: Vector, b: Vector) -> float | None:
    """None where one of the two has no length."""
    lengths = math.hypot(*a) * math.hypot(*b)
    product = math.fsum(x * y for x, y in zip(a, b, strict=True))
    return max(-1.0, min(1.0, product / lengths)) if lengths else None


def _first(pairs: Iterable[tuple[Key, Vector]]) -> dict[Key, Vector]:
    found: dict[Key, Vector] = {}
    for key, value in pairs:
        found.setdefault(key, value)
    return found
