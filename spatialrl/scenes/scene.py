"""One scene, from its name to its files and everything that could be asked about it. Runs in any process."""

import hashlib
from collections.abc import Sequence
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path

from spatialrl.dice import Dice
from spatialrl.scenes.camera import Camera
from spatialrl.scenes.film import NUM_FRAMES, film
from spatialrl.scenes.furnish import draw_views
from spatialrl.scenes.layout import LAYOUTS
from spatialrl.scenes.make import IMAGE_FAMILIES, VIDEO_FAMILIES, Recipe
from spatialrl.scenes.path import draw_tour
from spatialrl.scenes.png import encode_depth, encode_rgb
from spatialrl.scenes.questions import FAMILIES
from spatialrl.scenes.questions.draft import Draft
from spatialrl.scenes.render import render
from spatialrl.scenes.truth import View, look
from spatialrl.scenes.twins import in_pairs
from spatialrl.scenes.world import World
from spatialrl.types import Media, MediaKind

LEAST_IN_VIDEO = 4
"""Things, where the recipe allows as many."""
DRAFTS_KEPT = 40
"""Per family and scene: plenty to choose from."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    split: str
    index: int
    is_video: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """A scene as one image, or one video, shows it."""

    view: View
    media: tuple[Media, ...]
    """Paths are relative to the folder of the rows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MadeScene:
    id: str
    sides: tuple[Side, ...]
    """One; or two, opposite to each other."""
    drafts: dict[str, list[Draft]]
    """Of the first side, by family."""
    twins: dict[str, dict[str, Draft]]
    """Of the second side, by family and question: one for each of the first."""


def make_scene(job: Job, *, recipe: Recipe, folder: Path) -> MadeScene:
    kind = "video" if job.is_video else "image"
    name = f"scenes-{recipe.seed}-{job.split}-{kind}-{job.index:06d}"
    dice = Dice(name)
    least = max(recipe.min_objects, min(LEAST_IN_VIDEO, recipe.max_objects)) if job.is_video else recipe.min_objects
    num_things = dice.between(least, recipe.max_objects)
    make = _make_video if job.is_video else _make_images
    sides = make(dice, num_things, recipe, folder, f"media/{job.split}/{kind}_{job.index:06d}")
    fitting = VIDEO_FAMILIES if job.is_video else IMAGE_FAMILIES
    drafts, twins = _draft(sides, [family for family in recipe.families if family in fitting], dice)
    return MadeScene(id=name, sides=sides, drafts=drafts, twins=twins)


def _draft(
    sides: Sequence[Side], families: Sequence[str], dice: Dice
) -> tuple[dict[str, list[Draft]], dict[str, dict[str, Draft]]]:
    """Questions about the first side, and those of them about the second; where there is a second, all have a twin."""
    drafts: dict[str, list[Draft]] = {}
    twins: dict[str, dict[str, Draft]] = {}
    for family in families:
        # Both sides draw alike, so that the same things are asked in the same words.
        again = deepcopy(dice)
        found = FAMILIES[family](sides[0].view, dice)
        if len(sides) == 2:
            found, twins[family] = in_pairs(found, FAMILIES[family](sides[1].view, again))
        drafts[family] = dice.sample(found, DRAFTS_KEPT)
    return drafts, twins


def _make_images(dice: Dice, num_things: int, recipe: Recipe, folder: Path, stem: str) -> tuple[Side, ...]:
    layout, size = LAYOUTS[recipe.layout], recipe.image_size
    both = recipe.twins == "swapped"
    world, cameras = draw_views(dice, layout, num_things=num_things, image_size=size, both_sides=both)
    stems = (stem, f"{stem}_swapped")
    return tuple(_image(world, camera, recipe, folder, name) for camera, name in zip(cameras, stems, strict=False))


def _image(world: World, camera: Camera, recipe: Recipe, folder: Path, stem: str) -> Side:
    picture = render(world, camera)
    media = [_write(folder, f"{stem}.png", encode_rgb(picture.rgb), "image", recipe.image_size)]
    if recipe.depth:
        media.append(_write(folder, f"{stem}_depth.png", encode_depth(picture.depth), "depth", recipe.image_size))
    return Side(view=look(world, camera, picture), media=tuple(media))


def _make_video(dice: Dice, num_things: int, recipe: Recipe, folder: Path, stem: str) -> tuple[Side, ...]:
    world, cameras = draw_tour(
        dice, LAYOUTS["tour"], num_things=num_things, image_size=recipe.image_size, num_frames=NUM_FRAMES
    )
    view, medium = film(world, cameras, folder=folder, path=f"{stem}.mp4")
    return (Side(view=view, media=(medium,)),)


def _write(folder: Path, path: str, data: bytes, kind: MediaKind, size: int) -> Media:
    (folder / path).write_bytes(data)
    return Media(kind=kind, path=path, width=size, height=size, sha256=hashlib.sha256(data).hexdigest())
