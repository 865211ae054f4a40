"""Cells of a row as texts, and the cells that no field of a task holds."""

import json
from collections.abc import Collection
from typing import Any

from spatialrl.data.importers.bad_row import BadRow
from spatialrl.data.importers.record import Row


def text_of(row: Row, name: str) -> str:
    """A cell that must say something."""
    text = optional_text(row, name)
    if not text.strip():
        missing = "has no column" if name not in row else "says nothing in"
        raise BadRow("fields", f"The row {missing} '{name}'; its columns are {', '.join(map(str, row))}.")
    return text


def optional_text(row: Row, name: str) -> str:
    value = row.get(name)
    return "" if value is None else as_text(value)


def as_text(value: Any) -> str:
    """A whole number that a table holds as 3.0 is 3."""
    if isinstance(value, str):
        return value
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return json.dumps(value, ensure_ascii=False, default=str)


def extras(row: Row, *, known: Collection[str]) -> dict[str, str]:
    """What else the row says, by the names of its columns."""
    others = {str(name): value for name, value in row.items() if name not in known and value is not None}
    return {name: as_text(value) for name, value in others.items() if value != ""}
