"""The questions of a benchmark, one at a time: rows of its source become tasks, as its description says. A row that can't is
told by its id in `rejected.jsonl` and left out; a number of questions that is not the expected one is told at the end.
"""

import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from spatialrl.benchmarks.asking import Asking, converter
from spatialrl.benchmarks.kept import Keeping, Kept, Questions, description
from spatialrl.benchmarks.on_disk import Names
from spatialrl.benchmarks.places import opened, unpacked
from spatialrl.benchmarks.spec import Benchmark
from spatialrl.data.folders import REJECTED, storage_for
from spatialrl.data.importers.bad_row import BadRow
from spatialrl.data.importers.probe import FrameBudget
from spatialrl.data.importers.read import Unread, read_rows
from spatialrl.data.importers.record import Record
from spatialrl.data.importers.rejected import Rejected
from spatialrl.data.importers.shelf import Shelf
from spatialrl.data.importers.source import Source
from spatialrl.errors import DataError
from spatialrl.types import Task


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a benchmark is, other than its description says, and what to do about flaws."""

    source: str = ""
    """File, folder or id of the Hub."""
    media_root: str = ""
    """Where media paths start; by default the folder of the rows."""
    strict: bool = False
    """A bad row, or a number of rows that is not the expected one, is an error."""


def questions(
    benchmark: Benchmark,
    *,
    folder: Path,
    place: Place | None = None,
    frames: FrameBudget | None = None,
    report: Callable[[str], None] = lambda told: print(told, file=sys.stderr),  # noqa: T201
) -> Iterator[Task]:
    """`folder` keeps images that rows carry as bytes, the list of rejected rows, and the questions once all were read."""
    place, media = place or Place(), benchmark.media
    budget = frames or FrameBudget(fps=media.fps, min_frames=media.min_frames, max_frames=media.max_frames)
    folder.mkdir(parents=True, exist_ok=True)
    source = opened(benchmark, source=place.source, folder=folder)
    roots = [Path(place.media_root)] if place.media_root else [*source.folders, *unpacked(benchmark, source, folder)]
    kept = Kept(folder, asked=description(benchmark, source=source, frames=budget, roots=roots))
    shelf = Shelf(folder, roots=roots, budget=budget)
    told = yield from kept.tasks() if kept.is_there else read(benchmark, source, kept, shelf, strict=place.strict)
    for sentence in told:
        if place.strict:
            raise DataError(f"{sentence} strict=true asks for all of them.")
        report(sentence)


def read(benchmark: Benchmark, source: Source, kept: Kept, shelf: Shelf, *, strict: bool) -> Questions:
    with (
        storage_for(shelf.folder),
        Keeping(kept) as keeping,
        Rejected(shelf.folder / REJECTED, strict=strict) as rejected,
        closing(Names()) as ids,
    ):
        asking = Asking(benchmark, converter(benchmark, source), rejected, shelf=shelf, ids=ids)
        waiting: list[Record] = []
        for task in chain(asking.take(records(source, rejected), waiting), asking.take(waiting, None)):
            yield keeping.add(task)
        told = list(asking.flaws())
        keeping.finish(told=told, flaws=rejected.counts)
    return told


def records(source: Source, rejected: Rejected) -> Iterator[Record]:
    for file in source.files:
        for number, row in read_rows(file.path):
            place = f"{file.name}:{number}"
            if isinstance(row, Unread):
                rejected.add(BadRow("unreadable", row.reason), name="", place=place, num_rows=row.num_rows)
            else:
                yield Record(place=place, row=row, split="test")
