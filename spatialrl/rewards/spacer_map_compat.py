"""SpaceR's score of a cognitive map, its defects included: all objects in the centre earn about .73, and classes that
are not there cost nothing. `cognitive_map.py` has the one that measures layout."""

import ast
import math
import re
import warnings
from collections.abc import Iterable, Sequence
from typing import Any

from spatialrl.types import MapCell

GRID = 10
MAX_MAP = 100_000
"""Characters. Longer maps earn nothing: Python's parser takes kilobytes of memory for each of them."""
PAIR = re.compile(r"(?<![\d.])(\d{1,9})(?:\.\d{0,9})?\s{0,9},\s{0,9}(\d{1,9})")

Point = tuple[float, float]
Places = dict[str, list[Point]]


class _NoDictionary(ValueError):
    """Never leaves this file: the scanner takes over."""


def map_score(map_text: str, truth: Sequence[MapCell]) -> float:
    """Over the true classes, weighted by their objects: mean closeness of the pairs, by the larger of the counts."""
    if len(map_text) > MAX_MAP:
        return 0.0
    true_places = places_of(truth)
    guesses = read_places(map_text, true_places.keys())
    try:
        earned = (len(true) * class_score(guesses.get(name, []), true) for name, true in true_places.items())
        return sum(earned) / len(truth)
    # Model text: integers beyond floats have no distance to anything.
    except OverflowError:
        return 0.0


def places_of(cells: Iterable[MapCell]) -> Places:
    places: Places = {}
    for cell in cells:
        places.setdefault(_clean(cell.label), []).append((cell.column, cell.row))
    return places


def class_score(guesses: Sequence[Point], truths: Sequence[Point]) -> float:
    """Each guess in turn takes the nearest true place that is left: the order of the guesses counts."""
    left = list(truths)
    closeness = 0.0
    for guess in guesses[: len(truths)]:
        nearest = min(left, key=lambda place: math.dist(guess, place))
        left.remove(nearest)
        closeness += max(0.0, 1 - math.dist(guess, nearest) / (GRID * math.sqrt(2)))
    return closeness / max(len(guesses), len(truths))


def read_places(text: str, names: Iterable[str]) -> Places:
    """As a Python dictionary; where it is none, the pairs of numbers after each name that the truth knows."""
    try:
        return _dictionary(text)
    # Model text. Brackets nested too deep are a MemoryError or a RecursionError, 1e999 as a place an OverflowError.
    except (ValueError, SyntaxError, TypeError, OverflowError, MemoryError, RecursionError):
        return _scanned(text, sorted(names, key=len, reverse=True))


def _dictionary(text: str) -> Places:
    value = _literal(text)
    value = _literal(value) if isinstance(value, str) else value
    if not isinstance(value, dict):
        raise _NoDictionary
    return {_clean(name): [_point(place) for place in places] for name, places in value.items()}


def _literal(text: str) -> Any:
    with warnings.catch_warnings():
        # Odd escapes in model text are of interest to nobody.
        warnings.simplefilter("ignore")
        return ast.literal_eval(text.strip())


def _point(place: Any) -> Point:
    x, y = place
    if not (isinstance(x, int | float) and isinstance(y, int | float)):
        raise _NoDictionary
    return int(x), int(y)


def _clean(name: Any) -> str:
    if not isinstance(name, str):
        raise _NoDictionary
    return name.strip().lower()


def _scanned(text: str, names: Sequence[str]) -> Places:
    if not names:
        return {}
    pattern = "|".join(re.escape(name) for name in names)
    found = list(re.finditer(rf"(?<!\w)(?:{pattern})(?!\w)", text, re.IGNORECASE))
    ends = [*(match.start() for match in found[1:]), len(text)]
    places: Places = {}
    for match, end in zip(found, ends, strict=bool(found)):
        pairs = PAIR.findall(text, match.end(), end)
        places.setdefault(_clean(match.group()), []).extend((int(x), int(y)) for x, y in pairs)
    return places
