"""`spatialrl data import=NAME source=... folder=...`: one pass over the rows of a source, one row in memory at a time. Rows
become tasks, are checked, and are written to the file of their split; a bad row is dropped, counted and told with its
reason.

The folder is complete or absent; the same command again does nothing, and media of a run that was stopped are found again.
"""

import json
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from hashlib import blake2b
from pathlib import Path
from typing import Any

from tqdm import tqdm

from spatialrl.data.exclusion import excluded_scene, read_exclusion
from spatialrl.data.folders import REJECTED, complete_or_absent
from spatialrl.data.importers import BENCHMARKS, IMPORTERS
from spatialrl.data.importers.bad_row import BadRow, NotYet
from spatialrl.data.importers.order import MANIFEST, Order, check_order, describe, is_done
from spatialrl.data.importers.read import Unread, read_rows
from spatialrl.data.importers.record import Converter, Record, Split
from spatialrl.data.importers.rejected import Rejected
from spatialrl.data.importers.shelf import Shelf
from spatialrl.data.importers.source import Source, open_source
from spatialrl.data.tasks import TaskWriter
from spatialrl.data.validate import CHECKS
from spatialrl.errors import DataError
from spatialrl.seeds import stable_seed
from spatialrl.types import Task

ID_COLUMNS = ("id", "problem_id", "index", "question_index", "image_id")
SEEDS = 2**31


def import_rows(name: str, order: Order, options: dict[str, Any]) -> None:
    """`options` are those of the importer."""
    check_order(order)
    default: Split = "test" if name in BENCHMARKS else "train"
    source = open_source(order.source, split=order.split, default=default, files=order.files)
    folder, description = Path(order.folder), describe(order, source, {"import": name, **options})
    if is_done(folder, description):
        sys.stdout.write(f"{folder} holds this import already.\n")
        return
    with complete_or_absent(folder, description=description) as unfinished:
        told = run(order, source, IMPORTERS[name](**options), folder=unfinished, description=description)
    sys.stdout.write(f"{folder}: {told}")


def run(order: Order, source: Source, convert: Converter, *, folder: Path, description: str) -> str:
    """What became of the rows, in words."""
    with SplitFiles(folder) as files, Rejected(folder / REJECTED, strict=order.strict) as rejected:
        work = Import(order, source, convert, files=files, rejected=rejected, folder=folder)
        with tqdm(unit=" rows", desc="import") as bar:
            waiting = list(work.take(work.records(), bar))
            work.give_up(work.take(waiting, bar))
        if not files.num_rows:
            told = " ".join(rejected.first) or "The source has no rows."
            raise DataError(f"source={order.source}: no row became a task. {told}")
    for leftover in folder.glob("media/*/*.partial"):
        leftover.unlink()
    counts = {"tasks": files.num_rows, "rejected": dict(rejected.counts)}
    (folder / MANIFEST).write_text(json.dumps({"asked": json.loads(description), **counts}, indent=2) + "\n")
    kept = ", ".join(f"{number:,} {split}" for split, number in sorted(files.num_rows.items()))
    return f"{kept}.\n" + (f"Dropped {rejected}; see {Path(order.folder) / REJECTED}.\n" if rejected.counts else "")


class SplitFiles(ExitStack):
    """The files of the splits, each opened when its first row comes."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self.folder = folder
        self.writers: dict[Split, TaskWriter] = {}

    def write(self, task: Task) -> None:
        if task.split not in self.writers:
            self.writers[task.split] = self.enter_context(TaskWriter(self.folder / f"{task.split}.parquet"))
        self.writers[task.split].write(task)

    @property
    def num_rows(self) -> dict[Split, int]:
        return {split: writer.num_rows for split, writer in self.writers.items()}


class Import:
    def __init__(
        self,
        order: Order,
        source: Source,
        convert: Converter,
        *,
        files: SplitFiles,
        rejected: Rejected,
        folder: Path,
    ) -> None:
        self.order = order
        self.source = source
        self.convert = convert
        self.files = files
        self.rejected = rejected
        roots = [Path(order.media_root)] if order.media_root else source.folders
        self.shelf = Shelf(folder, roots=roots, keep=order.media, budget=order.frame_budget, network=order.network)
        self.excluded = read_exclusion(order.exclude) if order.exclude else frozenset()
        self.ids: set[bytes] = set()
        """As digests of 16 bytes: all that grows with the number of rows."""
        self.kept: Counter[Split] = Counter()

    def records(self) -> Iterator[Record]:
        for file in self.source.files:
            for number, row in read_rows(file.path):
                if self.is_full(file.split):
                    break
                place = f"{file.name}:{number}"
                if isinstance(row, Unread):
                    self.rejected.add(BadRow("unreadable", row.reason), name="", place=place, num_rows=row.num_rows)
                else:
                    yield Record(place=place, row=row, split=file.split)

    def take(self, records: Iterable[Record], bar: tqdm) -> Iterator[Record]:
        """Turns records into tasks; those that wait for a later row come back."""
        for record in records:
            try:
                for task in self.convert(record, self.shelf):
                    self.add(task, record)
            except NotYet:
                yield record
            except BadRow as error:
                self.reject(record, error)
            bar.update()

    def give_up(self, records: Iterable[Record]) -> None:
        for record in records:
            self.reject(record, NotYet("media", "The row whose image it shows has none, or is not there."))

    def reject(self, record: Record, error: BadRow) -> None:
        name = next((str(record.row[column]) for column in ID_COLUMNS if record.row.get(column)), "")
        self.rejected.add(error, name=name, place=record.place)

    def is_full(self, split: Split) -> bool:
        return self.order.limit is not None and self.kept[split] >= self.order.limit

    def add(self, task: Task, record: Record) -> None:
        """One bad task of a row does not take the others with it."""
        try:
            self.check(task)
        except BadRow as error:
            self.rejected.add(error, name=task.id, place=record.place)
            return
        self.files.write(replace(task, split=self.split_of(task)))
        self.kept[task.split] += 1

    def check(self, task: Task) -> None:
        scene = excluded_scene(task, self.excluded) if task.split != "test" else None
        if scene is not None:
            raise BadRow("excluded scene", f"Its scene {scene} is on the list {self.order.exclude}.")
        for kind, check in CHECKS.items():
            if flaw := check(task):
                raise BadRow(kind, flaw)
        digest = blake2b(task.id.encode(), digest_size=16).digest()
        if digest in self.ids:
            raise BadRow("duplicate id", f"The id {task.id} is used before.")
        self.ids.add(digest)

    def split_of(self, task: Task) -> Split:
        """All rows of a scene go to one split."""
        share = stable_seed("hold out", task.scene_id or task.id) / SEEDS
        return "validation" if task.split == "train" and share < self.order.hold_out else task.split
