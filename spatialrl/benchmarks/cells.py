"""What a benchmark's description says of columns, looked up in a row: a column by its name, or a text with {columns} in it."""

import ast
import json
import re
from collections.abc import Mapping
from typing import Any

from spatialrl.benchmarks.spec import Part
from spatialrl.data.importers.bad_row import BadRow
from spatialrl.data.importers.fields import as_text
from spatialrl.data.importers.record import Record, Row

NAME = re.compile(r"\{(\w[^{}]*)\}")
LITERAL = "="


def text_in(row: Row, wanted: str) -> str:
    """Of a column that must say something, or of a text that must find its columns."""
    if wanted.startswith(LITERAL):
        return wanted.removeprefix(LITERAL)
    if NAME.search(wanted):
        return NAME.sub(lambda found: text_in(row, found[1]), wanted)
    text = as_text(value_of(row, wanted))
    if not text.strip() or text == "null":
        raise BadRow("fields", f"The row says nothing in '{wanted}'; its columns are {', '.join(map(str, row))}.")
    return text


def text_or_nothing(row: Row, wanted: str) -> str:
    """Empty where nothing is asked for and where the cell is empty; a column must be there all the same."""
    if not wanted or wanted.startswith(LITERAL) or NAME.search(wanted):
        return text_in(row, wanted) if wanted else ""
    value = value_of(row, wanted)
    return "" if value is None else as_text(value)


def first_text(row: Row, wanted: str | tuple[str, ...]) -> str:
    """Of several columns that of the first that says something."""
    several = (wanted,) if isinstance(wanted, str) else wanted
    return text_in(row, next((name for name in several if text_or_nothing(row, name).strip()), several[0]))


def value_of(row: Row, wanted: str) -> Any:
    """As it is in the row; None where it is empty."""
    if NAME.search(wanted):
        return text_in(row, wanted)
    if wanted in row:
        return row[wanted]
    outer, dot, inner = wanted.partition(".")
    if dot and isinstance(row.get(outer), dict) and inner in row[outer]:
        return row[outer][inner]
    raise BadRow("fields", f"The row has no column '{wanted}'; its columns are {', '.join(map(str, row))}.")


def part_of(record: Record, wanted: str | Part) -> str:
    if isinstance(wanted, str):
        return text_or_nothing(record.row, wanted)
    if wanted.rows:
        file, _, number = record.place.rpartition(":")
        return f"{file}:{(int(number) - 1) // wanted.rows + 1}"
    text = text_or_nothing(record.row, wanted.column)
    if wanted.find:
        found = re.search(wanted.find, text)
        return found[1] if found else ""
    return re.sub(wanted.without, "", text) if wanted.without else text


def is_wanted(row: Row, where: Mapping[str, str | tuple[str, ...]]) -> bool:
    return all(_fits(text_or_nothing(row, column), values) for column, values in where.items())


def listed_texts(value: Any) -> tuple[str, ...] | None:
    """A list, a dictionary by letter, or such a thing written as JSON or as Python writes it. None where it is another text."""
    if isinstance(value, str):
        value = _literal(value)
    if isinstance(value, Mapping):
        value = [value[key] for key in sorted(value)]
    if value is None:
        return ()
    return (
        tuple(as_text(item).strip() for item in value if item is not None) if isinstance(value, list | tuple) else None
    )


def _fits(text: str, values: str | tuple[str, ...]) -> bool:
    return text in values if isinstance(values, tuple) else re.fullmatch(values, text) is not None


def _literal(text: str) -> Any:
    """Nothing of it is run."""
    if not text.strip():
        return None
    for read in (json.loads, ast.literal_eval):
        try:
            return read(text)
        except (ValueError, SyntaxError, RecursionError, MemoryError):
            continue
    return text
