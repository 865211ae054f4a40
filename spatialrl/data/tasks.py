"""Tasks on disk: one row per task, in parquet or JSON lines.

In a file, media paths are relative to the file's folder, so a data folder can be moved and its bytes are the same
anywhere; in a `Task` they are absolute.
"""

import json
import os
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import fields, is_dataclass
from functools import cache
from pathlib import Path
from typing import Any, TypeVar, get_args

import pyarrow as pa
import pyarrow.parquet as pq

from spatialrl.data.folders import storage_for
from spatialrl.data.json_line import NotARow, parse_line
from spatialrl.data.schema import SCHEMA, TEXT_FIELDS
from spatialrl.errors import DataError
from spatialrl.types import Frame, FramePlan, MapCell, Media, Object3D, Relation, SceneGraph, SceneObject, Task

Row = dict[str, Any]
Item = TypeVar("Item")

ROWS_PER_GROUP = 1024
FIELDS = tuple(field.name for field in fields(Task))


def read_tasks(path: Path) -> list[Task]:
    """The tasks of a .parquet or .jsonl file; a row that is not a task is an error that names it."""
    return [row_to_task(row, folder=Path(path).parent) for row in read_rows(path)]


def write_tasks(path: Path, tasks: Iterable[Task]) -> None:
    """Writes a .parquet or .jsonl file; it appears under its name when it is complete."""
    with storage_for(path), TaskWriter(path) as writer:
        for task in tasks:
            writer.write(task)


class TaskWriter:
    """One file of tasks, row after row; it appears under its name when it is closed without an error."""

    def __init__(self, path: Path) -> None:
        self.path = Path(path)
        self.partial = self.path.with_name(f".{self.path.name}.partial")
        self.num_rows = 0
        self._sink = _format(self.path, _SINKS)(self.partial)

    def __enter__(self) -> "TaskWriter":
        return self

    def write(self, task: Task) -> None:
        self.write_row(task_to_row(task, folder=self.path.parent))

    def write_row(self, row: Row) -> None:
        """As `read_rows` gives it."""
        self._sink.write(row)
        self.num_rows += 1

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        try:
            self._sink.close()
            if kind is None:
                os.replace(self.partial, self.path)
        finally:
            self.partial.unlink(missing_ok=True)


def read_rows(path: Path) -> Iterator[Row]:
    """The rows of a file as they are written there."""
    path = Path(path)
    if not path.is_file():
        raise DataError(f"{path} does not exist; expected a .parquet or .jsonl file of tasks.")
    return _format(path, _READERS)(path)


def task_to_row(task: Task, *, folder: Path) -> Row:
    row = _plain(task)
    for medium in row["media"]:
        medium["path"] = _relative(medium["path"], folder)
    return row


def _plain(value: Any) -> Any:
    """What `dataclasses.asdict` gives, in a third of its time: nothing here is changed later, so nothing is copied."""
    if isinstance(value, tuple):
        return tuple(map(_plain, value))
    names = _field_names(type(value))
    return {name: _plain(getattr(value, name)) for name in names} if names else value


@cache
def _field_names(kind: type) -> tuple[str, ...]:
    """None of what is no dataclass."""
    return tuple(field.name for field in fields(kind)) if is_dataclass(kind) else ()


def row_to_task(row: Row, *, folder: Path) -> Task:
    """Fields a row lacks get their defaults; what a task does not have, or of another type, is an error."""
    name = row.get("id") or "without an id"
    unknown = sorted(row.keys() - set(FIELDS))
    if unknown:
        raise DataError(f"Row {name} has a field '{unknown[0]}'; the fields of a task are {', '.join(FIELDS)}.")
    try:
        return _task(row, folder)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise DataError(f"Row {name} is not a task: {type(error).__name__} {error}.") from error


def _task(row: Row, folder: Path) -> Task:
    words: Row = {key: _text(key, row[key]) for key in TEXT_FIELDS if row.get(key) is not None}
    return Task(
        **{"id": "", "question": "", "answer": "", "answer_kind": "", **words},  # pyright: ignore[reportArgumentType]
        media=_each(row.get("media"), lambda item: _medium(item, folder)),
        options=_each(row.get("options"), lambda item: _text("options", item)),
        scene=_scene_graph(row["scene"]) if row.get("scene") else None,
        objects_3d=_each(row.get("objects_3d"), _object),
        cognitive_map=_each(row.get("cognitive_map"), _map_cell),
        extra=_texts("extra", row.get("extra") or {}),
    )


def _medium(item: Row, folder: Path) -> Media:
    path = str(Path(os.path.abspath(folder)) / _text("path", item["path"]))
    sides = {key: _integer(key, item[key]) for key in ("width", "height")}
    plan = _frame_plan(item["frames"]) if item.get("frames") else None
    shown = _numbers_of(item["shown"], 2) if item.get("shown") else None
    return Media(**{**item, **sides, "path": path, "frames": plan, "shown": shown})


