"""The media of a row, in the order of the columns that hold them: images, then depth maps, then videos."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from spatialrl.benchmarks.cells import value_of
from spatialrl.benchmarks.spec import MediaColumns
from spatialrl.data.importers.record import Row
from spatialrl.data.importers.shelf import Shelf, listed
from spatialrl.types import Media

LONGEST_PATH = 1024
"""Characters; a longer text is an image as base64."""


def media_of(row: Row, shelf: Shelf, *, columns: MediaColumns) -> tuple[Media, ...]:
    images = [image(value, shelf, columns=columns) for value in _values(row, columns.images)]
    depth = [replace(image(value, shelf, columns=columns), kind="depth") for value in _values(row, columns.depth)]
    videos = [shelf.video(_short(value, columns), under=columns.under) for value in _values(row, columns.videos)]
    return (*images, *depth, *videos)


def image(value: Any, shelf: Shelf, *, columns: MediaColumns) -> Media:
    if isinstance(value, str) and len(value) > LONGEST_PATH and not value.startswith("data:"):
        return shelf.base64_image(value)
    return shelf.image(_short(value, columns), under=columns.under)


def _short(value: Any, columns: MediaColumns) -> Any:
    return value.removeprefix(columns.prefix) if isinstance(value, str) else value


def _values(row: Row, names: tuple[str, ...]) -> Iterator[Any]:
    for name in names:
        yield from (value for value in listed(value_of(row, name)) if value not in (None, ""))
