"""Benchmarks in small: a source of the same form with a few rows, and the questions it must give."""

import base64
import csv
import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from PIL import Image

from spatialrl.benchmarks.rows import Place, questions
from spatialrl.benchmarks.spec import read_benchmark
from spatialrl.scenes.video import write_video
from spatialrl.types import Task

Row = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What a row must become."""

    question: str
    options: tuple[str, ...] = ()
    answer: str
    media: str = "image"
    """Their kinds, one after another."""
    category: str = ""
    group: str = ""
    unit: str = ""
    extra: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Small:
    file: str
    rows: Sequence[Row]
    asked: Sequence[Asked]
    pictures: Sequence[str] = ()
    """Files beside the rows."""
    clips: Sequence[str] = ()

    def write(self, folder: Path) -> Path:
        """The folder of the source."""
        for number, name in enumerate(self.pictures):
            put(folder / name, picture(number, form="PNG" if name.endswith(".png") else "JPEG"))
        for name in self.clips:
            clip(folder / name)
        write_rows(folder / self.file, self.rows)
        return folder


def tasks_of(
    name: str, small: Small, folder: Path, *, told: list[str] | None = None, strict: bool = False
) -> list[Task]:
    source = small.write(folder / "source")
    place = Place(source=str(source), strict=strict)
    report = [].append if told is None else told.append
    return list(questions(read_benchmark(name), folder=folder / "out", place=place, report=report))


def seen(task: Task) -> Asked:
    """What a task says, in the words of a table of rows."""
    return Asked(
        question=task.question,
        options=task.options,
        answer=task.answer,
        media=" ".join(medium.kind for medium in task.media),
        category=task.extra["category"],
        group=task.extra["group"],
        unit=task.unit,
    )


def picture(shade: int = 0, *, form: str = "PNG") -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (40, 30), (shade % 256, 80, 160)).save(file, form)
    return file.getvalue()


def base64_of(content: bytes) -> str:
    return base64.b64encode(content).decode()


def stored(shade: int = 0) -> Row:
    """An image as the Hub's parquet files have it."""
    return {"bytes": picture(shade), "path": None}


def put(path: Path, content: bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def clip(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    write_video(path, (np.full((24, 32, 3), 20 * index % 256, np.uint8) for index in range(12)), fps=4)
    return path


def write_rows(path: Path, rows: Sequence[Row]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.suffix == ".parquet":
        pq.write_table(pa.Table.from_pylist(list(rows)), path)
    elif path.suffix in (".tsv", ".csv"):
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, fieldnames=list(rows[0]), delimiter="\t" if path.suffix == ".tsv" else ",")
            writer.writeheader()
            writer.writerows(rows)
    elif path.suffix == ".jsonl":
        path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    else:
        path.write_text(json.dumps(list(rows)))
