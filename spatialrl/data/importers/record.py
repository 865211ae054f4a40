"""What importers take and what they refuse: a row of a source, and the reason why it becomes no task."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Literal

from spatialrl.data.importers.shelf import Shelf
from spatialrl.types import Task

Row = dict[str, Any]
Split = Literal["train", "validation", "test"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One row of a source."""

    place: str
    """File and row, for example `data/train.parquet:17`: the id of rows that have none of their own."""
    row: Row
    split: Split = "train"


Converter = Callable[[Record, Shelf], Iterator[Task]]
"""The tasks of one row: one, but for conversations. Raises BadRow for a row that can't become a task."""