def _frame_plan(item: Row) -> FramePlan:
    return FramePlan(
        indices=_each(item["indices"], lambda index: _integer("indices", index)),
        source_fps=float(item["source_fps"]),
        num_source_frames=_integer("num_source_frames", item["num_source_frames"]),
        order=_each(item.get("order"), lambda place: _integer("order", place)),
        times_s=_each(item.get("times_s"), float),
    )


def _scene_graph(item: Row) -> SceneGraph:
    frame = item.get("frame") or "pixels"
    if frame not in get_args(Frame):
        raise ValueError(f"the frame of the scene is {frame!r} where one of {', '.join(get_args(Frame))} is expected")
    return SceneGraph(
        objects=_each(item["objects"], lambda o: SceneObject(id=_text("id", o["id"]), bbox=_numbers_of(o["bbox"], 4))),
        relationships=_each(item["relationships"], lambda r: Relation(**_texts("relation", r))),
        frame=frame,
    )


def _map_cell(item: Row) -> MapCell:
    cell = MapCell(**item)
    _text("label", cell.label)
    _integer("column", cell.column)
    _integer("row", cell.row)
    return cell


def _object(item: Row) -> Object3D:
    words = {key: _text(key, item[key]) for key in ("id", "category", "colour")}
    vectors = {key: _numbers_of(item[key], 3) for key in ("centre_world", "centre_camera", "size")}
    numbers = {key: _number(item[key]) for key in ("yaw_world", "yaw_camera", "visibility")}
    return Object3D(**{**item, **words, **vectors, **numbers})


def _each(items: list | None, build: Callable[[Any], Item]) -> tuple[Item, ...]:
    if isinstance(items, str):
        raise TypeError(f"'{items}' is one text where a list is expected")
    return tuple(build(item) for item in items or ())


def _numbers_of(items: list, count: int) -> Any:
    numbers = tuple(map(_number, items))
    if len(numbers) != count:
        raise ValueError(f"{list(items)} has {len(numbers)} numbers where {count} are expected")
    return numbers


def _number(value: Any) -> float:
    """As it is written, where a float can hold it."""
    number = value if isinstance(value, int) else float(value)
    if not abs(number) <= sys.float_info.max:
        raise ValueError(f"{str(number)[:40]} is no finite number")
    return number


def _text(key: str, value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{key} is {value!r} where text is expected")
    return value


def _texts(key: str, items: dict) -> dict[str, str]:
    return {_text(key, name): _text(f"{key}.{name}", value) for name, value in items.items()}


def _integer(key: str, value: Any) -> int:
    if not isinstance(value, int):
        raise TypeError(f"{key} is {value!r} where a whole number is expected")
    return value


def _relative(path: str, folder: Path) -> str:
    root = Path(os.path.abspath(folder))
    return Path(path).relative_to(root).as_posix() if Path(path).is_relative_to(root) else path


def _read_parquet(path: Path) -> Iterator[Row]:
    try:
        for batch in pq.ParquetFile(path).iter_batches(batch_size=ROWS_PER_GROUP):
            yield from batch.to_pylist(maps_as_pydicts="strict")
    # A map that has a key twice is a KeyError; text that is no UTF-8 is found when it becomes a str.
    except (pa.ArrowException, OSError, KeyError, UnicodeDecodeError) as error:
        raise DataError(f"{path} can't be read as parquet: {error}.") from error


def _read_json_lines(path: Path) -> Iterator[Row]:
    with path.open("rb") as file:
        for number, line in enumerate(file, start=1):
            try:
                yield parse_line(line)
            except NotARow as error:
                raise DataError(f"{path} line {number} {error}.") from error


class _ParquetSink:
    """Plain pages of fixed size without statistics: the bytes only depend on the rows."""

    def __init__(self, path: Path) -> None:
        plain: dict[str, Any] = {"compression": "none", "use_dictionary": False, "write_statistics": False}
        self.writer = pq.ParquetWriter(path, SCHEMA, version="2.6", store_schema=False, **plain)
        self.group: list[Row] = []

    def write(self, row: Row) -> None:
        self.group.append(row)
        if len(self.group) == ROWS_PER_GROUP:
            self.flush()

    def flush(self) -> None:
        group, self.group = self.group, []
        if group:
            self.writer.write_table(pa.Table.from_pylist(group, schema=SCHEMA))

    def close(self) -> None:
        try:
            self.flush()
        finally:
            self.writer.close()


class _JsonLinesSink:
    def __init__(self, path: Path) -> None:
        self.file = path.open("w", encoding="utf-8")

    def write(self, row: Row) -> None:
        self.file.write(json.dumps(row, ensure_ascii=False) + "\n")

    def close(self) -> None:
        self.file.close()


_READERS: dict[str, Callable[[Path], Iterator[Row]]] = {".parquet": _read_parquet, ".jsonl": _read_json_lines}
_SINKS: dict[str, Callable[[Path], _ParquetSink | _JsonLinesSink]] = {
    ".parquet": _ParquetSink,
    ".jsonl": _JsonLinesSink,
}


def _format(path: Path, known: dict[str, Item]) -> Item:
    if path.suffix not in known:
        raise DataError(f"{path} is not a .parquet or .jsonl file.")
    return known[path.suffix]
