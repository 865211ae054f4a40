"""What an inspection remembers of rows and media: a database in a file, so that memory does not grow with them. Questions
about all rows are then one statement each."""

import sqlite3
from pathlib import Path
from typing import Any

import numpy as np

from spatialrl.data.inspection.phash import COPY_SIDE, Signature

TABLES = """
CREATE TABLE rows (
    number INTEGER PRIMARY KEY, file TEXT, id TEXT, part INTEGER, is_ours INTEGER, source TEXT, kind TEXT, family TEXT,
    form TEXT, question BLOB, answer BLOB, answer_text TEXT, letter INTEGER, num_options INTEGER, is_longest INTEGER,
    value REAL, unit TEXT, text_tokens INTEGER, vision_tokens INTEGER);
CREATE TABLE flaws (row INTEGER, file TEXT, name TEXT, kind TEXT, reason TEXT, num_rows INTEGER);
CREATE TABLE scenes (row INTEGER, scene TEXT);
CREATE TABLE media (number INTEGER PRIMARY KEY, identity BLOB UNIQUE, told TEXT);
CREATE TABLE uses (row INTEGER, place INTEGER, medium INTEGER, shown TEXT);
CREATE TABLE seen (medium INTEGER PRIMARY KEY, sha256 TEXT, kind TEXT, reason TEXT);
CREATE TABLE alike (content INTEGER, other INTEGER, PRIMARY KEY (content, other)) WITHOUT ROWID;
"""
"""part: 0 train, 1 validation, 2 test and whatever is inspected against. is_ours: of the data that is inspected."""

AFTER_MEDIA = """
CREATE TABLE contents AS SELECT medium, CAST(min(medium) OVER (PARTITION BY sha256) AS INTEGER) AS content FROM seen
WHERE sha256 <> '';
CREATE UNIQUE INDEX contents_by_medium ON contents (medium);
CREATE INDEX contents_by_content ON contents (content);
CREATE INDEX uses_by_medium ON uses (medium);
"""
"""content: the first medium of the same bytes. Without the cast its column has no type, and no index serves to compare it with
one that has."""

CACHE_KB = 8192
SIGNATURE = np.dtype([("medium", "<i4"), ("hash", "<u8"), ("copy", "i1", (COPY_SIDE**2,))])


class Notes:
    def __init__(self, folder: Path) -> None:
        self.database = sqlite3.connect(folder / "notes.sqlite", isolation_level=None)
        # Nothing of this outlives the inspection: there is nothing to recover.
        for setting in ("journal_mode=OFF", "synchronous=OFF", f"cache_size=-{CACHE_KB}", "temp_store=FILE"):
            self.database.execute(f"PRAGMA {setting}")
        self.database.executescript(TABLES)
        self.database.execute("BEGIN")
        self.signatures_file = folder / "signatures"
        self._signatures = self.signatures_file.open("wb")

    def add(self, table: str, *values: Any) -> int:
        """The number of the new row."""
        marks = ", ".join("?" * len(values))
        return self.database.execute(f"INSERT INTO {table} VALUES ({marks})", values).lastrowid or 0

    def add_signature(self, medium: int, signature: Signature) -> None:
        record = np.zeros(1, SIGNATURE)
        record["medium"], record["hash"] = medium, signature.hash
        record["copy"] = np.frombuffer(signature.copy, np.int8)
        self._signatures.write(record.tobytes())

    def signatures(self) -> np.ndarray:
        """On disk; pages are read as they are asked for."""
        self._signatures.flush()
        if not self.signatures_file.stat().st_size:
            return np.zeros(0, SIGNATURE)
        return np.memmap(self.signatures_file, SIGNATURE, "r")

    def all(self, query: str, *values: Any) -> list[tuple]:
        return self.database.execute(query, values).fetchall()

    def one(self, query: str, *values: Any) -> Any:
        """The first value of the first row."""
        found = self.database.execute(query, values).fetchone()
        return found[0] if found else None

    def close(self) -> None:
        self._signatures.close()
        self.database.close()
