"""Makes what a recipe describes: scenes in parallel, each from its own dice, then questions one scene after another, so
that answers are balanced over a whole split. A folder appears under its name when it is complete.
"""

import os
import shutil
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from functools import partial
from itertools import islice
from multiprocessing import get_context
from pathlib import Path

from tqdm import tqdm

from spatialrl.data.tasks import write_tasks
from spatialrl.errors import ResourceError, UserError
from spatialrl.scenes.ask import ask
from spatialrl.scenes.balance import Ledger
from spatialrl.scenes.make import Recipe
from spatialrl.scenes.scene import Job, MadeScene, make_scene
from spatialrl.types import Task

PARALLEL_FROM = 64
"""Scenes; fewer are made here and now, since starting processes takes a second."""
START_S, SCENE_S = 120, 2
"""Deadline of all work: for starting, and for each scene."""


def build(folder: Path, recipe: Recipe, *, progress: bool) -> None:
    jobs = {split: _jobs(recipe, split) for split in recipe.num_scenes}
    every_job = [job for of_split in jobs.values() for job in of_split]
    with _complete_or_absent(folder) as unfinished, _workers(len(every_job)) as pool:
        for split in jobs:
            (unfinished / "media" / split).mkdir(parents=True)
        made = _make(pool, every_job, recipe, unfinished)
        with tqdm(total=len(every_job), desc="scenes", unit="scene", disable=not progress) as bar:
            for split, of_split in jobs.items():
                scenes = islice(made, len(of_split))
                write_tasks(unfinished / f"{split}.parquet", _ask_all(scenes, split, recipe, bar))


def _jobs(recipe: Recipe, split: str) -> list[Job]:
    images = [Job(split=split, index=index) for index in range(recipe.num_scenes[split])]
    videos = [Job(split=split, index=index, is_video=True) for index in range(recipe.num_videos[split])]
    return images + videos


def _make(pool: ProcessPoolExecutor | None, jobs: list[Job], recipe: Recipe, folder: Path) -> Iterator[MadeScene]:
    """In the order of the jobs."""
    work = partial(make_scene, recipe=recipe, folder=folder)
    if pool is None:
        yield from map(work, jobs)
        return
    deadline_s = START_S + SCENE_S * len(jobs)
    try:
        yield from pool.map(work, jobs, timeout=deadline_s)
    except TimeoutError as error:
        raise ResourceError(f"{len(jobs)} scenes were not done after {deadline_s} s; ask for fewer.") from error
    except BrokenProcessPool as error:
        raise ResourceError(
            "A process that makes scenes died: give the machine more memory, or, where a script of yours calls "
            "make_scenes, put the call under `if __name__ == '__main__':`."
        ) from error


def _ask_all(scenes: Iterable[MadeScene], split: str, recipe: Recipe, bar: tqdm) -> Iterator[Task]:
    ledger = Ledger(options=recipe.options)
    for scene in scenes:
        chosen = ledger.choose(scene.drafts, recipe.questions_per_scene)
        for number, (family, draft) in enumerate(chosen, start=1):
            yield ask(
                draft,
                name=f"{scene.id}-{number}",
                scene_id=scene.id,
                family=family,
                split=split,
                view=scene.view,
                media=scene.media,
                ledger=ledger,
            )
        bar.update()


@contextmanager
def _workers(num_jobs: int) -> Iterator[ProcessPoolExecutor | None]:
    num_cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    if num_jobs < PARALLEL_FROM or num_cores == 1:
        yield None
        return
    pool = ProcessPoolExecutor(num_cores, mp_context=get_context("spawn"))
    try:
        yield pool
    finally:
        pool.shutdown(cancel_futures=True)


@contextmanager
def _complete_or_absent(folder: Path) -> Iterator[Path]:
    """A folder beside the wanted one, which takes its name at the end and leaves nothing after an error."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise UserError(f"{folder} is there already; remove it or give another folder.")
    unfinished = folder.with_name(f".{folder.name}.partial-{os.getpid()}")
    unfinished.mkdir(parents=True)
    try:
        yield unfinished
        os.replace(unfinished, folder)
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)
