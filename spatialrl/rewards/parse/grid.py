"""Cognitive maps from model text: which objects stand in which cells of a 10x10 grid seen from above. Written as JSON
or as a Python dictionary; a cell off the grid makes the whole map unreadable."""

from typing import Any

from spatialrl.rewards.parse.payload import load, payload
from spatialrl.rewards.parse.text import Malformed
from spatialrl.types import MapCell

GRID = 10
MAX_MAP = 20_000
"""Characters; an honest map has a few hundred."""
MAX_CELLS = 500
MAX_LABEL = 100
AS_JSON = str.maketrans("()", "[]")


class _NoMap(ValueError):
    """Never leaves this file: `cognitive_map` turns it into `Malformed`."""


def cognitive_map(text: str) -> tuple[MapCell, ...] | Malformed:
    """The cells named in the last `<map>`, else in the last code fence, in their order.

    `{"chair": [[1, 2], [3, 4]]}` gives column 1 row 2 and column 3 row 4. A map without any cell is `empty`.
    """
    inside = payload(text, "map")
    if isinstance(inside, Malformed):
        return Malformed("not_a_map: none given") if inside.code == "no_block" else inside
    if len(inside) > MAX_MAP:
        return Malformed("too_long")
    value = _value(inside)
    if isinstance(value, Malformed):
        return value
    try:
        return _cells(value) or Malformed("empty")
    except _NoMap as error:
        return Malformed(str(error))


def _value(text: str) -> Any | Malformed:
    """JSON with tuples as lists; single quotes count where no double quote stands."""
    text = text.translate(AS_JSON)
    return load(text if '"' in text else text.replace("'", '"'))


def _cells(value: Any) -> tuple[MapCell, ...]:
    _require(isinstance(value, dict), "not_a_map: not a dictionary")
    cells = tuple(
        MapCell(label=_label(name), column=column, row=row)
        for name, places in value.items()
        for column, row in _pairs(places)
    )
    _require(len(cells) <= MAX_CELLS, f"too_long: more than {MAX_CELLS} cells")
    return cells


def _label(name: str) -> str:
    label = " ".join(name.lower().replace("_", " ").split())
    _require(0 < len(label) <= MAX_LABEL, "not_a_map: a bad label")
    return label


def _pairs(places: Any) -> list[tuple[int, int]]:
    _require(isinstance(places, list), "not_a_map: places are not a list")
    # One object may be written without the outer list.
    places = [places] if places and not any(isinstance(place, list) for place in places) else places
    _require(all(isinstance(place, list) and len(place) == 2 for place in places), "not_a_map: a place is not a pair")
    return [(_index(column), _index(row)) for column, row in places]


def _index(value: Any) -> int:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    _require(is_number and 0 <= value < GRID and value == int(value), "not_a_map: a cell off the 10x10 grid")
    return int(value)


def _require(condition: bool, reason: str) -> None:
    if not condition:
        raise _NoMap(reason)
