"""Alpaca rows for supervised learning: instruction, input and output, with images and videos; `system` and the turns of
`history` stand before the question.
"""

from collections.abc import Iterator

from spatialrl.data.importers.bad_row import BadRow
from spatialrl.data.importers.conversations import Turn, tasks_of
from spatialrl.data.importers.fields import extras, optional_text, text_of
from spatialrl.data.importers.record import Converter, Record, Row
from spatialrl.data.importers.shelf import Shelf, listed, scene_of_video
from spatialrl.types import Task

KNOWN = ("id", "instruction", "input", "output", "system", "history", "image", "images", "video", "videos")


def alpaca() -> Converter:
    return convert


def convert(record: Record, shelf: Shelf) -> Iterator[Task]:
    row = record.row
    videos = listed(row.get("videos")) or listed(row.get("video"))
    yield from tasks_of(
        turns_of(row),
        record=record,
        source="alpaca",
        images=shelf.images(listed(row.get("images")) or listed(row.get("image"))),
        videos=shelf.videos(videos),
        scene_id=scene_of_video(videos),
        extra=extras(row, known=KNOWN),
    )


def turns_of(row: Row) -> list[Turn]:
    """What the assistant said in the history is learned too."""
    parts = (text_of(row, "instruction"), optional_text(row, "input"))
    system = optional_text(row, "system")
    asked = "\n".join(part.strip() for part in parts if part.strip())
    talk = [*earlier(row), Turn(role="user", text=asked), Turn(role="assistant", text=text_of(row, "output"))]
    return [*([Turn(role="system", text=system)] if system.strip() else []), *talk]


def earlier(row: Row) -> list[Turn]:
    turns = []
    for pair in listed(row.get("history")):
        if not isinstance(pair, list) or len(pair) != 2:
            raise BadRow("fields", "Its history is not a list of pairs of texts.")
        turns += [Turn(role="user", text=str(pair[0])), Turn(role="assistant", text=str(pair[1]))]
    return turns
