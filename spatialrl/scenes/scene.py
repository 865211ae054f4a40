"""One scene, from its name to its files and everything that could be asked about it. Runs in any process."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from spatialrl.dice import Dice
from spatialrl.scenes.furnish import draw_view
from spatialrl.scenes.layout import LAYOUTS
from spatialrl.scenes.make import IMAGE_FAMILIES, VIDEO_FAMILIES, Recipe
from spatialrl.scenes.path import draw_tour
from spatialrl.scenes.png import encode_depth, encode_rgb
from spatialrl.scenes.questions import FAMILIES
from spatialrl.scenes.questions.draft import Draft
from spatialrl.scenes.render import render
from spatialrl.scenes.truth import View, look, look_along
from spatialrl.scenes.video import write_video
from spatialrl.types import FramePlan, Media, MediaKind

FPS = 8
NUM_FRAMES = 32
FRAME_PLAN = FramePlan(indices=tuple(range(0, NUM_FRAMES, 2)), source_fps=float(FPS), num_source_frames=NUM_FRAMES)
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
class MadeScene:
    id: str
    view: View
    media: tuple[Media, ...]
    """Paths are relative to the folder of the rows."""
    drafts: dict[str, list[Draft]]


def make_scene(job: Job, *, recipe: Recipe, folder: Path) -> MadeScene:
    kind = "video" if job.is_video else "image"
    name = f"scenes-{recipe.seed}-{job.split}-{kind}-{job.index:06d}"
    dice = Dice(name)
    least = max(recipe.min_objects, min(LEAST_IN_VIDEO, recipe.max_objects)) if job.is_video else recipe.min_objects
    num_things = dice.between(least, recipe.max_objects)
    make = _make_video if job.is_video else _make_image
    view, media = make(dice, num_things, recipe, folder, f"media/{job.split}/{kind}_{job.index:06d}")
    fitting = VIDEO_FAMILIES if job.is_video else IMAGE_FAMILIES
    return MadeScene(
        id=name,
        view=view,
        media=media,
        drafts={
            family: dice.sample(FAMILIES[family](view, dice), DRAFTS_KEPT)
            for family in recipe.families
            if family in fitting
        },
    )


def _make_image(dice: Dice, num_things: int, recipe: Recipe, folder: Path, stem: str) -> tuple[View, tuple[Media, ...]]:
    world, camera = draw_view(dice, LAYOUTS[recipe.layout], num_things=num_things, image_size=recipe.image_size)
    picture = render(world, camera)
    media = [_write(folder, f"{stem}.png", encode_rgb(picture.rgb), "image", recipe.image_size)]
    if recipe.depth:
        media.append(_write(folder, f"{stem}_depth.png", encode_depth(picture.depth), "depth", recipe.image_size))
    return look(world, camera, picture), tuple(media)


def _make_video(dice: Dice, num_things: int, recipe: Recipe, folder: Path, stem: str) -> tuple[View, tuple[Media, ...]]:
    world, cameras = draw_tour(
        dice, LAYOUTS["tour"], num_things=num_things, image_size=recipe.image_size, num_frames=NUM_FRAMES
    )
    pictures = [render(world, camera) for camera in cameras]
    path = f"{stem}.mp4"
    write_video(folder / path, [picture.rgb for picture in pictures], fps=FPS)
    seen = _planned(cameras), _planned(pictures)
    return look_along(world, *seen), (_medium(folder, path, "video", recipe.image_size, FRAME_PLAN),)


def _planned(frames: Sequence) -> list:
    """Only what the frame plan shows counts as seen."""
    return [frames[index] for index in FRAME_PLAN.indices]


def _write(folder: Path, path: str, data: bytes, kind: MediaKind, size: int) -> Media:
    (folder / path).write_bytes(data)
    return _medium(folder, path, kind, size)


def _medium(folder: Path, path: str, kind: MediaKind, size: int, frames: FramePlan | None = None) -> Media:
    digest = hashlib.sha256((folder / path).read_bytes()).hexdigest()
    return Media(kind=kind, path=path, width=size, height=size, sha256=digest, frames=frames)
