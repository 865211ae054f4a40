"""Benchmarks in VLMEvalKit's form: a TSV with images as base64, one or a list, or the index of the row that has it."""

from collections.abc import Iterator

from spatialrl.data.importers.answers import any_answer, unwrapped
from spatialrl.data.importers.bad_row import NotYet
from spatialrl.data.importers.fields import extras, optional_text, text_of
from spatialrl.data.importers.record import Converter, Record, Row
from spatialrl.data.importers.shelf import Shelf
from spatialrl.data.importers.source import split_named
from spatialrl.types import LETTERS, Media, Task

KNOWN = ("index", "image", "image_path", "question", "hint", "answer", "category", "split", *LETTERS)
LONGEST_INDEX = 64
"""Characters; what is longer is an image."""


def vlmevalkit() -> Converter:
    return VLMEvalKit().convert


class VLMEvalKit:
    def __init__(self) -> None:
        self.shown: dict[str, tuple[Media, ...]] = {}
        """By the index of the row."""

    def convert(self, record: Record, shelf: Shelf) -> Iterator[Task]:
        row = record.row
        index = text_of(row, "index")
        media = self.shown[index] = self.media(row, shelf)
        options = options_of(row)
        right = any_answer(unwrapped(text_of(row, "answer")), options)
        split = optional_text(row, "split")
        yield Task(
            id=index,
            question="\n".join(text for text in (optional_text(row, "hint"), text_of(row, "question")) if text.strip()),
            media=media,
            options=options,
            answer=right.answer,
            answer_kind=right.answer_kind,
            unit=right.unit,
            family=optional_text(row, "category"),
            source=record.place.partition(":")[0].removesuffix(".tsv"),
            split=split_named(split) if split else record.split,
            extra=extras(row, known=KNOWN),
        )

    def media(self, row: Row, shelf: Shelf) -> tuple[Media, ...]:
        images = cells(optional_text(row, "image"))
        if not images:
            return shelf.images(cells(optional_text(row, "image_path")))
        if len(images) == 1 and len(images[0]) <= LONGEST_INDEX:
            return self.of_row(images[0])
        return tuple(shelf.base64_image(image) for image in images)

    def of_row(self, index: str) -> tuple[Media, ...]:
        if index not in self.shown:
            raise NotYet("media", f"It shows the image of row {index}, which has none.")
        return self.shown[index]


def options_of(row: Row) -> tuple[str, ...]:
    options = []
    for letter in LETTERS:
        if not optional_text(row, letter).strip():
            break
        options.append(optional_text(row, letter).strip())
    return tuple(options)


def cells(text: str) -> list[str]:
    """`['a', 'b']` is a list of texts; neither base64 nor a path has commas or quotes."""
    inside = text.strip()
    if inside.startswith("[") and inside.endswith("]"):
        return [part.strip(" '\"") for part in inside[1:-1].split(",") if part.strip()]
    return [inside] if inside else []
