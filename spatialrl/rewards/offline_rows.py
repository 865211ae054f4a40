"""Lines of JSON to what a reward takes, and scores to lines. Whatever stands in a line, it gets an answer: a line that is no
row is unscored and says why."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

from spatialrl.config import RewardConfig
from spatialrl.data.tasks import row_to_task
from spatialrl.errors import DataError
from spatialrl.rewards import score_batch
from spatialrl.types import Completion, Score, Scored, Task, Unscored

MAX_LINE = 64_000_000
"""Bytes; a longer line is not read."""
UTF8_MARK = b"\xef\xbb\xbf"

Row = dict[str, Any]
Pair = tuple[Task, Completion]


@dataclass(frozen=True, slots=True)
class Reading:
    """One line: the id it gives, and what to score or why there is nothing."""

    name: Any
    found: Pair | Unscored


def score_lines(lines: Sequence[bytes], config: RewardConfig, *, folder: Path) -> list[Row]:
    readings = [read_line(line, folder=folder) for line in lines]
    pairs = [each.found for each in readings if not isinstance(each.found, Unscored)]
    scores = iter(_scores(pairs, config))
    return [_row(each.name, each.found if isinstance(each.found, Unscored) else next(scores)) for each in readings]


def read_line(line: bytes, *, folder: Path) -> Reading:
    name = None
    try:
        if len(line) > MAX_LINE:
            raise DataError(f"longer than {MAX_LINE:,} bytes")
        if not line.strip():
            raise DataError("empty")
        row = json.loads(line.removeprefix(UTF8_MARK).decode(), parse_constant=_refuse)
        if not isinstance(row, dict):
            raise DataError("not a JSON object")
        name = row.get("id")
        return Reading(name, (_task(row, folder=folder), _completion(row)))
    # A text in another encoding and JSON that is none are ValueErrors, brackets nested too deep a RecursionError.
    except (ValueError, RecursionError, DataError) as error:
        return Reading(name, Unscored(reason=f"not a row with id, response and task: {error}"))


def _refuse(constant: str) -> NoReturn:
    raise DataError(f"{constant} is no JSON number")


def _completion(row: Row) -> Completion:
    text = row.get("response")
    if not isinstance(text, str):
        raise DataError("response is missing" if text is None else "response is not a text")
    return Completion(prompt_ids=(), token_ids=(), text=text)


def _task(row: Row, *, folder: Path) -> Task:
    """A task as people have it: an image may be known by its size alone, and by that in which the model saw it; an answer
    may be a number."""
    if not isinstance(row.get("task"), dict):
        raise DataError("task is missing" if row.get("task") is None else "task is not a JSON object")
    given: Row = dict(row["task"])
    given["media"] = _media(given.get("media"), given.pop("image_size", None), given.pop("shown_size", None))
    if isinstance(given.get("scene"), dict) and given["scene"]:
        given["scene"] = {"relationships": [], **given["scene"]}
    if isinstance(given.get("answer"), int | float) and not isinstance(given["answer"], bool):
        given["answer"] = str(given["answer"])
    kind = "choice" if given.get("options") else "text"
    return row_to_task({"id": str(row.get("id")), "answer_kind": kind, **given}, folder=folder)


def _media(media: Any, size: Any, shown: Any) -> Any:
    if size is None:
        return media
    if not (isinstance(size, list) and len(size) == 2 and all(isinstance(side, int) and side > 0 for side in size)):
        raise DataError(f"image_size is {size!r}; expected [width, height] in pixels")
    sides = {"width": size[0], "height": size[1]}
    if not media:
        return [{"kind": "image", "path": "image", **sides, "shown": shown}]
    if not isinstance(media, list) or not isinstance(media[0], dict):
        raise DataError("media is not a list of JSON objects")
    first = {**sides, **media[0]}
    if {key: first[key] for key in sides} != sides:
        raise DataError(f"image_size is {size} and the first medium is {first['width']} x {first['height']}")
    return [first, *media[1:]]


def _scores(pairs: Sequence[Pair], config: RewardConfig) -> list[Score]:
    try:
        return score_batch(config.name, pairs, config.args)
    # Door: a task whose truth is wrong. It may not take the others of its batch along.
    except DataError as error:
        if len(pairs) == 1:
            return [Unscored(reason=str(error))]
        return [score for pair in pairs for score in _scores([pair], config)]


def _row(name: Any, score: Score) -> Row:
    if isinstance(score, Scored):
        return {"id": name, "status": "scored", "reward": score.reward, "parts": dict(score.parts), "reason": ""}
    return {"id": name, "status": "unscored", "reward": None, "parts": {}, "reason": score.reason}
