"""From a media reference to pixels: decoded, upright, resized to the size the model sees. The same for rollout and actor."""

from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageOps

from spatialrl.data.media.decode import each_frame
from spatialrl.data.media.image import read_picture
from spatialrl.errors import DataError
from spatialrl.types import FramePlan, Media

GREY = (128, 128, 128)


@dataclass(frozen=True, slots=True, kw_only=True)
class Video:
    frames: np.ndarray
    """uint8, (frames, height, width, 3)."""
    plan: FramePlan


def load_pixels(medium: Media, *, size: tuple[int, int]) -> np.ndarray:
    """uint8: height x width x 3, of a video with the frames before it."""
    if medium.kind == "video":
        return load_video(medium, size=size).frames
    return np.asarray(load_image(medium, size=size))


def load_image(medium: Media, *, size: tuple[int, int]) -> Image.Image:
    if medium.blank:
        return Image.new("RGB", size, GREY)
    image = resize(read_picture(medium), size)
    return ImageOps.mirror(image) if medium.mirrored else image


def load_video(medium: Media, *, size: tuple[int, int]) -> Video:
    plan = medium.frames
    if plan is None:
        raise DataError(f"Video {medium.path} has no frame plan; give its row one, or call with_frame_plans first.")
    if medium.blank:
        frames = np.full((len(plan.indices), size[1], size[0], 3), GREY[0], np.uint8)
    else:
        frames = _decoded(medium.path, plan, size)
    return Video(frames=np.ascontiguousarray(frames[:, :, ::-1]) if medium.mirrored else frames, plan=plan)


def _decoded(path: str, plan: FramePlan, size: tuple[int, int]) -> np.ndarray:
    """Each frame shrinks before the next is decoded."""
    shown = np.array(plan.shown)
    frames = np.empty((len(shown), size[1], size[0], 3), np.uint8)
    for index, frame in each_frame(path, plan.shown, times_s=plan.times_s):
        frames[shown == index] = np.asarray(resize(Image.fromarray(frame), size))
    return frames


def resize(image: Image.Image, size: tuple[int, int]) -> Image.Image:
    return image if image.size == size else image.resize(size, Image.Resampling.BICUBIC)
