"""One line of somebody else's results: the question as far as the line tells it, what their model said, and their own score."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from spatialrl.benchmarks.cells import part_of
from spatialrl.benchmarks.spec import Benchmark, Part
from spatialrl.data.importers.answers import Answer, any_answer, number_answer
from spatialrl.data.importers.bad_row import BadRow
from spatialrl.data.importers.fields import as_text, optional_text
from spatialrl.data.importers.record import Record, Row
from spatialrl.data.importers.vsi_questions import UNITS
from spatialrl.types import Task

LONGEST_EXTRA = 300
"""Characters; longer cells are prompts and images, which scoring does not want."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Prediction:
    task: Task
    response: str | None
    error: str = ""
    claimed: float | None = None
    """Their own score of this line, 0 to 1; None where the file has none."""


Form = Callable[[Record, Benchmark], Prediction]
"""Raises BadRow for a line that is no prediction."""


def made_task(
    record: Record,
    benchmark: Benchmark,
    *,
    id: str,
    question: str,
    answer: str,
    options: Sequence[str],
    category: str,
    extra: Mapping[str, str] | None = None,
    known: Sequence[str] = (),
) -> Task:
    """Without media, which no scoring looks at. `known` are columns that the task has already."""
    right = answer_of(answer, options, category=category)
    others = {name: text for name, value in record.row.items() if name not in known and (text := short(value))}
    given = {**others, **described(record, benchmark), **(extra or {})}
    category = given.get("category") or category
    return Task(
        id=id,
        question=question,
        options=tuple(options),
        answer=right.answer,
        answer_kind=right.answer_kind,
        unit=right.unit,
        family=category,
        source=benchmark.title,
        split="test",
        extra={**given, "category": category},
    )


def answer_of(answer: str, options: Sequence[str], *, category: str) -> Answer:
    """A letter whose options are not in the file stays a letter."""
    text = answer.strip()
    if not options and len(text) == 1 and text.isupper():
        return Answer(answer=text, answer_kind="choice")
    if category in UNITS:
        return number_answer(text, unit=UNITS[category])
    return any_answer(text, options)


def described(record: Record, benchmark: Benchmark) -> dict[str, str]:
    """What the benchmark's description finds in the line; files of results keep some of the columns only."""
    fields = benchmark.fields
    wanted = {**fields.extra, "group": fields.group, "category": fields.category}
    return {name: cell for name, part in wanted.items() if (cell := _if_there(record, part))}


def _if_there(record: Record, part: str | Part) -> str:
    try:
        return part_of(record, part)
    except BadRow:
        return ""


def short(value: object) -> str:
    text = "" if value is None else as_text(value)
    return text if len(text) <= LONGEST_EXTRA else ""


def said(row: Row, column: str) -> str | None:
    """None where the cell is empty: nobody answered."""
    if column not in row:
        raise BadRow("fields", f"The line has no '{column}'; it has {', '.join(map(str, row))}.")
    return optional_text(row, column) or None


def failed(prediction: Prediction, reason: str) -> Prediction:
    return replace(prediction, response=None, error=reason)
