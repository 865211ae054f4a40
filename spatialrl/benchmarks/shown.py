"""The media of a row, in the order of the columns that hold them: images, then depth maps, then videos, each from the moment
to the moment that its row names.
"""

import math
from collections.abc import Iterator
from dataclasses import asdict, replace
from functools import lru_cache
from typing import Any

from spatialrl.benchmarks.cells import text_in, value_of
from spatialrl.benchmarks.spec import MediaColumns
from spatialrl.data.importers.bad_row import BadRow
from spatialrl.data.importers.record import Row
from spatialrl.data.importers.shelf import Shelf, listed
from spatialrl.data.media.frame_plan import plan_frames
from spatialrl.data.media.probe import probe_video
from spatialrl.errors import DataError
from spatialrl.types import Media

LONGEST_PATH = 1024
"""Characters; a longer text is an image as base64."""
moments_of = lru_cache(maxsize=16)(probe_video)
"""Rows about one video stand together."""


def media_of(row: Row, shelf: Shelf, *, columns: MediaColumns) -> tuple[Media, ...]:
    images = [image(value, shelf, columns=columns) for value in _values(row, columns.images)]
    depth = [replace(image(value, shelf, columns=columns), kind="depth") for value in _values(row, columns.depth)]
    videos = [shelf.video(_short(value, columns), under=columns.under) for value in _values(row, columns.videos)]
    if columns.start_s or columns.end_s:
        videos = [part_of_video(medium, row, shelf, columns=columns) for medium in videos]
    return (*images, *depth, *videos)


def part_of_video(medium: Media, row: Row, shelf: Shelf, *, columns: MediaColumns) -> Media:
    """As many frames of the part as a whole video of its length would get."""
    start_s, end_s = (moment(row, name) for name in (columns.start_s, columns.end_s))
    try:
        plan = plan_frames(moments_of(medium.path), **asdict(shelf.budget), start_s=start_s, end_s=end_s)
    except DataError as error:
        raise BadRow("fields", str(error)) from error
    return replace(medium, frames=plan)


def moment(row: Row, name: str) -> float | None:
    """Seconds from the start of the video."""
    if not name:
        return None
    said = text_in(row, name)
    try:
        seconds = float(said)
    except ValueError:
        seconds = math.nan
    if not math.isfinite(seconds):
        raise BadRow("fields", f"A number of seconds is expected in '{name}' where it has {said[:40]!r}.")
    return seconds


def image(value: Any, shelf: Shelf, *, columns: MediaColumns) -> Media:
    if isinstance(value, str) and len(value) > LONGEST_PATH and not value.startswith("data:"):
        return shelf.base64_image(value)
    return shelf.image(_short(value, columns), under=columns.under)


def _short(value: Any, columns: MediaColumns) -> Any:
    return value.removeprefix(columns.prefix) if isinstance(value, str) else value


def _values(row: Row, names: tuple[str, ...]) -> Iterator[Any]:
    for name in names:
        yield from (value for value in listed(value_of(row, name)) if value not in (None, ""))
