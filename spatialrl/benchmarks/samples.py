"""One answered question of a benchmark, and files of them: a line of JSON each.

A sample keeps the whole response, so that a file can be scored again by another rule without asking the model.
"""

import json
import os
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
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


FIELDS = tuple(one.name for one in fields(Sample))
WORDS = ("media", "cognitive_map")
"""Of `extra`, what no summary asks for."""
REQUIRED = {"id", "answer", "response", "score"}


def sample_to_row(sample: Sample) -> dict[str, Any]:
    return {name: getattr(sample, name) for name in FIELDS}


def row_to_sample(row: Mapping[str, Any], *, place: str = "A row of samples") -> Sample:
    if missing := REQUIRED - row.keys():
        raise DataError(f"{place} lacks {', '.join(sorted(missing))}; expected {', '.join(sorted(FIELDS))}.")
    return Sample(**{key: value for key, value in row.items() if key in FIELDS})


def read_samples(path: Path) -> list[Sample]:
    return list(stream_samples(path))


def read_scores(path: Path) -> list[Sample]:
    """The samples without what was written and shown: as much as a summary asks for, however long the responses are."""
    return list(map(_without_words, stream_samples(path)))


def _without_words(sample: Sample) -> Sample:
    told = {sys.intern(key): sys.intern(text) for key, text in sample.extra.items() if key not in WORDS}
    category, reason = sys.intern(sample.category), sys.intern(sample.reason)
    return replace(sample, response=None, parsed=None, prompt_hash="", category=category, reason=reason, extra=told)


def stream_samples(path: Path) -> Iterator[Sample]:
    if not Path(path).is_file():
        raise DataError(f"{path} does not exist; expected a .jsonl file of samples.")
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
