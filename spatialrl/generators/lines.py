"""What was of no use, and why: a line of JSON each."""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path


def write_lines(path: Path, items: Iterable[Mapping[str, str]]) -> int:
    """How many there are."""
    count = 0
    with path.open("w", encoding="utf-8") as file:
        for item in items:
            file.write(json.dumps(item, ensure_ascii=False) + "\n")
            count += 1
    return count
