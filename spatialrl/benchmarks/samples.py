"""One answered question of a benchmark, and files of them: a line of JSON each.

A sample keeps the whole response, so that a file can be scored again by another rule without asking the model.
"""

import json
import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any

from spatialrl.errors import DataError


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    id: str
    category: str = ""
    """The sub-task of the benchmark, for example `object_counting`."""
    group: str = ""
    """Shared by questions that are judged together: circular, flipped and paired ones."""
    answer: str
    prompt_hash: str = ""
    response: str | None
    """None where the model was not reached, its media are missing or it ran out of time."""
    parsed: str | None = None
    """What the response was read as."""
    score: float
    """0 to 1."""
    reason: str = ""
    """Why the response could not be read, or `error: ...`; empty otherwise."""
    is_error: bool = False
    extra: Mapping[str, str] = field(default_factory=dict, hash=False)
    """What the benchmark says of the question, and `answer_kind`, `num_options` and `scene_id` of its task."""

    @property
    def is_unread(self) -> bool:
        """There is a response, and nothing was found in it."""
        return not self.is_error and bool(self.reason)


FIELDS = {one.name for one in fields(Sample)}
REQUIRED = {"id", "answer", "response", "score"}


def sample_to_row(sample: Sample) -> dict[str, Any]:
    return asdict(sample)


def row_to_sample(row: Mapping[str, Any], *, place: str = "A row of samples") -> Sample:
    if missing := REQUIRED - row.keys():
        raise DataError(f"{place} lacks {', '.join(sorted(missing))}; expected {', '.join(sorted(FIELDS))}.")
    return Sample(**{key: value for key, value in row.items() if key in FIELDS})


def read_samples(path: Path) -> list[Sample]:
    if not Path(path).is_file():
        raise DataError(f"{path} does not exist; expected a .jsonl file of samples.")
    return list(_samples(Path(path)))


def _samples(path: Path) -> Iterator[Sample]:
    with path.open(encoding="utf-8") as file:
        for number, line in enumerate(file, start=1):
            place = f"{path}, line {number},"
            try:
                row = json.loads(line)
            except ValueError as error:
                raise DataError(f"{place} is no JSON: {error}.") from error
            if not isinstance(row, dict):
                raise DataError(f"{place} is no JSON object.")
            yield row_to_sample(row, place=place)


def write_samples(path: Path, samples: Iterable[Sample]) -> None:
    """The file appears under its name when it is complete."""
    path = Path(path)
    partial = path.with_name(f".{path.name}.partial")
    with partial.open("w", encoding="utf-8") as file:
        file.writelines(json.dumps(sample_to_row(sample), ensure_ascii=False) + "\n" for sample in samples)
    os.replace(partial, path)
