"""What a benchmark's description says of columns, looked up in a row: a column by its name, or a text with {columns} in it."""

import ast
import json
import re
from collections.abc import Mapping
from typing import Any

from spatialrl.benchmarks.spec import Part
from spatialrl.data.importers.bad_row import BadRow
from spatialrl.data.importers.fields import as_text, optional_text, text_of
from spatialrl.data.importers.record import Record, Row

NAME = re.compile(r"\{(\w[^{}]*)\}")


def text_in(row: Row, wanted: str) -> str:
    """Of a column that must say something, or of a text that must find its columns."""
    if not NAME.search(wanted):
        return text_of(row, wanted)
    return NAME.sub(lambda found: text_of(row, found[1]), wanted)


def text_or_nothing(row: Row, wanted: str) -> str:
    """Empty where nothing is asked for and where the cell is empty; a column must be there all the same."""
    if not wanted:
        return ""
    if NAME.search(wanted):
        return text_in(row, wanted)
    _check_column(row, wanted)
    return optional_text(row, wanted)


def value_of(row: Row, wanted: str) -> Any:
    """As it is in the row; None where it is empty."""
    if NAME.search(wanted):
        return text_in(row, wanted)
    _check_column(row, wanted)
    return row[wanted]


def part_of(record: Record, wanted: str | Part) -> str:
    if isinstance(wanted, str):
        return text_or_nothing(record.row, wanted)
    if wanted.rows:
        file, _, number = record.place.rpartition(":")
        return f"{file}:{(int(number) - 1) // wanted.rows + 1}"
    text = text_or_nothing(record.row, wanted.column)
    return re.sub(wanted.without, "", text) if wanted.without else text


def is_wanted(row: Row, where: Mapping[str, str | tuple[str, ...]]) -> bool:
    return all(_fits(text_or_nothing(row, column), values) for column, values in where.items())


def listed_texts(value: Any) -> tuple[str, ...]:
    """A list, a dictionary by letter, or such a thing written as JSON or as Python writes it."""
    if isinstance(value, str):
        value = _literal(value)
    if isinstance(value, Mapping):
        value = [value[key] for key in sorted(value)]
    if value is None:
        return ()
    if not isinstance(value, list | tuple):
        raise BadRow("fields", f"A list of options is expected where it has {str(value)[:60]!r}.")
    return tuple(as_text(item).strip() for item in value if item is not None)


def _fits(text: str, values: str | tuple[str, ...]) -> bool:
    return text in values if isinstance(values, tuple) else re.fullmatch(values, text) is not None


def _check_column(row: Row, name: str) -> None:
    if name not in row:
        raise BadRow("fields", f"The row has no column '{name}'; its columns are {', '.join(map(str, row))}.")


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
