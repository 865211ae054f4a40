"""Geometry of one small line chart per number. Pixels only: the template draws, the style sheet colours."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from statistics import fmean
from typing import Any

WIDTH, HEIGHT = 320, 170
LEFT, RIGHT, TOP, BOTTOM = 46, 10, 10, 34
MOST_POINTS = 240
"""More steps than this are drawn as means of neighbours."""
SMOOTHED_FROM = 12
"""Fewer points need no running mean."""
FLAT = 1e-4
"""A number that moves by less than this share of itself is told, not drawn."""

UNITS = {
    "_s": "seconds",
    "_gb": "GB",
    "tokens": "tokens",
    "tokens_mean": "tokens",
    "tokens_max": "tokens",
    "bytes": "bytes",
}
"""By the end of a metric's name."""

Point = tuple[float, float]
Tick = tuple[float, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    name: str
    unit: str
    line: str
    """An SVG path through every point."""
    trend: str
    """The running mean, or empty."""
    dots: list[Point]
    """Where there are too few points for a line to be seen."""
    x_ticks: list[Tick]
    y_ticks: list[Tick]
    first: str
    last: str


def sections(rows: Sequence[dict[str, Any]]) -> dict[str, list[str]]:
    """Names of the metrics by their section, in the order a run reports them."""
    names = dict.fromkeys(key for row in rows for key in row if "/" in key)
    return {section: list(group) for section, group in groupby(sorted(names, key=section_of), key=section_of)}


def section_of(name: str) -> str:
    return name.split("/", 1)[0]


def curve(name: str, rows: Sequence[dict[str, Any]]) -> list[Point]:
    """Steps and finite values."""
    return [(float(row["step"]), float(row[name])) for row in rows if math.isfinite(row.get(name, math.nan))]


def is_flat(points: Sequence[Point]) -> bool:
    low, high = min(y for _, y in points), max(y for _, y in points)
    return high - low <= FLAT * max(abs(low), abs(high))


def line_chart(name: str, points: Sequence[Point]) -> Chart:
    drawn = thinned(points)
    trend = running_mean(drawn)
    x_ticks = step_ticks(points[0][0], points[-1][0])
    y_ticks = nice_ticks(*padded(min(y for _, y in drawn), max(y for _, y in drawn)))
    x_scale = scale(points[0][0], points[-1][0], LEFT, WIDTH - RIGHT)
    y_scale = scale(y_ticks[0], y_ticks[-1], HEIGHT - BOTTOM, TOP)

    def place(values: Sequence[Point]) -> list[Point]:
        return [(round(x_scale(x), 1), round(y_scale(y), 1)) for x, y in values]

    return Chart(
        name=name.split("/", 1)[1].removesuffix("_s").removesuffix("_gb"),
        unit=next((unit for end, unit in UNITS.items() if name.endswith(end)), ""),
        line=path(place(drawn)),
        trend=path(place(trend)),
        dots=place(drawn) if len(drawn) < 3 else [],
        x_ticks=[(round(x_scale(x), 1), compact(x)) for x in x_ticks],
        y_ticks=[(round(y_scale(y), 1), text) for y, text in zip(y_ticks, tick_labels(y_ticks), strict=True)],
        first=compact(points[0][1]),
        last=compact(points[-1][1]),
    )


def path(points: Sequence[Point]) -> str:
    return "M" + "L".join(f"{x:g} {y:g}" for x, y in points) if points else ""


def scale(low: float, high: float, start: float, end: float) -> Callable[[float], float]:
    """A linear map; one single value lands in the middle."""
    if high == low:
        return lambda value: (start + end) / 2
    return lambda value: start + (value - low) / (high - low) * (end - start)


def thinned(points: Sequence[Point]) -> list[Point]:
    size = math.ceil(len(points) / MOST_POINTS)
    chunks = [points[i : i + size] for i in range(0, len(points), size)]
    return [(fmean(x for x, _ in chunk), fmean(y for _, y in chunk)) for chunk in chunks]


def running_mean(points: Sequence[Point]) -> list[Point]:
    """Each point with its neighbours on both sides; fewer at the ends, the same number left and right."""
    if len(points) < SMOOTHED_FROM:
        return []
    reach = max(1, len(points) // 14)
    smooth = []
    for i, (x, _) in enumerate(points):
        near = min(reach, i, len(points) - 1 - i)
        smooth.append((x, fmean(y for _, y in points[i - near : i + near + 1])))
    return smooth


def padded(low: float, high: float) -> tuple[float, float]:
    """A flat curve gets room above and below."""
    return (low, high) if high > low else (low - (abs(low) or 1.0) * 0.1, high + (abs(high) or 1.0) * 0.1)


def nice_ticks(low: float, high: float, *, most: int = 4) -> list[float]:
    """Round numbers that enclose [low, high]."""
    rough = (high - low) / most
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(factor * power for factor in (1, 2, 2.5, 5, 10) if factor * power >= rough * 0.999)
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    return [round(index * step, 12) for index in range(first, last + 1)]


def step_ticks(first: float, last: float) -> list[float]:
    """The first and the last step, and round ones between that leave room for their labels."""
    if last - first < 2:
        return sorted({first, last})
    inner = [tick for tick in nice_ticks(first, last) if tick == int(tick)]
    ticks = [first, *(t for t in inner if first < t < last), last]
    room = (last - first) * 0.12
    return [first, *(t for before, t in pairwise(ticks[:-1]) if t - first > room and last - t > room), last]


def tick_labels(ticks: Sequence[float]) -> list[str]:
    """All with the same number of decimals, as many as the distance between two asks for."""
    largest, step = max(abs(tick) for tick in ticks), ticks[1] - ticks[0]
    if largest >= 1e4 or largest < 1e-2:
        return [compact(tick) for tick in ticks]
    decimals = next(n for n in range(9) if abs(round(step, n) - step) <= 1e-3 * step)
    return [f"{tick:,.{decimals}f}" for tick in ticks]


def compact(value: float) -> str:
    """Three digits that count, with k, M and G for large numbers."""
    if value == 0:
        return "0"
    if abs(value) < 1e-3:
        return f"{value:.2g}".replace("e-0", "e-")
    for size, letter in ((1e9, "G"), (1e6, "M"), (1e4, "k")):
        if abs(value) >= size:
            return f"{value / (1e3 if letter == 'k' else size):.3g}{letter}"
    return f"{value:.3g}" if abs(value) < 1000 else f"{value:,.0f}"
