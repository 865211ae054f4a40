"""One line of JSON as a row. JSON can hold half of a character (`\\ud800`), which no file of rows and no page can."""

import json
import re
from typing import Any

HALF = re.compile(rb"\\u[dD][89a-fA-F]")
"""May be half of a character: together with a second one it is whole."""


class NotARow(ValueError):
    """Says what the line is instead."""


def parse_line(line: bytes) -> dict[str, Any]:
    try:
        row = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise NotARow(f"is not JSON: {error}") from error
    if not isinstance(row, dict):
        raise NotARow("is not a JSON object")
    if HALF.search(line):
        check_whole(row)
    return row


def check_whole(row: dict[str, Any]) -> None:
    try:
        json.dumps(row, ensure_ascii=False).encode()
    except UnicodeEncodeError as error:
        raise NotARow(f"holds half of a character, {error.object[error.start]!r}") from error
