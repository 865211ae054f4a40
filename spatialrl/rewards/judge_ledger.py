"""What a judge has said and what it has cost, on disk: one file per reply, one line per request. Processes that share
the folder share replies and budget, and a run that starts again does not pay twice."""

import hashlib
import json
import os
from pathlib import Path
from threading import get_ident

from spatialrl.errors import ConfigError

FOLDER_LETTERS = 2
"""Of a key, that name its folder: a million replies are not in one."""


class Replies:
    """By model and prompt. Without a folder nothing is kept."""

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder

    def get(self, key: str) -> str | None:
        if self._folder is None:
            return None
        try:
            return json.loads(self._path(self._folder, key).read_text(encoding="utf-8"))["reply"]
        # Never asked, or half a file after a crash: asked again.
        except (FileNotFoundError, ValueError, KeyError, TypeError):
            return None

    def put(self, key: str, reply: str) -> None:
        """The file appears under its name when it is complete."""
        if self._folder is None:
            return
        path = self._path(self._folder, key)
        path.parent.mkdir(parents=True, exist_ok=True)
        partial = path.with_name(f".{path.name}.{os.getpid()}-{get_ident()}")
        partial.write_text(json.dumps({"reply": reply}), encoding="utf-8")
        os.replace(partial, path)

    @staticmethod
    def _path(folder: Path, key: str) -> Path:
        return folder / key[:FOLDER_LETTERS] / f"{key}.json"


class Ledger:
    """Requests and tokens spent, by all processes that share the folder; by this one without a folder."""

    def __init__(self, folder: Path | None) -> None:
        self._path = folder / "spent.txt" if folder else None
        self._read_up_to = 0
        self.requests = 0
        self.tokens = 0

    def charge(self, *, requests: int, tokens: int) -> None:
        """A line of fewer than 4 KiB appended in one write: lines of two processes don't mix."""
        if self._path is None:
            self.requests, self.tokens = self.requests + requests, self.tokens + tokens
            return
        with self._path.open("ab", buffering=0) as file:
            file.write(f"{requests} {tokens}\n".encode())

    def refresh(self) -> None:
        """Adds what was written since the last look."""
        if self._path is None or not self._path.exists():
            return
        with self._path.open("rb") as file:
            file.seek(self._read_up_to)
            whole_lines, _, _ = file.read().rpartition(b"\n")
        self._read_up_to += len(whole_lines) + 1 if whole_lines else 0
        for line in whole_lines.splitlines():
            requests, tokens = line.split()
            self.requests, self.tokens = self.requests + int(requests), self.tokens + int(tokens)


def key_of(*words: str) -> str:
    return hashlib.sha256(json.dumps(words).encode()).hexdigest()


def writable_folder(path: str) -> Path | None:
    """None for an empty path; made where it does not exist."""
    if not path:
        return None
    folder = Path(path).expanduser().resolve()
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ConfigError(f"The folder {folder} for the judge's replies can't be made: {error}.") from error
    return folder
