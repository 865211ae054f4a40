"""Geometry of a radar chart: one spoke for each benchmark, one outline for each model. Pixels only."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

CENTRE, RADIUS = 230, 150
LABEL = 18
"""Beyond the end of a spoke."""
RINGS = (25, 50, 75, 100)
FEWEST = 3
"""Spokes; fewer make no area."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Spoke:
    name: str
    x: float
    y: float
    label_x: float
    label_y: float
    anchor: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Radar:
    spokes: list[Spoke]
    rings: list[str]
    outlines: list[str]
    """By model: corners as SVG takes them."""


def radar(names: Sequence[str], scores: Sequence[Sequence[float]]) -> Radar | None:
    """`scores` in percent, by model and by name. None where there are too few names."""
    if len(names) < FEWEST:
        return None
    return Radar(
        spokes=[spoke(name, place, len(names)) for place, name in enumerate(names)],
        rings=[corners([ring] * len(names)) for ring in RINGS],
        outlines=[corners(values) for values in scores],
    )


def spoke(name: str, place: int, num: int) -> Spoke:
    x, y = point(100, place, num)
    angle = turn(place, num)
    across = math.sin(angle)
    anchor = "middle" if abs(across) < 0.2 else "start" if across > 0 else "end"
    label_x, label_y = CENTRE + (RADIUS + LABEL) * across, CENTRE - (RADIUS + LABEL) * math.cos(angle)
    return Spoke(name=name, x=x, y=y, label_x=round(label_x, 1), label_y=round(label_y + 4, 1), anchor=anchor)


def corners(values: Sequence[float]) -> str:
    points = (point(value, place, len(values)) for place, value in enumerate(values))
    return " ".join(f"{x:g},{y:g}" for x, y in points)


def point(percent: float, place: int, num: int) -> tuple[float, float]:
    """The first spoke points up, the others follow clockwise."""
    reach, angle = RADIUS * max(0.0, percent) / 100, turn(place, num)
    return round(CENTRE + reach * math.sin(angle), 1), round(CENTRE - reach * math.cos(angle), 1)


def turn(place: int, num: int) -> float:
    return 2 * math.pi * place / num
