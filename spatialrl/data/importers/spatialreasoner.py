"""SpatialReasoner's training data, three forms of row in one table: questions with options and a chain of thought,
questions about basic 3D quantities without options, and LLaVA conversations that keep the model's manners.
"""

from collections.abc import Iterator

from spatialrl.data.importers.answers import Answer, any_answer, choice_answer, unwrapped
from spatialrl.data.importers.bad_row import BadRow
from spatialrl.data.importers.conversations import tasks_of, turns_of
from spatialrl.data.importers.fields import extras, optional_text
from spatialrl.data.importers.record import Converter, Record, Row
from spatialrl.data.importers.shelf import Shelf
from spatialrl.types import LETTERS, Task

SOURCE = "SpatialReasoner"
KNOWN = (
    "question",
    "A",
    "B",
    "C",
    "D",
    "answer",
    "answer_name",
    "question_index",
    "category",
    "image_filename",
    "answer_cot",
    "conversations",
    "image_path",
    "image",
)
UNDER = ("", "data", "openimages", "data/openimages", "llava", "data/llava", "images")
"""Folders below the media root that paths of images may start in."""


def spatialreasoner() -> Converter:
    return convert


def convert(record: Record, shelf: Shelf) -> Iterator[Task]:
    row = record.row
    images = shelf.images(row.get("image") or row.get("image_filename") or row.get("image_path"), under=UNDER)
    if not optional_text(row, "question").strip():
        turns = turns_of(row.get("conversations"))
        extra = extras(row, known=KNOWN)
        yield from tasks_of(turns, record=record, source=SOURCE, images=images, videos=(), extra=extra)
        return
    options, thought = options_of(row), optional_text(row, "answer_cot")
    right = answer_of(row, options)
    yield Task(
        id=optional_text(row, "question_index") or record.place,
        question=optional_text(row, "question"),
        media=images,
        options=options,
        answer=right.answer,
        answer_kind=right.answer_kind,
        unit=right.unit,
        family=optional_text(row, "category"),
        source=SOURCE,
        split=record.split,
        demonstration=thought,
        extra=extras(row, known=KNOWN),
    )


def options_of(row: Row) -> tuple[str, ...]:
    said = [optional_text(row, letter).strip() for letter in LETTERS[:4]]
    options = [option for option in said if option]
    if options != said[: len(options)]:
        raise BadRow("fields", f"Option {LETTERS[said.index('')]} is empty, but a later one is not.")
    return tuple(options)


def answer_of(row: Row, options: tuple[str, ...]) -> Answer:
    """The letter and its text must agree. Rows of basic 3D may say their answer in the chain of thought only."""
    said = [optional_text(row, name) for name in ("answer", "answer_name", "answer_cot")]
    first = next((text for text in said if text.strip()), "")
    if not first:
        raise BadRow("answer", "It has no answer.")
    if not options:
        return any_answer(unwrapped(first))
    right = choice_answer(unwrapped(first), options)
    if said[1].strip() and choice_answer(said[1], options) != right:
        raise BadRow("answer", f"Its answer is {right.answer}, but answer_name is '{said[1]}'.")
    return right
