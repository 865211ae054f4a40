"""`spatialrl bench suite=inspect`: rows that one core inspects in a second, with photographs of 640 x 480 in JPEG and without
media, and the peak memory of an inspection of few and of many rows, each in a process of its own."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from PIL import Image

from spatialrl.bench.photographs import fill_folder
from spatialrl.bench.scratch import scratch
from spatialrl.data.tasks import write_tasks
from spatialrl.types import Media, Task

SIZE = (640, 480)
PICTURE_SIDE = 48
DEADLINE_S = 3600
PROGRAM = """
import re, sys, time
from spatialrl.data.inspection.order import Order
from spatialrl.data.inspection.run import inspection
start = time.process_time()
inspection(Order(path=sys.argv[1], page=None, processes=1, progress=False))
status = open("/proc/self/status").read()
print(time.process_time() - start, re.search(r"VmHWM:\\s+(\\d+)", status)[1])
"""
"""getrusage would tell the peak of the process that started it, where that is larger."""


def inspect_suite(*, images: int = 500, few: int = 5_000, many: int = 150_000, pictures: int = 0) -> None:
    """Every image has a row of its own; text rows have some 300 characters. `pictures` are small ones, for numbers at which
    photographs would take hours."""
    with scratch() as folder:
        write_tasks(folder / "images.parquet", image_rows(folder / "media", images))
        for count in (few, many):
            write_tasks(folder / f"text_{count}.parquet", text_rows(count))
        sys.stdout.write("| rows | rows per second of one core | peak memory, MB |\n|---|---|---|\n")
        tell(f"{images:,} with an image of {SIZE[0]} x {SIZE[1]}", folder / "images.parquet", images)
        for count in (few, many):
            tell(f"{count:,} of text", folder / f"text_{count}.parquet", count)
        if pictures:
            write_tasks(folder / "pictures.parquet", picture_rows(folder, pictures))
            side = PICTURE_SIDE
            tell(f"{pictures:,} with an image of {side} x {side}", folder / "pictures.parquet", pictures)


def tell(what: str, file: Path, count: int) -> None:
    command = [sys.executable, "-c", PROGRAM, str(file)]
    done = subprocess.run(command, check=True, capture_output=True, text=True, timeout=DEADLINE_S)
    seconds, peak_kb = map(float, done.stdout.split())
    sys.stdout.write(f"| {what} | {count / seconds:,.0f} | {peak_kb / 1024:,.0f} |\n")


def image_rows(folder: Path, count: int) -> Iterator[Task]:
    fill_folder(folder, count, size=SIZE, suffix=".jpg", with_depth=False)
    for number, path in enumerate(sorted(folder.glob("*.jpg"))):
        medium = Media(kind="image", path=str(path), width=SIZE[0], height=SIZE[1])
        yield text_row(number, media=(medium,))


def picture_rows(folder: Path, count: int) -> Iterator[Task]:
    """Patches of colour by chance, a thousand files in a folder."""
    dice, side = np.random.default_rng(1), PICTURE_SIDE
    for number in range(count):
        path = folder / f"pictures_{number // 1000}" / f"{number}.png"
        path.parent.mkdir(exist_ok=True)
        patches = Image.fromarray(dice.integers(0, 256, (6, 6, 3), dtype=np.uint8))
        patches.resize((side, side), Image.Resampling.BILINEAR).save(path, compress_level=1)
        yield text_row(number, media=(Media(kind="image", path=str(path), width=side, height=side),))


def text_rows(count: int) -> Iterator[Task]:
    return (text_row(number) for number in range(count))


def text_row(number: int, *, media: tuple[Media, ...] = ()) -> Task:
    return Task(
        id=f"row-{number}",
        question=f"Seen from door {number}, on which side of the table does the chair stand? {'It is a room. ' * 18}",
        media=media,
        options=("left", "right") if number % 4 < 2 else ("right", "left"),
        answer="AB"[number % 2],
        answer_kind="choice",
        family="position",
        source="bench",
        scene_id=f"room-{number // 3}",
    )
