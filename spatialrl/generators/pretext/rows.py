"""One row, from its job to its files. Runs in any process; what it gives back can be written down as JSON."""

import hashlib
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
from PIL.Image import Image

from spatialrl.data.journal import Record
from spatialrl.data.tasks import task_to_row
from spatialrl.dice import Dice
from spatialrl.errors import DataError
from spatialrl.generators.pretext.crop import ask_crop
from spatialrl.generators.pretext.depth_map import read_depth
from spatialrl.generators.pretext.depth_order import ask_depth_order
from spatialrl.generators.pretext.flip import ask_flip
from spatialrl.generators.pretext.picture import assumed_camera, encode, read_picture
from spatialrl.generators.pretext.plan import Job
from spatialrl.generators.pretext.position import ask_position
from spatialrl.generators.pretext.question import Damaged, Question, Unfit
from spatialrl.generators.pretext.recipe import VARIANTS, Recipe
from spatialrl.generators.pretext.shuffle import ask_order
from spatialrl.generators.pretext.slot import Slot
from spatialrl.generators.pretext.sources import Source
from spatialrl.types import Media, Task

SOURCE = "pretext"
SUFFIX = {"jpeg": "jpg", "png": "png"}
FAMILIES = {variant: task for task, variants in VARIANTS.items() for variant in variants}


def make_row(job: Job, *, recipe: Recipe, folder: Path) -> Record:
    """`row` is a row of the file, or None where no image was fit; `rejected` are path, variant and reason of those that
    were not. A file that can't be used for anything is rejected without a variant."""
    rejected: list[tuple[str, str, str]] = []
    for attempt, source in enumerate(job.sources):
        try:
            question = ASK[FAMILIES[job.slot.variant]](source, job.slot, job.slot.dice(attempt), recipe)
        except Unfit as unfit:
            rejected.append((source.path, job.slot.variant, str(unfit)))
        except Damaged as damaged:
            told = damaged.told_from(Path(recipe.source))
            if recipe.strict:
                raise DataError(f"{told.path}: {told.reason}. strict=true stops there.") from damaged
            rejected.append((told.path, "", told.reason))
        else:
            task = _task(question, source, job.slot, recipe, folder)
            return {"row": task_to_row(task, folder=folder), "rejected": rejected}
    return {"row": None, "rejected": rejected}


def _order(source: Source, slot: Slot, dice: Dice, recipe: Recipe) -> Question:
    return ask_order(_image(source, recipe), slot)


def _flip(source: Source, slot: Slot, dice: Dice, recipe: Recipe) -> Question:
    return ask_flip(_image(source, recipe), slot)


def _crop(source: Source, slot: Slot, dice: Dice, recipe: Recipe) -> Question:
    return ask_crop(_image(source, recipe), slot, dice)


def _depth_order(source: Source, slot: Slot, dice: Dice, recipe: Recipe) -> Question:
    image = _image(source, recipe)
    return ask_depth_order(image, _depth(source, image.size, recipe), slot, dice)


def _position(source: Source, slot: Slot, dice: Dice, recipe: Recipe) -> Question:
    image = _image(source, recipe)
    camera = source.camera or assumed_camera((source.width, source.height), recipe.field_of_view)
    depth = _depth(source, image.size, recipe)
    shown = camera.shown_at(image.width / source.width)
    return ask_position(image, depth, shown, slot, dice, facings=recipe.facings)


ASK: dict[str, Callable[[Source, Slot, Dice, Recipe], Question]] = {
    "shuffle": _order,
    "flip": _flip,
    "crop": _crop,
    "depth_order": _depth_order,
    "position": _position,
}
"""By task."""


def _image(source: Source, recipe: Recipe) -> Image:
    return read_picture(Path(recipe.source, source.path), recipe.max_side)


def _depth(source: Source, size: tuple[int, int], recipe: Recipe) -> np.ndarray:
    mask = Path(recipe.source, source.mask) if source.mask else None
    return read_depth(Path(recipe.source, source.depth), mask, size=size, scale=recipe.depth_scale)


def _task(question: Question, source: Source, slot: Slot, recipe: Recipe, folder: Path) -> Task:
    return Task(
        id=slot.name,
        question=question.text,
        media=tuple(_write(question, slot, recipe, folder)),
        options=question.options,
        answer=question.answer,
        answer_kind=question.answer_kind,
        family=FAMILIES[slot.variant],
        source=SOURCE,
        scene_id=source.scene_id,
        split=slot.split,  # pyright: ignore[reportArgumentType]
        demonstration=f"<think>{question.because}</think> \\boxed{{{question.answer}}}",
        extra={"variant": slot.variant, "image": source.path, **question.facts},
    )


def _write(question: Question, slot: Slot, recipe: Recipe, folder: Path) -> Iterator[Media]:
    several = len(question.images) > 1
    for number, image in enumerate(question.images, start=1):
        name = f"{slot.number:06d}_{number}" if several else f"{slot.number:06d}"
        path = f"media/{slot.split}/{slot.variant}/{name}.{SUFFIX[recipe.image_format]}"
        data = encode(image, recipe.image_format, recipe.quality)
        (folder / path).write_bytes(data)
        digest = hashlib.sha256(data).hexdigest()
        yield Media(kind="image", path=path, width=image.width, height=image.height, sha256=digest)
