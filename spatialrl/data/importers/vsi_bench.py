"""VSI-Bench: questions about videos of rooms, `dataset/scene_name.mp4`. It is a test set and stays one."""

from collections.abc import Iterator

from spatialrl.data.importers.answers import choice_answer, number_answer, plain_options
from spatialrl.data.importers.bad_row import BadRow
from spatialrl.data.importers.fields import extras, text_of
from spatialrl.data.importers.record import Converter, Record
from spatialrl.data.importers.shelf import Shelf, listed
from spatialrl.data.importers.vsi_questions import FAMILIES, UNITS
from spatialrl.errors import ConfigError
from spatialrl.types import Task

KNOWN = ("id", "scene_name", "question_type", "question", "options", "ground_truth")


def vsi_bench() -> Converter:
    return convert


def convert(record: Record, shelf: Shelf) -> Iterator[Task]:
    if record.split != "test":
        raise ConfigError(f"VSI-Bench is a test set, and {record.place} is to be of the split {record.split}.")
    row, options = record.row, plain_options([str(option) for option in listed(record.row.get("options"))])
    family, truth = text_of(row, "question_type"), text_of(row, "ground_truth")
    if family not in FAMILIES:
        raise BadRow("fields", f"Its question_type is '{family}'; there are: {', '.join(FAMILIES)}.")
    right = choice_answer(truth, options) if options else number_answer(truth, unit=UNITS.get(family, ""))
    scene = text_of(row, "scene_name")
    yield Task(
        id=text_of(row, "id"),
        question=text_of(row, "question"),
        media=(shelf.video(f"{text_of(row, 'dataset')}/{scene}.mp4"),),
        options=options,
        answer=right.answer,
        answer_kind=right.answer_kind,
        unit=right.unit,
        family=family,
        source="VSI-Bench",
        scene_id=scene,
        split=record.split,
        extra=extras(row, known=KNOWN),
    )
