"""SpaceR-151k and SR-91k of Spatial-R1 and SpaceR: JSON lines about videos and images, and the cognitive maps of the
videos in a file of their own, by default `annotation/cognitive_map.jsonl` beside the rows.
"""

import json
import sys
from collections.abc import Iterator
from pathlib import Path

from spatialrl.data.importers.answers import Answer, choice_answer, number_answer, plain_options, unwrapped
from spatialrl.data.importers.bad_row import BadRow
from spatialrl.data.importers.fields import extras, optional_text, text_of
from spatialrl.data.importers.read import Unread, read_rows
from spatialrl.data.importers.record import Converter, Record, Row
from spatialrl.data.importers.shelf import Shelf, listed
from spatialrl.data.importers.vsi_questions import UNITS, family_of
from spatialrl.errors import DataError
from spatialrl.rewards.parse import Malformed, cognitive_map
from spatialrl.rewards.spacer import REGRESSION
from spatialrl.types import AnswerKind, MapCell, Media, Task

KNOWN = ("problem_id", "problem", "data_type", "problem_type", "options", "solution", "path", "data_source")
SPATIAL = "SR_dataset"
"""Value of `data_source` of the rows that are asked in the words of VSI-Bench and have maps."""
MAP_FILES = ("annotation/cognitive_map.jsonl", "cognitive_map.jsonl")

AS_WRITTEN: dict[str, AnswerKind] = {"OCR": "ocr", "free-form": "text"}

Maps = dict[str, Row]


def spacer(*, maps: str | None = None) -> Converter:
    """`maps` is the file of cognitive maps."""
    return SpaceR(maps).convert


class SpaceR:
    def __init__(self, path: str | None) -> None:
        self.path = path
        self.maps: Maps | None = None

    def convert(self, record: Record, shelf: Shelf) -> Iterator[Task]:
        row = record.row
        kind, source = text_of(row, "problem_type"), optional_text(row, "data_source")
        question, options = (
            text_of(row, "problem"),
            plain_options([str(option) for option in listed(row.get("options"))]),
        )
        family = REGRESSION if kind == REGRESSION else family_of(question) if source == SPATIAL else ""
        right = answer_of(kind, unwrapped(text_of(row, "solution")), options, unit=UNITS.get(family, ""))
        medium, path = self.medium(row, shelf), Path(text_of(row, "path"))
        known = self.known_map(path.stem, shelf) if source == SPATIAL else {}
        yield Task(
            id=f"{source or 'spacer'}-{text_of(row, 'problem_id')}",
            question=question,
            media=(medium,),
            options=options if right.answer_kind == "choice" else (),
            answer=right.answer,
            answer_kind=right.answer_kind,
            unit=right.unit,
            family=family,
            source=source,
            scene_id=path.stem if medium.kind == "video" else "",
            split=record.split,
            cognitive_map=cells_of(known),
            extra=extras(row, known=KNOWN) | extras(known, known=("video_id", "cognitive_map")),
        )

    def medium(self, row: Row, shelf: Shelf) -> Media:
        kind, path = text_of(row, "data_type"), text_of(row, "path")
        if kind not in ("image", "video"):
            raise BadRow("fields", f"Its data_type is '{kind}'; expected image or video.")
        return shelf.image(path) if kind == "image" else shelf.video(path)

    def known_map(self, video: str, shelf: Shelf) -> Row:
        if self.maps is None:
            self.maps = read_maps(self.path, shelf)
        return self.maps.get(video, {})


def answer_of(kind: str, text: str, options: tuple[str, ...], *, unit: str) -> Answer:
    if kind == "multiple choice":
        return choice_answer(text, options)
    if kind in ("numerical", REGRESSION):
        return number_answer(text, unit=unit)
    if kind not in AS_WRITTEN:
        known = ("multiple choice", "numerical", REGRESSION, *AS_WRITTEN)
        raise BadRow("fields", f"Its problem_type is '{kind}'; there are: {', '.join(known)}.")
    return Answer(answer=text, answer_kind=AS_WRITTEN[kind])


def read_maps(path: str | None, shelf: Shelf) -> Maps:
    """By the name of the video without its ending."""
    places = [Path(path)] if path else [root / name for root in shelf.roots for name in MAP_FILES]
    file = next((place for place in places if place.is_file()), None)
    if file is None:
        if path:
            raise DataError(f"maps={path} does not exist; expected JSON lines with video_id and cognitive_map.")
        sys.stderr.write(f"No cognitive maps: {places[0]} does not exist; maps=PATH names another file.\n")
        return {}
    found: Maps = {}
    for number, row in read_rows(file):
        if isinstance(row, Unread) or "video_id" not in row:
            told = row.reason if isinstance(row, Unread) else "It has no video_id."
            raise DataError(f"{file} line {number} is no cognitive map: {told}")
        found[Path(str(row["video_id"])).stem] = row
    return found


def cells_of(known: Row) -> tuple[MapCell, ...]:
    if not known.get("cognitive_map"):
        return ()
    cells = cognitive_map(f"<map>{json.dumps(known['cognitive_map'])}</map>")
    if isinstance(cells, Malformed):
        raise BadRow("cognitive map", f"The cognitive map of its video {known['video_id']} is bad: {cells.reason}.")
    return cells
