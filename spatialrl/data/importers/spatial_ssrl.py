"""Spatial-SSRL-81k: five pretext tasks about images, and the cold start of the same tasks with written-out responses.

Which task a row is stands in the path of its images, `images/{crop,depth,flip,position,shuffle}/`.
"""

from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Any

from spatialrl.data.importers.answers import (
    Answer,
    any_answer,
    choice_answer,
    label_pair_answer,
    options_in,
    sequence_answer,
    unwrapped,
)
from spatialrl.data.importers.bad_row import BadRow
from spatialrl.data.importers.fields import extras, optional_text, text_of
from spatialrl.data.importers.record import Converter, Record, Row
from spatialrl.data.importers.shelf import Shelf, listed, path_in
from spatialrl.data.importers.text_with_media import bind
from spatialrl.data.placeholders import placeholders_in
from spatialrl.types import Task

KNOWN = ("problem", "answer", "images", "instruction", "input", "output")
READERS = {"shuffle": sequence_answer, "depth": sequence_answer, "flip": label_pair_answer}
"""Of the answers of tasks without options."""
CHOICES = ("crop", "position")
UNDER = ("", "data", "coldstart_SFT_images", "data/coldstart_SFT_images")
"""Folders below the media root that paths of images may start in."""


def spatial_ssrl() -> Converter:
    return convert


def convert(record: Record, shelf: Shelf) -> Iterator[Task]:
    row = record.row
    images = listed(row.get("images"))
    response, family = optional_text(row, "output"), family_of(images)
    problem, media = bind(problem_of(row), images=shelf.images(images, under=UNDER), videos=())
    answer = unwrapped(response or text_of(row, "answer"))
    question, options = asked(problem, family, num_images=len(images))
    right = read_answer(answer, family, options)
    yield Task(
        id=record.place,
        question=question,
        media=media,
        options=options,
        answer=right.answer,
        answer_kind=right.answer_kind,
        unit=right.unit,
        family=family,
        source="Spatial-SSRL-81k",
        split=record.split,
        demonstration=response,
        extra=({"problem": problem} if question != problem else {}) | extras(row, known=KNOWN),
    )


def problem_of(row: Row) -> str:
    """Cold-start rows split it in two."""
    if "instruction" not in row:
        return text_of(row, "problem")
    parts = (text_of(row, "instruction"), optional_text(row, "input"))
    return "\n".join(part for part in parts if part.strip())


def family_of(images: list[Any]) -> str:
    parts = PurePosixPath(str(path_in(images[0]))).parts if images else ()
    return next((part for part in parts if part in READERS or part in CHOICES), "")


def asked(problem: str, family: str, *, num_images: int) -> tuple[str, tuple[str, ...]]:
    """The question and its options. Where a crop's problem does not list them, they are its images but the first."""
    if family not in CHOICES:
        return problem, ()
    question, options = options_in(problem)
    if not options and family == "crop":
        return problem, tuple(f"image {number}" for number in range(2, num_images + 1))
    if placeholders_in(problem) and not placeholders_in(question + "".join(options)):
        raise BadRow("placeholders", "Its options and its images can't be told apart.")
    return question, options


def read_answer(answer: str, family: str, options: tuple[str, ...]) -> Answer:
    if family in CHOICES:
        return choice_answer(answer, options)
    return READERS[family](answer) if family in READERS else any_answer(answer)
