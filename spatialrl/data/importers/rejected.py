"""The rows that became no tasks: each in a file with its id and the reason, all of them counted by kind."""

import json
from collections import Counter
from pathlib import Path

from spatialrl.data.importers.bad_row import BadRow
from spatialrl.errors import DataError


class Rejected:
    def __init__(self, path: Path, *, strict: bool) -> None:
        self.counts: Counter[str] = Counter()
        self.strict = strict
        self.first: list[str] = []
        """As sentences, for who got no rows at all."""
        self._file = path.open("w", encoding="utf-8")

    def add(self, error: BadRow, *, name: str, place: str, num_rows: int = 1) -> None:
        """`strict` ends with the first."""
        told = f"{place}: {name}: {error}" if name and name != place else f"{place}: {error}"
        if self.strict:
            raise DataError(f"{told} It is the first bad row, and strict=true stops there.")
        self.counts[error.kind] += num_rows
        self.first = [*self.first, told][:3]
        row = {"id": name or place, "place": place, "kind": error.kind, "reason": str(error), "rows": num_rows}
        self._file.write(json.dumps(row, ensure_ascii=False) + "\n")

    def __enter__(self) -> "Rejected":
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def __str__(self) -> str:
        """3 duplicate id, 1 answer."""
        return ", ".join(f"{number:,} {kind}" for kind, number in self.counts.most_common())
