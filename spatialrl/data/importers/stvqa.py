"""STVQA-7K of SpatialThinker: a question with options about one image, with the scene graph it turns on.

`problem`, `question_with_options` and the four forms of the answer besides letter and scene say nothing that the task does
not: they are the question, its options and its answer, joined.
"""

from collections.abc import Iterator

from spatialrl.data.importers.answers import choice_answer, plain_options, unwrapped
from spatialrl.data.importers.bad_row import BadRow
from spatialrl.data.importers.fields import extras, optional_text, text_of
from spatialrl.data.importers.record import Converter, Record
from spatialrl.data.importers.shelf import Shelf, listed
from spatialrl.rewards.parse import Malformed, scene_graph
from spatialrl.types import SceneGraph, Task

KNOWN = (
    "images",
    "problem",
    "question_only",
    "question_with_options",
    "options",
    "answer",
    "answer_only",
    "answer_text",
    "answer_text_only",
    "answer_option_text",
    "answer_option_text_only",
    "category",
)


def stvqa() -> Converter:
    return convert


def convert(record: Record, shelf: Shelf) -> Iterator[Task]:
    row = record.row
    options = plain_options([str(option) for option in listed(row.get("options"))])
    written = text_of(row, "answer")
    right = choice_answer(unwrapped(written), options)
    check_forms(record, options[ord(right.answer) - ord("A")], right.answer)
    yield Task(
        id=record.place,
        question=text_of(row, "question_only"),
        media=shelf.images(row.get("images")),
        options=options,
        answer=right.answer,
        answer_kind=right.answer_kind,
        family=optional_text(row, "category"),
        source="STVQA-7K",
        scene_id=optional_text(row, "image_id"),
        split=record.split,
        scene=scene_of(written),
        extra=extras(row, known=KNOWN),
    )


def check_forms(record: Record, text: str, letter: str) -> None:
    """The row says its answer in several forms; they must agree."""
    for name, expected in (("answer_only", letter), ("answer_text_only", text)):
        said = optional_text(record.row, name)
        if said and said.strip() != expected:
            raise BadRow("answer", f"Its answer is ({letter}) {text}, but {name} is '{said}'.")


def scene_of(answer: str) -> SceneGraph | None:
    """In pixels of the image as it is in the file."""
    if "<scene>" not in answer:
        return None
    scene = scene_graph(answer)
    if isinstance(scene, Malformed):
        raise BadRow("scene", f"Its scene can't be read: {scene.reason}.")
    return scene
