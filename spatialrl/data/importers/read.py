"""The rows of a file, one at a time: parquet, JSON lines, JSON, CSV, TSV. What can't be read is told and counted, and the
rows around it are read all the same.
"""

import csv
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import IO, Any

import pyarrow as pa
import pyarrow.parquet as pq

from spatialrl.data.json_line import NotARow, check_whole, parse_line

Row = dict[str, Any]

ROWS_AT_ONCE = 64
"""Of a parquet file. Rows may hold images of megabytes."""
CHUNK = 2**20
MAX_OBJECT = 2**26
"""Characters of one JSON object; a longer one is taken for a broken file."""
MAX_CELL = 2**28
"""Characters of one cell of a table; images stand there as base64."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unread:
    """A part of a file that can't be read."""

    reason: str
    num_rows: int = 1
    """As far as the file tells."""


Read = Iterator[tuple[int, Row | Unread]]
"""Rows with their numbers, counted from 1."""


def read_rows(path: Path) -> Read:
    try:
        yield from READERS[path.suffix](path)
    except (OSError, UnicodeDecodeError) as error:
        yield 0, Unread(reason=f"{path.name} can't be read: {error}.")


def read_parquet(path: Path) -> Read:
    try:
        file = pq.ParquetFile(path)
    except (pa.ArrowException, OSError) as error:
        yield 0, Unread(reason=f"{path.name} can't be read as parquet: {_first_line(error)}.")
        return
    with file:
        first = 1
        for group in range(file.num_row_groups):
            num_rows = file.metadata.row_group(group).num_rows
            yield from _read_row_group(file, group, first=first, num_rows=num_rows)
            first += num_rows


def _read_row_group(file: pq.ParquetFile, group: int, *, first: int, num_rows: int) -> Read:
    number = first
    try:
        for batch in file.iter_batches(batch_size=ROWS_AT_ONCE, row_groups=[group]):
            for row in batch.to_pylist(maps_as_pydicts="lossy"):
                yield number, row
                number += 1
    # Text that is no UTF-8 is found when it becomes a str.
    except (pa.ArrowException, OSError, UnicodeDecodeError) as error:
        lost = first + num_rows - number
        yield number, Unread(reason=f"Row group {group} can't be read: {_first_line(error)}.", num_rows=lost)


def read_json_lines(path: Path) -> Read:
    with path.open("rb") as file:
        for number, line in enumerate(file, start=1):
            if line.strip():
                yield number, _json_line(line)


def _json_line(line: bytes) -> Row | Unread:
    try:
        return parse_line(line)
    except NotARow as error:
        cut = "" if line.endswith(b"\n") else "; it is the last line: the file may be cut off"
        return Unread(reason=f"The line {error}{cut}.")


def read_json(path: Path) -> Read:
    """An array of objects, or objects one after another, without holding the whole of it."""
    with path.open(encoding="utf-8") as file:
        for number, value in zip(count(1), _json_values(file), strict=False):
            yield number, _json_value(value)


def _json_value(value: Any) -> Row | Unread:
    if isinstance(value, Unread):
        return value
    if not isinstance(value, dict):
        return Unread(reason="It is not a JSON object.")
    try:
        check_whole(value)
    except NotARow as error:
        return Unread(reason=f"It {error}.")
    return value


def _json_values(file: IO[str]) -> Iterator[Any]:
    decoder = json.JSONDecoder()
    buffer, position = file.read(CHUNK).lstrip("\ufeff \t\r\n").removeprefix("["), 0
    while True:
        position = _next_value(buffer, position)
        try:
            value, position = decoder.raw_decode(buffer, position)
            yield value
        except (json.JSONDecodeError, RecursionError) as error:
            rest = buffer[position:]
            more = "" if len(rest) > MAX_OBJECT else file.read(max(CHUNK, len(rest)))
            if not more:
                if rest.strip() not in ("", "]"):
                    yield Unread(reason=f"From here on it is not JSON; the file may be cut off ({error}).")
                return
            buffer, position = rest + more, 0


def _next_value(buffer: str, position: int) -> int:
    while position < len(buffer) and buffer[position] in " \t\r\n,":
        position += 1
    return position


def read_table(path: Path, *, delimiter: str) -> Read:
    # The csv module has one limit for the whole process; an image as text is longer than its 128 kB.
    csv.field_size_limit(MAX_CELL)
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = csv.DictReader(file, delimiter=delimiter)
        try:
            for number, row in enumerate(rows, start=1):
                yield number, _whole_row(row, rows.fieldnames or ())
        except csv.Error as error:
            yield 0, Unread(reason=f"From line {rows.line_num} on it can't be read: {error}.")


def _whole_row(row: Row, names: Any) -> Row | Unread:
    if None in row or None in row.values():
        return Unread(reason=f"The row has not the {len(names)} cells of the first line; the file may be cut off.")
    return row


def _first_line(error: Exception) -> str:
    return str(error).splitlines()[0].rstrip(".") if str(error) else type(error).__name__


READERS: dict[str, Callable[[Path], Read]] = {
    ".parquet": read_parquet,
    ".jsonl": read_json_lines,
    ".json": read_json,
    ".csv": lambda path: read_table(path, delimiter=","),
    ".tsv": lambda path: read_table(path, delimiter="\t"),
}
