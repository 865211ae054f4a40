"""A walk through a world as a video: which frames there are, which of them are seen, and what is true of those."""

import hashlib
from collections.abc import Sequence
from pathlib import Path

from spatialrl.scenes.camera import Camera
from spatialrl.scenes.render import render
from spatialrl.scenes.truth import View, look_along
from spatialrl.scenes.video import write_video
from spatialrl.scenes.world import World
from spatialrl.types import FramePlan, Media

FPS = 8
NUM_FRAMES = 32
FRAME_PLAN = FramePlan(indices=tuple(range(0, NUM_FRAMES, 2)), source_fps=float(FPS), num_source_frames=NUM_FRAMES)


def film(world: World, cameras: Sequence[Camera], *, folder: Path, path: str) -> tuple[View, Media]:
    """Writes the video; `path` is relative to the folder. Only what the frame plan shows counts as seen."""
    pictures = [render(world, camera) for camera in cameras]
    write_video(folder / path, [picture.rgb for picture in pictures], fps=FPS)
    view = look_along(world, _planned(cameras), _planned(pictures))
    digest = hashlib.sha256((folder / path).read_bytes()).hexdigest()
    size = cameras[0]
    return view, Media(kind="video", path=path, width=size.width, height=size.height, sha256=digest, frames=FRAME_PLAN)


def _planned(frames: Sequence) -> list:
    return [frames[index] for index in FRAME_PLAN.indices]
