"""Is this data fit to train on? `check_task` looks at a row and at the headers of its media, fast enough to run before
every training; `validate` decodes all media of all files of a folder and finds what is wrong with each row.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import get_args

from spatialrl.data.folders import REJECTED
from spatialrl.data.media.check import check_header, check_pixels
from spatialrl.data.placeholders import placeholders_in, unlike_media
from spatialrl.data.tasks import read_rows, row_to_task
from spatialrl.errors import DataError
from spatialrl.types import LETTERS, AnswerKind, Frame, Media, SceneGraph, Task

SPLITS = ("train", "validation", "test")
SUFFIXES = (".parquet", ".jsonl")


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """What is wrong with one row, or with one file where there is no row to name."""

    file: str
    row: str
    reason: str

    def __str__(self) -> str:
        return f"{self.file}: {self.row}: {self.reason}" if self.row else f"{self.file}: {self.reason}"


def check_task(task: Task, *, check_medium: Callable[[Media], str | None] = check_header) -> str | None:
    """What is wrong with a task, as one sentence; opens no more of its media than their headers."""
    flaws = (check(task) for check in CHECKS.values())
    found = (check_medium(medium) for medium in task.media)
    return next((flaw for flaw in chain(flaws, found) if flaw), None)


def validate(path: Path) -> list[Problem]:
    """What is wrong with a file of rows, or with all such files of a folder. Empty where every row is good."""
    ids: dict[str, str] = {}
    splits: dict[str, str] = {}
    return [problem for file in task_files(Path(path)) for problem in _check_file(file, ids, splits)]


def task_files(path: Path) -> list[Path]:
    """The file itself, or all files of rows in a folder."""
    files = sorted(filter(_has_rows, path.iterdir())) if path.is_dir() else [path]
    if not files:
        raise DataError(f"{path} holds no .parquet or .jsonl file.")
    return files


def _has_rows(file: Path) -> bool:
    return file.suffix in SUFFIXES and file.name != REJECTED


def _check_file(file: Path, ids: dict[str, str], splits: dict[str, str]) -> Iterator[Problem]:
    """`ids` are the files of the rows seen so far, `splits` the splits of their scenes."""
    checked: dict[str, str | None] = {}
    try:
        for row in read_rows(file):
            name = str(row.get("id") or "a row without an id")
            for reason in _check_one(row, file, ids, splits, checked):
                yield Problem(file=file.name, row=name, reason=reason)
    except DataError as error:
        yield Problem(file=file.name, row="", reason=str(error))


def _check_one(
    row: dict, file: Path, ids: dict[str, str], splits: dict[str, str], checked: dict[str, str | None]
) -> Iterator[str]:
    try:
        task = row_to_task(row, folder=file.parent)
    except DataError as error:
        yield str(error)
        return
    if task.id in ids:
        yield f"The id {task.id} is used before, in {ids[task.id]}."
    if task.scene_id and splits.get(task.scene_id, task.split) != task.split:
        yield f"Scene {task.scene_id} is in the split {task.split} and in {splits[task.scene_id]}."
    ids.setdefault(task.id, file.name)
    splits.setdefault(task.scene_id, task.split)
    if reason := check_task(task) or _check_pixels(task, checked):
        yield reason


def _check_pixels(task: Task, checked: dict[str, str | None]) -> str | None:
    """Media that several rows share are decoded once."""
    for medium in task.media:
        if medium.path not in checked:
            checked[medium.path] = check_pixels(medium)
        if checked[medium.path]:
            return checked[medium.path]
    return None


def _check_fields(task: Task) -> str | None:
    if not task.id:
        return "It has no id."
    if not task.question.strip():
        return "It has no question."
    if not task.answer.strip():
        return "It has no answer."
    if task.answer_kind not in get_args(AnswerKind):
        return f"Its answer_kind is '{task.answer_kind}'; there are: {', '.join(get_args(AnswerKind))}."
    if task.split not in SPLITS:
        return f"Its split is '{task.split}'; there are: {', '.join(SPLITS)}."
    return None


def _check_answer(task: Task) -> str | None:
    if task.answer_kind == "choice":
        letters = LETTERS[: len(task.options)]
        if len(task.options) < 2:
            return f"A choice needs at least 2 options; it has {len(task.options)}."
        if len(task.answer) != 1 or task.answer not in letters:
            return f"Its answer '{task.answer}' is none of its options, {letters[0]} to {letters[-1]}."
        texts = [option for option in task.options if not placeholders_in(option)]
        if len(set(texts)) < len(texts):
            return "Two of its options are the same."
    if task.answer_kind == "number" and not _is_number(task.answer):
        return f"Its answer '{task.answer}' is not a number."
    return None


def _check_placeholders(task: Task) -> str | None:
    return unlike_media((task.question, *task.options), task.media)


def _check_boxes(task: Task) -> str | None:
    frames = (task.scene.frame if task.scene else "pixels", task.coordinates or "pixels")
    for frame in frames:
        if frame not in get_args(Frame):
            return f"Its coordinates are in '{frame}'; there are: {', '.join(get_args(Frame))}."
    limits = _limits(task.scene, task) if task.scene else None
    for item in task.scene.objects if task.scene else ():
        x1, y1, x2, y2 = item.bbox
        if not (x1 < x2 and y1 < y2):
            return f"The box {list(item.bbox)} of {item.id} is reversed or empty; expected x1 < x2 and y1 < y2."
        if limits and not (min(x1, y1) >= 0 and x2 <= limits[0] and y2 <= limits[1]):
            return f"The box {list(item.bbox)} of {item.id} reaches outside {limits[0]} x {limits[1]}."
    return None


def _check_names(task: Task) -> str | None:
    names = [item.id for item in task.scene.objects] if task.scene else []
    pairs = task.scene.relationships if task.scene else ()
    strangers = [end for pair in pairs for end in (pair.subject, pair.object) if end not in names]
    if strangers:
        return f"A relation speaks of {strangers[0]}, which is not among the objects of the scene."
    return "Two objects of its scene have the same id." if len(set(names)) < len(names) else None


def _limits(scene: SceneGraph, task: Task) -> tuple[int, int] | None:
    """Width and height of what boxes are measured in; None where the row does not tell."""
    if scene.frame == "thousandths":
        return 1000, 1000
    if scene.frame == "pixels" and task.media:
        return task.media[0].width, task.media[0].height
    return None


def _is_number(text: str) -> bool:
    try:
        return abs(float(text)) < float("inf")
    except ValueError:
        return False


CHECKS: dict[str, Callable[[Task], str | None]] = {
    "fields": _check_fields,
    "answer": _check_answer,
    "placeholders": _check_placeholders,
    "box": _check_boxes,
    "scene": _check_names,
}
"""Of a row without its media, by what is wrong where one of them finds something."""
