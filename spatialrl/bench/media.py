"""`spatialrl bench suite=media`: what a worker pays to have the pixels of a task, over the bare decoder.

Both sides decode the same photographs (640 x 480, JPEG) and clips (H.264) into the sizes the model sees. The bare side
calls Pillow and PyAV and nothing else; ours checks the header, turns the picture upright, names it by its content, and
keeps it in the node's shared memory. Sides take turns, with the same number of threads, and the ratio is the median over
the rounds. `again` reads the same media once more, as the actor does after the rollout.
"""

import sys
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
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
from spatialrl.bench.scratch import scratch
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
PAGE = 4096

Decode = Callable[[Media], np.ndarray]


def media(*, images: int = 128, videos: int = 12, rounds: int = 8, threads: int = 0) -> None:
    threads = threads or num_cores()
    config = DataConfig(video=VideoConfig(fps=2.0))
    budgets = Budgets.of(config, factor=FACTOR)
    with scratch() as folder, scratch(ROOT) as shared:
        kinds = {"images": photographs(folder, images), "videos": clips(folder, videos, config)}
        sys.stdout.write(f"{threads} threads, median of {rounds} rounds; a second\n\n")
        sys.stdout.write("| media | bare decoder | ours | ratio | ratio of CPU | again |\n|---|---|---|---|---|---|\n")
        for kind, items in kinds.items():
            turns = in_turns(items, budgets, folder=shared, rounds=rounds, threads=threads)
            bare, ours, again = zip(*turns, strict=True)
            rates = [f"{len(items) / median(turn.wall_s for turn in side):,.0f}" for side in (bare, ours, again)]
            ratios = [f"{ratio(bare, ours, what):.2f}" for what in ("wall_s", "cpu_s")]
            sys.stdout.write(f"| {len(items)} {kind} | {' | '.join([*rates[:2], *ratios, rates[2]])} |\n")


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """What it took to have all media once."""

    wall_s: float
    cpu_s: float


def ratio(bare: Sequence[Turn], ours: Sequence[Turn], what: str) -> float:
    return median(getattr(b, what) / getattr(o, what) for b, o in zip(bare, ours, strict=True))


def in_turns(
    items: Sequence[Media], budgets: Budgets, *, folder: Path, rounds: int, threads: int
) -> list[tuple[Turn, Turn, Turn]]:
    """Bare, ours, and again; in every second round ours comes first. The first round warms up and is not counted. Every
    round has a store of its own."""
    found = []
    for number in range(rounds + 1):
        with MediaStore(folder / f"{next(NUMBERS)}", max_bytes=STORE_BYTES) as store:
            sides = [partial(bare, budgets=budgets), partial(stored, budgets=budgets, store=store)]
            order = (0, 1) if number % 2 else (1, 0)
            turns = {side: timed(sides[side], items, threads) for side in order}
            found.append((turns[0], turns[1], timed(sides[1], items, threads)))
    return found[1:]


NUMBERS = count()


def timed(decode: Decode, items: Sequence[Media], threads: int) -> Turn:
    """Each page of the pixels is read, as by whoever asked for them."""
    with ThreadPoolExecutor(threads) as pool:
        wall_s, cpu_s = time.perf_counter(), time.process_time()
        for _ in pool.map(lambda medium: decode(medium).reshape(-1)[::PAGE].max(), items):
            pass
        return Turn(wall_s=time.perf_counter() - wall_s, cpu_s=time.process_time() - cpu_s)


def stored(medium: Media, *, budgets: Budgets, store: MediaStore) -> np.ndarray:
    size = budgets.size(medium)
    return store.fetch(store_key(medium, size), lambda: load_pixels(medium, size=size))


def bare(medium: Media, *, budgets: Budgets) -> np.ndarray:
    """With no copy more than it takes."""
    size = budgets.size(medium)
    if medium.kind == "image":
        with Image.open(medium.path) as image:
            return np.asarray(image.resize(size, Image.Resampling.BICUBIC))
    assert medium.frames is not None
    wanted = set(medium.frames.indices)
    pixels = np.empty((len(wanted), size[1], size[0], 3), np.uint8)
    with av.open(medium.path) as container:
        seen = (frame for index, frame in enumerate(container.decode(video=0)) if index in wanted)
        for place, frame in enumerate(seen):
            picture = Image.fromarray(frame.to_ndarray(format="rgb24"))
            pixels[place] = np.asarray(picture.resize(size, Image.Resampling.BICUBIC))
    return pixels


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
