"""Folders of photographs, and the rows that are made of them."""

from pathlib import Path

import numpy as np
from PIL import Image

from spatialrl.bench import photographs
from spatialrl.data.tasks import read_tasks
from spatialrl.generators.pretext.make import make_pretext
from spatialrl.types import Task

SIZE = (224, 168)
QUIET = {"progress": False, "processes": 1}


def photograph(number: int, size: tuple[int, int] = SIZE) -> Image.Image:
    return photographs.photograph(number, size)


def depth_map(number: int) -> np.ndarray:
    return photographs.depth_map(number, SIZE)


def fill(folder: Path, count: int = 8, *, with_depth: bool = True, size: tuple[int, int] = SIZE) -> Path:
    """Without loss, so that every pixel can be checked."""
    return photographs.fill_folder(folder, count, size=size, suffix=".bmp", with_depth=with_depth)


def make(folder: Path, source: Path, **arguments) -> list[Task]:
    """The rows for training, as PNG files so that every pixel can be checked."""
    one_split = {"num_validation": 0, "num_test": 0, "image_format": "png"}
    make_pretext(folder, **{"source": str(source), "seed": 1, **one_split, **QUIET, **arguments})
    return read_tasks(folder / "train.parquet")


def pixels(path: str | Path) -> np.ndarray:
    return np.asarray(Image.open(path).convert("RGB")).astype(int)
