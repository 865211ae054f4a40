"""Finished items on disk, one line of JSON each, in the order in which they were finished.

An item is finished when its line is complete: whoever is killed loses at most what was not written down yet.
"""

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

Key = int | str
Record = dict[str, Any]


class Journal:
    """Only the places of the lines are held in memory."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._file = path.open("a+b")
        self._places: dict[Key, int] = {}
        self._end = 0
        self._read_back()

    def __contains__(self, key: Key) -> bool:
        return key in self._places

    def __len__(self) -> int:
        return len(self._places)

    def __iter__(self) -> Iterator[Key]:
        """Keys, in the order in which they were first finished."""
        return iter(self._places)

    def add(self, key: Key, record: Record) -> None:
        line = json.dumps([key, record], ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
        self._file.write(line)
        self._file.flush()
        self._places[key] = self._end
        self._end += len(line)

    def records(self, keys: Iterable[Key]) -> Iterator[Record]:
        """In the order of `keys`, all of which are finished."""
        with self.path.open("rb") as file:
            for key in keys:
                file.seek(self._places[key])
                yield json.loads(file.readline())[1]

    def close(self) -> None:
        self._file.close()

    def remove(self) -> None:
        self.close()
        self.path.unlink()

    def _read_back(self) -> None:
        """What follows the last complete line was cut off and is dropped."""
        self._file.seek(0)
        for line in self._file:
            if not line.endswith(b"\n"):
                break
            self._places[json.loads(line)[0]] = self._end
            self._end += len(line)
        self._file.truncate(self._end)
