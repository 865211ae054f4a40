"""Small sources in the forms of other projects, and what an import makes of them."""

import base64
import io
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from PIL import Image

from spatialrl.data.tasks import read_tasks
from spatialrl.data.verbs import data
from spatialrl.scenes.video import write_video
from spatialrl.types import Task

Row = dict[str, Any]


def picture(shade: int = 0, *, width: int = 40, height: int = 30, format: str = "PNG") -> bytes:
    """An image whose shade makes it another one."""
    file = io.BytesIO()
    Image.new("RGB", (width, height), (shade, 80, 160)).save(file, format)
    return file.getvalue()


def base64_picture(shade: int = 0) -> str:
    return base64.b64encode(picture(shade)).decode()


def put(path: Path, content: bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def put_picture(path: Path, shade: int = 0) -> Path:
    return put(path, picture(shade))


def put_video(path: Path, *, num_frames: int = 12, fps: int = 4) -> Path:
    """32 x 24 pixels, ever brighter."""
    path.parent.mkdir(parents=True, exist_ok=True)
    write_video(path, (np.full((24, 32, 3), 20 * index % 256, np.uint8) for index in range(num_frames)), fps=fps)
    return path


def put_json_lines(path: Path, rows: Iterable[Row]) -> Path:
    return put(path, "".join(json.dumps(row) + "\n" for row in rows).encode())


def put_json(path: Path, rows: list[Row]) -> Path:
    return put(path, json.dumps(rows).encode())


def put_parquet(path: Path, rows: list[Row], **options: Any) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(pa.Table.from_pylist(rows), path, **options)
    return path


class Imported:
    """A folder that an import has written."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def tasks(self, split: str = "train") -> list[Task]:
        path = self.folder / f"{split}.parquet"
        return read_tasks(path) if path.exists() else []

    @property
    def task(self) -> Task:
        """The only one."""
        (task,) = [task for split in ("train", "validation", "test") for task in self.tasks(split)]
        return task

    @property
    def rejected(self) -> list[tuple[str, str]]:
        """Id and kind."""
        lines = (self.folder / "rejected.jsonl").read_text().splitlines()
        return [(row["id"], row["kind"]) for row in map(json.loads, lines)]

    @property
    def reasons(self) -> list[str]:
        return [json.loads(line)["reason"] for line in (self.folder / "rejected.jsonl").read_text().splitlines()]


def imported(name: str, source: object, **arguments: object) -> Imported:
    """As a person asks for it, into a folder beside the source."""
    folder = Path(str(source).partition("@")[0]).parent / f"of_{Path(str(source)).stem}"
    folder = Path(str(arguments.pop("folder", folder)))
    words = [f"{key}={value}" for key, value in arguments.items()]
    data([f"import={name}", f"source={source}", f"folder={folder}", *words])
    return Imported(folder)
