"""What grows with the questions and is no answer, kept on disk: SQLite databases without a name, gone with the process, of
which at most 2 MB each are in memory.
"""

import sqlite3
from collections.abc import Iterator
from typing import Any

from spatialrl.errors import ResourceError

CACHE_KB = 2048
SETTINGS = f"PRAGMA cache_size = -{CACHE_KB}; PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;"


class Scratch:
    """Tables that nobody needs afterwards. One thread at a time may use them, whichever that is."""

    def __init__(self, tables: str) -> None:
        self._base = sqlite3.connect("", check_same_thread=False, isolation_level=None)
        self._base.executescript(SETTINGS + tables)
        self._cursor = self._base.cursor()

    def run(self, statement: str, *values: Any) -> sqlite3.Cursor:
        """What it finds is there until the next statement."""
        try:
            return self._cursor.execute(statement, values)
        except sqlite3.OperationalError as error:
            raise ResourceError(
                f"The folder of temporary files could not hold the list of questions: {error}. Make room there, or let "
                "SQLITE_TMPDIR name another folder, and give the same command again."
            ) from error

    def column(self, statement: str) -> Iterator[Any]:
        """The first of what a query finds, one after another."""
        return (first for first, *_ in self._base.execute(statement))

    def close(self) -> None:
        self._base.close()


class Names:
    """A set of texts."""

    def __init__(self) -> None:
        self._scratch = Scratch("CREATE TABLE names (name TEXT PRIMARY KEY) WITHOUT ROWID;")

    def add(self, name: str) -> bool:
        """Whether it was not there."""
        return self._scratch.run("INSERT OR IGNORE INTO names VALUES (?)", name).rowcount == 1

    def __len__(self) -> int:
        (num,) = self._scratch.run("SELECT count(*) FROM names").fetchone()
        return num

    def close(self) -> None:
        self._scratch.close()
