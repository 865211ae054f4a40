"""How large the model sees an image or a video: whole patches within a budget of pixels, as qwen-vl-utils computes them.
Pure: prompts and rewards arrive at the same sizes from the row and the config alone.
"""

import math
from dataclasses import dataclass, replace

from spatialrl.config import DataConfig, VideoConfig
from spatialrl.data.media.frame_plan import FRAMES_PER_PATCH
from spatialrl.errors import DataError
from spatialrl.types import Media, Task

MAX_RATIO = 200
"""Of the longer side to the shorter one."""
FRAME_MIN_TOKENS, FRAME_MAX_TOKENS = 128, 768
"""Of one frame, where the config gives no pixels."""
VIDEO_TOKENS = 128_000 * 0.9
"""Of one video, where the config gives no pixels."""
OVER_MIN = 1.05
"""A frame may have this much more than the least, however many there are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PixelBudget:
    """Sizes the model accepts: multiples of `factor`, between the two areas."""

    factor: int
    min_pixels: int
    max_pixels: float


@dataclass(frozen=True, slots=True, kw_only=True)
class VideoBudget:
    """Of one frame, and of all frames of a video together."""

    factor: int
    min_pixels: int
    max_pixels: int
    total_pixels: float

    def per_frame(self, num_frames: int) -> PixelBudget:
        """An even share of the total, for a patch spans two frames."""
        share = min(FRAME_MAX_TOKENS * self.factor**2, self.total_pixels / num_frames * FRAMES_PER_PATCH)
        most = min(self.max_pixels, max(share, int(self.min_pixels * OVER_MIN)))
        return PixelBudget(factor=self.factor, min_pixels=self.min_pixels, max_pixels=most)


@dataclass(frozen=True, slots=True, kw_only=True)
class Budgets:
    """Of every medium of a run."""

    image: PixelBudget
    video: VideoBudget

    @classmethod
    def of(cls, config: DataConfig, *, factor: int) -> "Budgets":
        """`factor` is the side of a merged patch of the model's vision tower."""
        image = PixelBudget(factor=factor, min_pixels=config.min_pixels, max_pixels=config.max_pixels)
        return cls(image=image, video=_video_budget(config.video, factor))

    def size(self, medium: Media) -> tuple[int, int]:
        """Width and height in which the model sees it."""
        if medium.kind != "video":
            return fit(medium.width, medium.height, budget=self.image)
        num_frames = len(medium.frames.indices) if medium.frames else FRAMES_PER_PATCH
        return fit(medium.width, medium.height, budget=self.video.per_frame(num_frames))

    def shown(self, task: Task) -> Task:
        """With the size of every medium filled in."""
        return replace(task, media=tuple(replace(medium, shown=self.size(medium)) for medium in task.media))


def _video_budget(config: VideoConfig, factor: int) -> VideoBudget:
    token = factor**2
    return VideoBudget(
        factor=factor,
        min_pixels=FRAME_MIN_TOKENS * token if config.min_pixels is None else config.min_pixels,
        max_pixels=FRAME_MAX_TOKENS * token if config.max_pixels is None else config.max_pixels,
        total_pixels=VIDEO_TOKENS * token if config.total_pixels is None else config.total_pixels,
    )


def fit(width: int, height: int, *, budget: PixelBudget) -> tuple[int, int]:
    """The nearest width and height in whole patches inside the budget. A side keeps at least one patch."""
    check_ratio(width, height)
    factor = budget.factor
    rows, columns = max(1, round(height / factor)), max(1, round(width / factor))
    if rows * columns * factor**2 > budget.max_pixels:
        scale = math.sqrt(height * width / budget.max_pixels)
        rows, columns = (max(1, math.floor(side / scale / factor)) for side in (height, width))
    elif rows * columns * factor**2 < budget.min_pixels:
        scale = math.sqrt(budget.min_pixels / (height * width))
        rows, columns = (math.ceil(side * scale / factor) for side in (height, width))
    return columns * factor, rows * factor


def check_ratio(width: int, height: int) -> None:
    if max(width, height) > MAX_RATIO * min(width, height):
        raise DataError(
            f"An image or video of {width} x {height} is more than {MAX_RATIO} times as long as it is short, which the "
            "model can't see; crop it."
        )
