"""Makes what a recipe describes: scenes in parallel, each from its own dice, then questions one scene after another, so
that answers are balanced over a whole split. A folder appears under its name when it is complete.
"""

from collections.abc import Iterable, Iterator
from functools import partial
from itertools import islice
from pathlib import Path

from tqdm import tqdm

from spatialrl.data.folders import complete_or_absent
from spatialrl.data.pool import pool
from spatialrl.data.tasks import write_tasks
from spatialrl.scenes.ask import ask
from spatialrl.scenes.balance import Ledger
from spatialrl.scenes.make import Recipe
from spatialrl.scenes.questions.draft import Draft
from spatialrl.scenes.scene import Job, MadeScene, make_scene
from spatialrl.types import Task


def build(folder: Path, recipe: Recipe, *, progress: bool) -> None:
    jobs = {split: _jobs(recipe, split) for split in recipe.num_scenes}
    every_job = [job for of_split in jobs.values() for job in of_split]
    with complete_or_absent(folder) as unfinished, pool(len(every_job)) as workers:
        for split in jobs:
            (unfinished / "media" / split).mkdir(parents=True)
        made = workers.in_order(partial(make_scene, recipe=recipe, folder=unfinished), every_job)
        with tqdm(total=len(every_job), desc="scenes", unit="scene", disable=not progress) as bar:
            for split, of_split in jobs.items():
                scenes = islice(made, len(of_split))
                write_tasks(unfinished / f"{split}.parquet", _ask_all(scenes, split, recipe, bar))


def _jobs(recipe: Recipe, split: str) -> list[Job]:
    images = [Job(split=split, index=index) for index in range(recipe.num_scenes[split])]
    videos = [Job(split=split, index=index, is_video=True) for index in range(recipe.num_videos[split])]
    return images + videos


def _ask_all(scenes: Iterable[MadeScene], split: str, recipe: Recipe, bar: tqdm) -> Iterator[Task]:
    ledger = Ledger(options=recipe.options)
    for scene in scenes:
        chosen = ledger.choose(scene.drafts, recipe.questions_per_scene)
        for number, (family, draft) in enumerate(chosen, start=1):
            yield from _ask(scene, family, draft, name=f"{scene.id}-{number}", split=split, ledger=ledger)
        bar.update()


def _ask(scene: MadeScene, family: str, draft: Draft, *, name: str, split: str, ledger: Ledger) -> Iterator[Task]:
    """One task, or two that are each other's twins."""
    words = {"scene_id": scene.id, "family": family, "split": split, "ledger": ledger}
    if len(scene.sides) == 1:
        yield ask(draft, name=name, side=scene.sides[0], **words)
        return
    first, second = scene.sides
    other = f"{name}-swapped"
    yield ask(draft, name=name, side=first, twin=other, **words)
    yield ask(scene.twins[family][draft.question], name=other, side=second, twin=name, **words)
