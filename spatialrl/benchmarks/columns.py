"""Rows of any table as tasks, by what the benchmark's description says of their columns."""

import re
from collections.abc import Iterator

from spatialrl.benchmarks.cells import first_text, listed_texts, text_in, text_or_nothing, value_of
from spatialrl.benchmarks.marked import marked_options
from spatialrl.benchmarks.numbered import in_order_of_text
from spatialrl.benchmarks.shown import media_of
from spatialrl.benchmarks.spec import Benchmark, Options
from spatialrl.data.importers.answers import (
    Answer,
    any_answer,
    choice_answer,
    number_answer,
    options_in,
    plain_options,
    unwrapped,
)
from spatialrl.data.importers.bad_row import BadRow
from spatialrl.data.importers.fields import optional_text
from spatialrl.data.importers.record import Converter, Record, Row
from spatialrl.data.importers.shelf import Shelf
from spatialrl.types import LETTERS, Task


def columns(benchmark: Benchmark) -> Converter:
    """One task of one row."""

    def convert(record: Record, shelf: Shelf) -> Iterator[Task]:
        yield task_of(record, shelf, benchmark=benchmark)

    return convert


def task_of(record: Record, shelf: Shelf, *, benchmark: Benchmark) -> Task:
    row, fields = record.row, benchmark.fields
    question, options = question_and_options(row, benchmark=benchmark)
    right = answer_of(row, options, benchmark=benchmark)
    media = media_of(row, shelf, columns=benchmark.media)
    if benchmark.media.numbered:
        question, options, media = in_order_of_text(question, options, media)
    return Task(
        id=text_in(row, fields.id) if fields.id else record.place,
        question=question,
        media=media,
        options=options,
        answer=right.answer,
        answer_kind=right.answer_kind,
        unit=right.unit,
        source=benchmark.title,
        scene_id=text_or_nothing(row, fields.scene),
        split="test",
    )


def question_and_options(row: Row, *, benchmark: Benchmark) -> tuple[str, tuple[str, ...]]:
    question = first_text(row, benchmark.fields.question)
    for sentence in benchmark.prompt.without:
        question = question.replace(sentence, "")
    question, spec = question.strip(), benchmark.options
    if spec.kind == "none":
        return question, ()
    if spec.kind == "question":
        return marked_options(question, marker=spec.marker)
    if spec.kind == "fixed":
        return question, spec.texts
    found = letters(row) if spec.kind == "letters" else plain_options(options_of(row, spec))
    return _without_options(question, found), found


def options_of(row: Row, spec: Options) -> tuple[str, ...]:
    """Of a column."""
    value = value_of(row, spec.column)
    found = listed_texts(value)
    if found is not None:
        return found
    _, marked = marked_options(f"\n{value}", marker=spec.marker)
    if not marked:
        raise BadRow("fields", f"A list of options is expected where it has {str(value)[:60]!r}.")
    return marked


def letters(row: Row) -> tuple[str, ...]:
    """Columns A, B, C, ..., as far as they say something."""
    said = [optional_text(row, letter).strip() for letter in LETTERS]
    return tuple(said[: said.index("")] if "" in said else said)


def _without_options(question: str, options: tuple[str, ...]) -> str:
    """A prompt may repeat at its end the options that have a column of their own."""
    bare, repeated = options_in(question)
    return bare if options and repeated == options else question


def answer_of(row: Row, options: tuple[str, ...], *, benchmark: Benchmark) -> Answer:
    spec, fields = benchmark.answers, benchmark.fields
    said = spec.always or unwrapped(text_in(row, fields.answer))
    said = re.sub(spec.without, "", said) if spec.without else said
    said = spec.values.get(said, said)
    unit = text_or_nothing(row, fields.unit)
    if spec.kind == "text":
        return Answer(answer=said, answer_kind="text")
    if spec.kind == "number":
        return number_answer(said, unit=unit)
    if spec.kind == "index":
        said = _letter_at(said, len(options))
    if spec.kind == "choice" and not options:
        raise BadRow("answer", "It has no options, and its answer is to be one of them.")
    if options:
        return choice_answer(said, options)
    found = any_answer(said)
    return found if found.answer_kind != "number" or found.unit else number_answer(said, unit=unit)


def _letter_at(said: str, num_options: int) -> str:
    if not re.fullmatch(r"\d{1,2}", said) or int(said) >= num_options:
        raise BadRow("answer", f"Its answer '{said}' is no index of its {num_options} options.")
    return LETTERS[int(said)]
