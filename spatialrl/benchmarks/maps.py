"""A cognitive map before the question: drawn by the model itself in a turn of its own, or read from a file of maps.

A file holds JSON lines with `map`, and the `id` of the question or the `scene_id` it is for. The one rule: a question whose
map is missing is an error, never asked without.
"""

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from spatialrl.data.placeholders import PLACEHOLDER
from spatialrl.errors import ConfigError, DataError
from spatialrl.types import Task

NONE, SELF = "none", "self"
KEYS = ("id", "scene_id")


def with_map(prompt: Task, drawn: str) -> Task:
    """The map as text, then the prompt. A placeholder the model wrote would ask for a medium."""
    text = PLACEHOLDER.sub("", drawn).strip()
    return replace(
        prompt, question=f"A map of the room from above, as cells of a 10 x 10 grid:\n{text}\n\n{prompt.question}"
    )


class MapFile:
    def __init__(self, path: Path) -> None:
        if not path.is_file():
            raise ConfigError(f"eval.cognitive_map is {path}; say none, self, or the path of a file of maps.")
        self.path = path
        self.maps: dict[tuple[str, str], str] = {}
        with path.open(encoding="utf-8") as lines:
            for number, line in enumerate(lines, start=1):
                self._add(line, place=f"{path}, line {number},")

    def _add(self, line: str, *, place: str) -> None:
        try:
            row = json.loads(line)
        except ValueError as error:
            raise DataError(f"{place} is no JSON: {error}.") from error
        key = next((key for key in KEYS if isinstance(row, Mapping) and key in row), None)
        if key is None or "map" not in row:
            raise DataError(f"{place} needs `map`, and `id` or `scene_id`.")
        self.maps[key, str(row[key])] = as_text(row["map"])

    def find(self, task: Task) -> str | None:
        """Of the question itself before that of its scene."""
        return self.maps.get(("id", task.id)) or self.maps.get(("scene_id", task.scene_id))


def as_text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)
