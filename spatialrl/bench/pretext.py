"""`spatialrl bench suite=pretext`: rows of pretext tasks that one core makes in a second of its time, task by task, from
photographs of 640 x 480 in JPEG with depth in .npy, and what always giving the same answer would earn. Everything is
counted, from the headers to the parquet file."""

import sys
import time
from collections.abc import Callable
from pathlib import Path

from spatialrl.bench.commonest import Constant, commonest, tell
from spatialrl.bench.photographs import fill_folder
from spatialrl.bench.scratch import scratch
from spatialrl.data.tasks import read_tasks
from spatialrl.generators.pretext.make import make_pretext
from spatialrl.generators.pretext.picture import encode, read_picture
from spatialrl.generators.pretext.recipe import VARIANTS

SIZE = (640, 480)
MAX_SIDE, QUALITY = 1024, 90


def pretext(*, rows: int = 200, images: int = 40, repeats: int = 3) -> None:
    """The best of some repeats, since other work on the machine only ever makes it slower."""
    with scratch() as name:
        source = fill_folder(Path(name, "source"), images, size=SIZE, suffix=".jpg")
        once_ms = least_ms(lambda _: decode_and_encode(source, rows), repeats) / rows
        sys.stdout.write(f"decode and encode one photograph: {once_ms:.1f} ms\n\n")
        sys.stdout.write(
            "| task | ms of CPU per row | rows per second and core | of decode and encode |\n|---|---|---|---|\n"
        )
        constants: dict[str, dict[str, Constant]] = {}
        for task in VARIANTS:
            row_ms = (
                least_ms(lambda turn, task=task: make(Path(name, f"{task}-{turn}"), source, task, rows), repeats) / rows
            )
            sys.stdout.write(f"| {task} | {row_ms:.1f} | {1000 / row_ms:.0f} | {row_ms / once_ms:.1f} x |\n")
            constants[f"pretext, {task}"] = commonest(read_tasks(Path(name, f"{task}-0", "train.parquet")))
    tell(constants)


def make(folder: Path, source: Path, task: str, rows: int) -> None:
    make_pretext(
        folder,
        source=str(source),
        seed=1,
        num_train=rows,
        num_validation=0,
        num_test=0,
        weights={task: 1},
        quality=QUALITY,
        max_side=MAX_SIDE,
        processes=1,
        progress=False,
    )


def decode_and_encode(source: Path, count: int) -> None:
    """What no row can do without."""
    paths = sorted(source.glob("*.jpg"))
    for number in range(count):
        encode(read_picture(paths[number % len(paths)], MAX_SIDE), "jpeg", QUALITY)


def least_ms(work: Callable[[int], None], repeats: int) -> float:
    """Of this process's own time."""
    times = []
    for turn in range(repeats):
        start = time.process_time()
        work(turn)
        times.append(time.process_time() - start)
    return 1000 * min(times)
