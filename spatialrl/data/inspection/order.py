"""What is asked of an inspection."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_args

from spatialrl.config import DataConfig, ModelConfig, SamplingConfig, VideoConfig
from spatialrl.errors import ConfigError, DataError
from spatialrl.types import Frame

MOST_CARDS = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    path: Any
    """A file or a folder of rows; several with commas between, or as a list. So is `against`."""
    against: Any = None
    """Evaluation sets, none of whose scenes and pictures may be among the rows that are trained on."""
    exclude: str | None = None
    """List of scenes that must not be trained on."""
    accept: Any = ()
    """Names of findings that stop nothing."""
    media: bool = True
    """Open the media."""
    model: str | None = None
    """Hugging Face folder or id whose processor counts tokens."""
    template: str = DataConfig.template
    min_pixels: int = DataConfig.min_pixels
    max_pixels: int = DataConfig.max_pixels
    fps: float = VideoConfig.fps
    """As data.video.fps, like the two below: for videos of rows without a frame plan."""
    min_frames: int = VideoConfig.min_frames
    max_frames: int = VideoConfig.max_frames
    replan: bool = VideoConfig.replan
    """As data.video.replan."""
    video_min_pixels: int | None = None
    """As data.video.min_pixels, and the two below likewise."""
    video_max_pixels: int | None = None
    video_total_pixels: int | None = None
    coordinates: str = DataConfig.coordinates
    """As data.coordinates: prompts state the size of media in it."""
    max_tokens: int = ModelConfig.max_tokens
    """As model.max_tokens: prompt and completion together."""
    completion_tokens: int = SamplingConfig.max_tokens
    """As rollout.sampling.max_tokens."""
    page: str | None = ""
    """Where the page is written; null: nowhere."""
    cards: int = 24
    """Rows the page shows."""
    seed: int = 1
    """Of the choice of cards."""
    processes: int = 0
    """That open media; 0: as many as there are cores."""
    progress: bool = True

    @property
    def data_config(self) -> DataConfig:
        """That of the run that is meant."""
        video = VideoConfig(
            fps=self.fps,
            min_frames=self.min_frames,
            max_frames=self.max_frames,
            replan=self.replan,
            min_pixels=self.video_min_pixels,
            max_pixels=self.video_max_pixels,
            total_pixels=self.video_total_pixels,
        )
        return DataConfig(
            template=self.template,
            coordinates=self.coordinates,
            min_pixels=self.min_pixels,
            max_pixels=self.max_pixels,
            video=video,
        )

    @property
    def page_path(self) -> Path | None:
        first = Path(listed(self.path)[0])
        default = Path("outputs/inspect") / f"{Path(first.absolute().name).stem}.html"
        return None if self.page is None else Path(self.page or default)


def listed(value: Any) -> list[str]:
    """`a.parquet,b.parquet`, [a.parquet, b.parquet] or one place, whose name may hold a comma."""
    if value is None:
        return []
    if isinstance(value, list | tuple):
        return [str(item) for item in value]
    return [str(value)] if Path(str(value)).exists() else [part.strip() for part in str(value).split(",")]


def check_order(order: Order, *, names: list[str]) -> None:
    """`names` are those of the findings."""
    if not listed(order.path):
        raise ConfigError("inspect= names nothing; give a file or a folder of rows.")
    unknown = [name for name in listed(order.accept) if name not in names]
    if unknown:
        raise ConfigError(f"accept={unknown[0]}: there are: {', '.join(names)}.")
    if not 0 <= order.cards <= MOST_CARDS:
        raise ConfigError(f"cards is {order.cards}; give 0 to {MOST_CARDS}.")
    if order.coordinates not in get_args(Frame):
        raise ConfigError(f"coordinates={order.coordinates}: there are: {', '.join(get_args(Frame))}.")
    if order.completion_tokens >= order.max_tokens:
        raise ConfigError(
            f"completion_tokens is {order.completion_tokens} but max_tokens is {order.max_tokens}, which leaves no "
            "room for a prompt."
        )
    for place in (*listed(order.path), *listed(order.against)):
        if not Path(place).exists():
            raise DataError(f"{place} does not exist; give a file or a folder of rows (.parquet or .jsonl).")
