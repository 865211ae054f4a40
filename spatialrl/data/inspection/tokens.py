"""How long prompts are: words and vision tokens, counted as the model's processor does, without opening any media."""

from dataclasses import replace
from functools import lru_cache, partial
from typing import TYPE_CHECKING

from spatialrl.config import DataConfig
from spatialrl.data.inspection.finding import Bars, Finding, plural, value_bars
from spatialrl.data.inspection.media import check_shape, planned
from spatialrl.data.inspection.notes import Notes
from spatialrl.data.inspection.order import Order
from spatialrl.data.media.planning import is_unplanned
from spatialrl.errors import DataError
from spatialrl.types import Media, Task

if TYPE_CHECKING:
    from spatialrl.data.vision import PromptReader

QUANTILES = (0.0, 0.25, 0.5, 0.75, 0.95, 0.99, 1.0)
MOST_EXAMPLES = 50
REMEMBERED = 4096
"""Videos whose frames were chosen."""


class TokenCounter:
    def __init__(self, reader: "PromptReader", data: DataConfig) -> None:
        """`data` is that of the reader."""
        self.reader = reader
        self.data = data
        self._planned = lru_cache(REMEMBERED)(partial(planned, video=data.video))
        self.frames_per_patch: int = reader.processor.video_processor.temporal_patch_size

    def count(self, task: Task) -> tuple[int, int] | tuple[None, None]:
        """Words with all that stands around media, and tokens of pixels; None of a row whose media are no media."""
        try:
            task = replace(task, media=tuple(map(self.planned, task.media)))
        # What is wrong with them is among the findings.
        except DataError:
            return None, None
        # A row that asks for other coordinates than the run is refused by the run; here it is counted as it is.
        task = replace(task, coordinates=task.coordinates or self.data.coordinates)
        ids = self.reader.tokenizer(self.reader.prompt_text(task), add_special_tokens=False)["input_ids"]
        pixels = [self.pixel_tokens(medium) for medium in task.media]
        around = sum(self.tokens_around(medium) for medium in task.media)
        # The prompt has one token in the place of each medium.
        return len(ids) - len(task.media) + around, sum(pixels)

    def planned(self, medium: Media) -> Media:
        """A video that many rows ask about is read once."""
        check_shape(medium)
        return self._planned(medium) if is_unplanned(medium, self.data.video) else medium

    def pixel_tokens(self, medium: Media) -> int:
        width, height = self.reader.budgets.size(medium)
        return self.num_steps(medium) * (width // self.reader.factor) * (height // self.reader.factor)

    def num_steps(self, medium: Media) -> int:
        """In time."""
        if medium.kind != "video" or medium.frames is None:
            return 1
        return -(-len(medium.frames.indices) // self.frames_per_patch)

    def tokens_around(self, medium: Media) -> int:
        """What the processor writes between the frames of a video, such as their times."""
        if medium.kind != "video" or medium.frames is None:
            return 0
        return len(
            self.reader.tokenizer(self.video_text(medium), add_special_tokens=False)["input_ids"]
        ) - self.num_steps(medium)

    def video_text(self, medium: Media) -> str:
        """As if every frame were one token."""
        import torch  # noqa: PLC0415  loaded with the processor
        from transformers.video_utils import VideoMetadata  # noqa: PLC0415

        from spatialrl.data.vision import video_metadata  # noqa: PLC0415  loads torch

        assert medium.frames is not None
        metadata = VideoMetadata(**video_metadata(medium.frames))
        grid = torch.tensor([[self.num_steps(medium), self.reader.merge, self.reader.merge]])
        return self.reader.processor.replace_video_token({"video_grid_thw": grid, "video_metadata": [metadata]}, 0)


def token_counter(order: Order) -> TokenCounter | None:
    if order.model is None:
        return None
    from spatialrl.data.vision import PromptReader  # noqa: PLC0415  loads torch

    return TokenCounter(PromptReader(order.model, order.data_config), order.data_config)


def find_tokens(notes: Notes, order: Order) -> Finding:
    count = notes.one("SELECT count(*) FROM rows WHERE text_tokens IS NOT NULL")
    room = order.max_tokens - order.completion_tokens
    query = "FROM rows WHERE text_tokens + vision_tokens > ?"
    too_long, cut = (notes.one(f"SELECT count(*) {query}", most) for most in (order.max_tokens - 1, room))
    longest = (
        f"SELECT id, text_tokens + vision_tokens AS total {query} ORDER BY total DESC, number LIMIT {MOST_EXAMPLES}"
    )
    examples = tuple(f"{name}: {total:,} tokens" for name, total in notes.all(longest, room))
    if too_long:
        told = f"Too long for max_tokens={order.max_tokens}, so that the engine refuses them: {plural(too_long, 'prompt')}."
    elif cut:
        told = f"Leave less than completion_tokens={order.completion_tokens} for the answer: {plural(cut, 'prompt')}."
    else:
        told = (
            f"Every prompt leaves room for {order.completion_tokens:,} tokens within max_tokens={order.max_tokens:,}."
        )
    parts = {"words": "text_tokens", "vision": "vision_tokens", "prompt": "text_tokens + vision_tokens"}
    return Finding(
        name="tokens",
        verdict="stop" if too_long else "look" if cut else "ok",
        told=told,
        examples=examples,
        bars=tuple(quantile_bars(notes, name, value, count) for name, value in parts.items()),
    )


def quantile_bars(notes: Notes, name: str, value: str, count: int) -> Bars:
    query = f"SELECT {value} AS v FROM rows WHERE text_tokens IS NOT NULL ORDER BY v LIMIT 1 OFFSET ?"
    found = [(f"{round(100 * q)} %", notes.one(query, round(q * (count - 1)))) for q in QUANTILES]
    return value_bars(f"Tokens: {name}", found, about="Quantiles over the rows.")
