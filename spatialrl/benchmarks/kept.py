"""The questions of a benchmark, kept beside its media once all of its rows were read: opening every video again takes longer
than asking about it. What was asked for otherwise, or of other files, is read anew, and so is a source whose media were not
all there.
"""

import fcntl
import json
import os
from collections.abc import Collection, Generator, Sequence
from contextlib import ExitStack
from dataclasses import asdict
from pathlib import Path
from typing import Any

from spatialrl import __version__
from spatialrl.benchmarks.spec import Benchmark
from spatialrl.data.importers.probe import FrameBudget
from spatialrl.data.importers.source import Source
from spatialrl.data.tasks import TaskWriter, read_rows, row_to_task
from spatialrl.types import Task

QUESTIONS, MANIFEST, LOCK = "questions.parquet", "questions.json", ".questions.lock"
CAN_BE_MENDED = {"media", "corrupt media", "wrong extension", "unreadable"}
"""Flaws of files, which the user may put right without a change to any file of rows."""


Questions = Generator[Task, None, list[str]]
"""One after another; then what is to be told of flaws."""


class Kept:
    def __init__(self, folder: Path, *, asked: dict[str, Any]) -> None:
        self.folder = folder
        self.asked = json.loads(json.dumps(asked))
        """Another description is another benchmark."""

    @property
    def is_there(self) -> bool:
        return (self.folder / QUESTIONS).is_file() and self._manifest().get("asked") == self.asked

    def tasks(self) -> Questions:
        for row in read_rows(self.folder / QUESTIONS):
            yield row_to_task(row, folder=self.folder)
        return self._manifest()["told"]

    def _manifest(self) -> dict[str, Any]:
        path = self.folder / MANIFEST
        return json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}


class Keeping(ExitStack):
    """Of one process at a time. What is not finished leaves nothing."""

    def __init__(self, kept: Kept) -> None:
        super().__init__()
        self.kept = kept
        self._writer: TaskWriter | None = None
        self._manifest = ""

    def __enter__(self) -> "Keeping":
        lock = self.enter_context((self.kept.folder / LOCK).open("w"))
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        # Another process keeps them; this one reads all the same.
        except BlockingIOError:
            return self
        (self.kept.folder / MANIFEST).unlink(missing_ok=True)
        # What is entered last is left first: the rows have their name before the manifest speaks of them.
        self.callback(self._publish)
        self._writer = self.enter_context(TaskWriter(self.kept.folder / QUESTIONS))
        return self

    def add(self, task: Task) -> Task:
        if self._writer is not None:
            self._writer.write(task)
        return task

    def finish(self, *, told: Sequence[str], flaws: Collection[str]) -> None:
        """All was read; `flaws` are the kinds of what was rejected."""
        if not CAN_BE_MENDED & set(flaws):
            self._manifest = json.dumps({"asked": self.kept.asked, "told": told}, indent=2) + "\n"

    def _publish(self) -> None:
        if self._writer is not None and self._manifest:
            partial = self.kept.folder / f".{MANIFEST}.partial"
            partial.write_text(self._manifest, encoding="utf-8")
            os.replace(partial, self.kept.folder / MANIFEST)


def description(benchmark: Benchmark, *, source: Source, frames: FrameBudget, roots: Sequence[Path]) -> dict[str, Any]:
    """All that the questions depend on; a file of another size is another source."""
    sizes = {str(file.path): file.path.stat().st_size for file in source.files}
    media = {"frames": asdict(frames), "roots": list(map(str, roots))}
    return {"benchmark": asdict(benchmark), "sizes": sizes, "version": __version__, **media}
