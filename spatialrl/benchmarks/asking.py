"""One pass over the rows of a benchmark: each row that is asked for becomes a question, or is rejected with its reason."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from spatialrl.benchmarks.cells import is_wanted, part_of
from spatialrl.benchmarks.columns import columns
from spatialrl.benchmarks.on_disk import Names
from spatialrl.benchmarks.shuffled import shuffled
from spatialrl.benchmarks.spec import Benchmark
from spatialrl.data.folders import REJECTED
from spatialrl.data.importers import IMPORTERS
from spatialrl.data.importers.bad_row import BadRow, NotYet
from spatialrl.data.importers.record import Converter, Record
from spatialrl.data.importers.rejected import Rejected
from spatialrl.data.importers.shelf import Shelf
from spatialrl.data.importers.source import Source
from spatialrl.data.placeholders import unlike_media
from spatialrl.data.tasks import row_to_task
from spatialrl.errors import DataError
from spatialrl.types import Task

REFERRED_TO = ("vlmevalkit",)
"""Forms in which a row may show the image of another, which is read even where it is not asked."""
ID_COLUMNS = ("id", "index", "question_id", "qid")


class Asking:
    def __init__(
        self, benchmark: Benchmark, convert: Converter, rejected: Rejected, *, shelf: Shelf, ids: Names
    ) -> None:
        self.benchmark = benchmark
        self.shelf = shelf
        self.rejected = rejected
        self.convert = convert
        self.ids = ids

    def take(self, records: Iterable[Record], waiting: list[Record] | None) -> Iterator[Task]:
        """Rows that wait for a later one are put with the `waiting`."""
        for record in records:
            try:
                yield from self.tasks(record)
            except BadRow as error:
                if isinstance(error, NotYet) and waiting is not None:
                    waiting.append(record)
                else:
                    self.rejected.add(error, name=name_of(record), place=record.place)

    def tasks(self, record: Record) -> Iterator[Task]:
        wanted = is_wanted(record.row, self.benchmark.where)
        if not wanted and self.benchmark.form not in REFERRED_TO:
            return
        made = list(self.convert(record, self.shelf))
        for task in made if wanted else ():
            yield self.checked(finished(task, record, benchmark=self.benchmark))

    def checked(self, task: Task) -> Task:
        if task.answer_kind == "choice" and not task.names_an_option:
            raise BadRow("answer", f"Its answer '{task.answer}' is none of its {len(task.options)} options.")
        if flaw := unlike_media((task.question, *task.options), task.media):
            raise BadRow("placeholders", flaw)
        if not self.ids.add(task.id):
            raise BadRow("duplicate id", f"The id {task.id} is used before.")
        return task

    def flaws(self) -> Iterator[str]:
        """What is to be told at the end."""
        name, expected, found = self.benchmark.name, self.benchmark.num_rows, len(self.ids)
        told = f"; left out: {self.rejected}, see {self.shelf.folder / REJECTED}" if self.rejected.counts else ""
        if not found:
            raise DataError(f"{name}: no row became a question. {' '.join(self.rejected.first) or 'There are none.'}")
        if expected not in (None, found):
            yield f"{name}: {found:,} questions where {expected:,} are expected{told}."
        elif told:
            yield f"{name}: {found:,} questions{told}."


def converter(benchmark: Benchmark, source: Source) -> Converter:
    own = {"columns": lambda: columns(benchmark), "tasks": lambda: tasks_in(source.folder)}
    return (own.get(benchmark.form) or IMPORTERS[benchmark.form])()


def tasks_in(folder: Path) -> Converter:
    """Rows that are tasks already."""

    def convert(record: Record, _: Shelf) -> Iterator[Task]:
        try:
            yield row_to_task(record.row, folder=(folder / record.place).parent)
        except DataError as error:
            raise BadRow("fields", str(error)) from error

    return convert


def finished(task: Task, record: Record, *, benchmark: Benchmark) -> Task:
    """With what scoring needs of the row."""
    fields = benchmark.fields
    own = {name: part_of(record, wanted) for name, wanted in fields.extra.items()}
    category = part_of(record, fields.category) or task.family
    extra = {**task.extra, **own, "category": category, "group": part_of(record, fields.group)}
    note = benchmark.prompt.notes.get(category, "")
    question = f"{task.question}\n{note}" if note else task.question
    done = replace(task, question=question, family=category, source=benchmark.title, split="test", extra=extra)
    return shuffled(done, name=benchmark.name) if benchmark.options.shuffle else done


def name_of(record: Record) -> str:
    return next((str(record.row[column]) for column in ID_COLUMNS if record.row.get(column) is not None), "")
