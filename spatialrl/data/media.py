"""From a media reference to pixels: opened, oriented, resized to whole patches. The same for rollout and actor."""

import math
from dataclasses import dataclass
from pathlib import Path

import av
import numpy as np
from av.error import FFmpegError
from PIL import Image, ImageOps

from spatialrl.errors import DataError
from spatialrl.types import FramePlan, Media

GREY = (128, 128, 128)


@dataclass(frozen=True, slots=True, kw_only=True)
class Video:
    frames: np.ndarray
    """uint8, (frames, height, width, 3)."""
    plan: FramePlan


@dataclass(frozen=True, slots=True, kw_only=True)
class PixelBudget:
    """Sizes the model accepts: multiples of `factor`, between the two areas."""

    factor: int
    min_pixels: int
    max_pixels: int


def load_image(medium: Media, *, budget: PixelBudget) -> Image.Image:
    width, height = fit(medium.width, medium.height, budget=budget)
    if medium.blank:
        return Image.new("RGB", (width, height), GREY)
    with open_image(medium.path) as file:
        image = ImageOps.exif_transpose(file).convert("RGB")
    resized = image if image.size == (width, height) else image.resize((width, height), Image.Resampling.BICUBIC)
    return ImageOps.mirror(resized) if medium.mirrored else resized


def load_video(medium: Media, *, budget: PixelBudget) -> Video:
    plan = medium.frames
    if plan is None:
        raise DataError(f"Video {medium.path} has no frame plan; write its rows with `frames`.")
    size = fit(medium.width, medium.height, budget=budget)
    if medium.blank:
        frames = np.full((len(plan.indices), size[1], size[0], 3), GREY[0], np.uint8)
    else:
        frames = np.stack([resize_frame(frame, size) for frame in decode_frames(medium.path, plan.shown)])
    return Video(frames=np.ascontiguousarray(frames[:, :, ::-1]) if medium.mirrored else frames, plan=plan)


def open_image(path: str) -> Image.Image:
    try:
        return Image.open(path)
    except (OSError, Image.DecompressionBombError) as error:
        raise DataError(f"Image {path} can't be opened: {error}.") from error


def resize_frame(frame: np.ndarray, size: tuple[int, int]) -> np.ndarray:
    if (frame.shape[1], frame.shape[0]) == size:
        return frame
    return np.asarray(Image.fromarray(frame).resize(size, Image.Resampling.BICUBIC))


def decode_frames(path: str, indices: tuple[int, ...]) -> list[np.ndarray]:
    """The frames at `indices`, in their order; an index may repeat."""
    if not Path(path).exists():
        raise DataError(f"Video {path} does not exist.")
    wanted, found = set(indices), {}
    try:
        with av.open(path) as container:
            for index, frame in enumerate(container.decode(video=0)):
                if index in wanted:
                    found[index] = frame.to_ndarray(format="rgb24")
                if index >= max(wanted):
                    break
    except FFmpegError as error:
        raise DataError(f"Video {path} can't be decoded: {error}.") from error
    if missing := sorted(wanted - found.keys()):
        raise DataError(f"Video {path} has no frame {missing[0]}; its frame plan asks for it.")
    return [found[index] for index in indices]


def fit(width: int, height: int, *, budget: PixelBudget) -> tuple[int, int]:
    """The nearest width and height in whole patches inside the budget, as qwen-vl-utils computes them."""
    factor = budget.factor
    rows, columns = max(1, round(height / factor)), max(1, round(width / factor))
    if rows * columns * factor**2 > budget.max_pixels:
        scale = math.sqrt(height * width / budget.max_pixels)
        rows, columns = (max(1, math.floor(side / scale / factor)) for side in (height, width))
    elif rows * columns * factor**2 < budget.min_pixels:
        scale = math.sqrt(budget.min_pixels / (height * width))
        rows, columns = (math.ceil(side * scale / factor) for side in (height, width))
    return columns * factor, rows * factor
