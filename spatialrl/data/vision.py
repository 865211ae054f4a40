"""The one reader of tasks: prompt text, pixels, token ids and rotary positions, for generation and for training."""

from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from PIL import Image
from transformers import AutoConfig, AutoProcessor
from transformers.video_utils import VideoMetadata

from spatialrl.config import DataConfig
from spatialrl.data.media.budget import Budgets
from spatialrl.data.media.load import Video, load_pixels
from spatialrl.data.media.store import MediaStore, store_key
from spatialrl.data.positions import Grid, rope_positions
from spatialrl.data.prompts import chat_messages
from spatialrl.errors import ConfigError, DataError, MediaError
from spatialrl.types import FramePlan, Media, Task

VISION_TOKENS = ("<|vision_start|>", "<|vision_end|>", "<|vision_pad|>", "<|image_pad|>", "<|video_pad|>")
AS_LOADED = {"size": {"shortest_edge": 1, "longest_edge": 2**40}}
"""Limits of the processor within which any image keeps its size: it is already the one the model is to see."""
PIXEL_KEYS = ("pixel_values", "image_grid_thw", "pixel_values_videos", "video_grid_thw")


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadedMedia:
    """Every image, then every video of a task, each in the order of the prompt."""

    images: list[Image.Image]
    videos: list[Video]


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelInputs:
    """One prompt as the model reads it."""

    prompt_ids: list[int]
    positions_T: np.ndarray
    """Temporal, height and width position of every token: (3, T)."""
    pixels: dict[str, torch.Tensor]
    """Those of PIXEL_KEYS that the task has."""


class PromptReader:
    """Reads tasks for one model folder. Rollout and actor each hold one, made from the same config."""

    def __init__(self, model_path: str, data: DataConfig, *, store: MediaStore | None = None) -> None:
        """`store` holds what others on this node have decoded."""
        self.store = store
        self.processor = load_processor(model_path)
        self.tokenizer = self.processor.tokenizer
        self.template = data.template
        vision_config = AutoConfig.from_pretrained(model_path).vision_config
        self.tokens_per_second: float = getattr(vision_config, "tokens_per_second", 1.0)
        self.merge: int = vision_config.spatial_merge_size
        self.factor = patch_factor(vision_config)
        self.budgets = Budgets.of(data, factor=self.factor)

    @property
    def banned_token_ids(self) -> list[int]:
        """Vision tokens: a sampled one would ask the model for pixels that do not exist."""
        known = self.tokenizer.get_vocab()
        return sorted(known[token] for token in VISION_TOKENS if token in known)

    @property
    def end_token_id(self) -> int:
        return self.tokenizer.eos_token_id

    def prompt_text(self, task: Task) -> str:
        messages = chat_messages(self.budgets.shown(task), template=self.template)
        return self.processor.apply_chat_template(messages, tokenize=False, add_generation_prompt=True)

    def completion_ids(self, text: str) -> list[int]:
        """A whole response as the model would have written it, its end token included."""
        return [*self.tokenizer(text, add_special_tokens=False)["input_ids"], self.end_token_id]

    def load(self, task: Task) -> LoadedMedia:
        """Raises MediaError about what can't be read."""
        try:
            return self._loaded(task)
        except (DataError, OSError) as error:
            raise MediaError(f"Task {task.id}: {error}") from error

    def warm_up(self, task: Task) -> None:
        """Has its media decoded, where there is a store to hold them. Whoever loads them is told what is wrong."""
        if self.store is not None:
            with suppress(DataError, OSError):
                for medium in task.media:
                    self.pixels(medium)

    def _loaded(self, task: Task) -> LoadedMedia:
        stills = [medium for medium in task.media if medium.kind != "video"]
        videos = [medium for medium in task.media if medium.kind == "video"]
        return LoadedMedia(
            images=[Image.fromarray(self.pixels(medium)) for medium in stills],
            videos=[self.video(medium) for medium in videos],
        )

    def video(self, medium: Media) -> Video:
        """The store's pixels can't be written, which torch asks for."""
        pixels = np.require(self.pixels(medium), requirements="W")
        assert medium.frames is not None
        return Video(frames=pixels, plan=medium.frames)

    def pixels(self, medium: Media) -> np.ndarray:
        """Grey costs less than a look into the store."""
        size = self.budgets.size(medium)
        if self.store is None or medium.blank:
            return load_pixels(medium, size=size)
        return self.store.fetch(store_key(medium, size), lambda: load_pixels(medium, size=size))

    def read(self, task: Task, media: LoadedMedia) -> Any:
        """What the processor says: the arguments of the model."""
        return self.processor(
            text=[self.prompt_text(task)],
            images=media.images or None,
            videos=[video.frames for video in media.videos] or None,
            return_tensors="pt",
            **AS_LOADED,
            **video_options(media.videos),
        )

    def model_inputs(self, task: Task, media: LoadedMedia) -> ModelInputs:
        read = self.read(task, media)
        token_types = read["mm_token_type_ids"][0].tolist()
        grids, steps = self.video_runs(read)
        positions = rope_positions(
            token_types, image_grids=self.merged(read, "image_grid_thw"), video_grids=grids, video_steps=steps
        )
        pixels = {key: read[key] for key in PIXEL_KEYS if key in read}
        return ModelInputs(prompt_ids=read["input_ids"][0].tolist(), positions_T=positions, pixels=pixels)

    def merged(self, read: Any, key: str) -> list[Grid]:
        return [(t, h // self.merge, w // self.merge) for t, h, w in read[key].tolist()] if key in read else []

    def video_runs(self, read: Any) -> tuple[list[Grid], list[float]]:
        """Qwen2.5-VL writes a video as one run of tokens with time in its positions; Qwen3-VL writes one run per
        pair of frames, with the time as text between them."""
        grids = self.merged(read, "video_grid_thw")
        if "second_per_grid_ts" in read:
            return grids, [float(seconds) * self.tokens_per_second for seconds in read["second_per_grid_ts"]]
        runs = [(1, h, w) for t, h, w in grids for _ in range(t)]
        return runs, [1.0] * len(runs)


def patch_factor(vision_config: Any) -> int:
    """Side of a merged patch in pixels: what the model counts as one token."""
    return vision_config.patch_size * vision_config.spatial_merge_size


def load_processor(model_path: str) -> Any:
    try:
        return AutoProcessor.from_pretrained(model_path)
    except (OSError, ValueError) as error:
        place = "folder" if Path(model_path).exists() else "path"
        raise ConfigError(
            f"model.path: the {place} {model_path} holds no processor that can be loaded "
            f"({str(error).splitlines()[0]}); it needs preprocessor_config.json and tokenizer files."
        ) from error


def video_options(videos: list[Video]) -> dict[str, Any]:
    """The frames are already chosen and sized; the processor must not choose again."""
    if not videos:
        return {}
    return {
        "video_metadata": [VideoMetadata(**video_metadata(video.plan)) for video in videos],
        "do_sample_frames": False,
        "cap_pixels_per_frame": False,
    }


def video_metadata(plan: FramePlan) -> dict[str, Any]:
    """The model is told moments as frames of a constant rate; where the file's is not, the nearest ones."""
    told = [round(moment * plan.source_fps) for moment in plan.times_s]
    return {
        "total_num_frames": plan.num_source_frames,
        "fps": plan.source_fps,
        "duration": plan.num_source_frames / plan.source_fps,
        "frames_indices": told or list(plan.indices),
    }
