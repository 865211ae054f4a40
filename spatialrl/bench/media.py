"""`spatialrl bench suite=media`: what a worker pays to have the pixels of a task, over the bare decoder.

Both sides decode the same photographs (640 x 480, JPEG) and clips (H.264) into the sizes the model sees. The bare side
calls Pillow and PyAV and nothing else; ours checks the header, turns the picture upright, names it by its content, and
keeps it in the node's shared memory. Sides take turns, with the same number of threads, and the ratio is the median over
the rounds. `again` reads the same media once more, as the actor does after the rollout.
"""

import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from fractions import Fraction
from functools import partial
from itertools import count
from pathlib import Path
from statistics import median

import av
import numpy as np
from av.video.stream import VideoStream
from PIL import Image

from spatialrl.bench.photographs import photograph
from spatialrl.config import DataConfig, VideoConfig
from spatialrl.data.media.budget import Budgets
from spatialrl.data.media.load import load_pixels
from spatialrl.data.media.planning import with_frame_plans
from spatialrl.data.media.store import ROOT, MediaStore, store_key
from spatialrl.data.pool import num_cores
from spatialrl.types import Media, Task

SIZE = (640, 480)
FPS, SECONDS = 10, 6
FACTOR = 28
STORE_BYTES = 2**30

Decode = Callable[[Media], np.ndarray]


def media(*, images: int = 64, videos: int = 6, rounds: int = 7, threads: int = 0) -> None:
    threads = threads or num_cores()
    config = DataConfig(video=VideoConfig(fps=2.0))
    budgets = Budgets.of(config, factor=FACTOR)
    with tempfile.TemporaryDirectory() as name, tempfile.TemporaryDirectory(dir=ROOT) as shared:
        kinds = {"images": photographs(Path(name), images), "videos": clips(Path(name), videos, config)}
        sys.stdout.write(f"{threads} threads, median of {rounds} rounds; a second\n\n")
        sys.stdout.write("| media | bare decoder | ours | ratio | again |\n|---|---|---|---|---|\n")
        for kind, items in kinds.items():
            bare, ours, again = in_turns(items, budgets, folder=Path(shared), rounds=rounds, threads=threads)
            ratio = median(b / o for b, o in zip(bare, ours, strict=True))
            rates = [f"{len(items) / median(times):,.0f}" for times in (bare, ours, again)]
            sys.stdout.write(f"| {len(items)} {kind} | {rates[0]} | {rates[1]} | {ratio:.2f} | {rates[2]} |\n")


def in_turns(
    items: Sequence[Media], budgets: Budgets, *, folder: Path, rounds: int, threads: int
) -> tuple[list[float], list[float], list[float]]:
    """Seconds of each round; the first one warms up and is not counted. Every round has a store of its own."""
    sides: tuple[list[float], list[float], list[float]] = ([], [], [])
    for turn in range(rounds + 1):
        with MediaStore(folder / f"{next(NUMBERS)}", max_bytes=STORE_BYTES) as store:
            ours = partial(stored, budgets=budgets, store=store)
            found = [
                timed(partial(bare, budgets=budgets), items, threads),
                *(timed(ours, items, threads) for _ in "12"),
            ]
        if turn:
            for side, seconds in zip(sides, found, strict=True):
                side.append(seconds)
    return sides


NUMBERS = count()


def timed(decode: Decode, items: Sequence[Media], threads: int) -> float:
    with ThreadPoolExecutor(threads) as pool:
        start = time.perf_counter()
        for _ in pool.map(decode, items):
            pass
        return time.perf_counter() - start


def stored(medium: Media, *, budgets: Budgets, store: MediaStore) -> np.ndarray:
    size = budgets.size(medium)
    return store.fetch(store_key(medium, size), lambda: load_pixels(medium, size=size))


def bare(medium: Media, *, budgets: Budgets) -> np.ndarray:
    size = budgets.size(medium)
    if medium.kind == "image":
        with Image.open(medium.path) as image:
            return np.asarray(image.convert("RGB").resize(size, Image.Resampling.BICUBIC))
    assert medium.frames is not None
    wanted = set(medium.frames.indices)
    with av.open(medium.path) as container:
        frames = [f.to_ndarray(format="rgb24") for i, f in enumerate(container.decode(video=0)) if i in wanted]
    return np.stack([np.asarray(Image.fromarray(f).resize(size, Image.Resampling.BICUBIC)) for f in frames])


def photographs(folder: Path, number: int) -> list[Media]:
    found = []
    for index in range(number):
        path = folder / f"{index}.jpg"
        photograph(index, SIZE).save(path, quality=92)
        found.append(Media(kind="image", path=str(path), width=SIZE[0], height=SIZE[1]))
    return found


def clips(folder: Path, number: int, config: DataConfig) -> list[Media]:
    """A window that moves over a photograph."""
    tasks = []
    for index in range(number):
        path = str(folder / f"{index}.mp4")
        whole = np.asarray(photograph(1000 + index, (SIZE[0] + FPS * SECONDS, SIZE[1])))
        with av.open(path, "w") as container:
            stream = container.add_stream("libx264", rate=Fraction(FPS), options={"x264-params": "log-level=none"})
            assert isinstance(stream, VideoStream)
            stream.width, stream.height, stream.pix_fmt = *SIZE, "yuv420p"
            for shift in range(FPS * SECONDS):
                view = np.ascontiguousarray(whole[:, shift : shift + SIZE[0]])
                container.mux(stream.encode(av.VideoFrame.from_ndarray(view, format="rgb24")))
            container.mux(stream.encode())
        medium = Media(kind="video", path=path, width=SIZE[0], height=SIZE[1])
        tasks.append(Task(id=path, question="?", answer="1", answer_kind="number", media=(medium,)))
    planned, _ = with_frame_plans(tasks, config.video)
    return [task.media[0] for task in planned]
