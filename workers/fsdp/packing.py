"""From trajectories to one row of tokens. Each distinct prompt stands in the row once, followed by its completions.

Every row has pixels: where no task has any, a small grey image goes along, for on every rank the vision tower must run
as often as on the others, or their collectives would wait for each other for ever.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import torch
from PIL import Image
from torch import Tensor

from spatialrl.data.media.load import GREY
from spatialrl.data.positions import continue_positions
from spatialrl.data.vision import LoadedMedia, ModelInputs, PromptReader
from spatialrl.errors import MediaError, WorkerError
from spatialrl.types import Media, Task, Trajectory
from workers.fsdp.attention import ATTENTIONS, Attend

logger = logging.getLogger(__name__)
STILLS, VIDEOS = ("pixel_values", "image_grid_thw"), ("pixel_values_videos", "video_grid_thw")


@dataclass(frozen=True, slots=True, kw_only=True)
class PackedRow:
    """What the model reads, and which of its outputs are wanted."""

    token_ids: Tensor
    """(1, tokens)."""
    positions: Tensor
    """Temporal, height and width: (3, 1, tokens)."""
    attend: Attend
    pixels: Tensor
    """Patches of all images, then of all videos."""
    grids: Tensor
    """Frames, height and width in patches of each of them: (media, 3)."""
    num_images: int
    predicting_T: Tensor
    """For every completion token, the place in the row that predicts it."""
    target_ids_T: Tensor
    """The completion tokens themselves, trajectory after trajectory."""
    trajectories: tuple[Trajectory, ...]
    """Those that stand in the row: all, but for tasks whose media can't be read."""


@dataclass(frozen=True, slots=True)
class Prompt:
    """A prompt and where it stands in the row."""

    inputs: ModelInputs
    places: np.ndarray


@dataclass(slots=True)
class RowBuilder:
    token_ids: list[int] = field(default_factory=list)
    positions: list[np.ndarray] = field(default_factory=list)
    sequences: list[np.ndarray] = field(default_factory=list)
    prompts: list[Prompt] = field(default_factory=list)
    predicting: list[np.ndarray] = field(default_factory=list)
    target_ids: list[int] = field(default_factory=list)

    def add_prompt(self, inputs: ModelInputs) -> Prompt:
        prompt = Prompt(inputs, self.append(inputs.prompt_ids, inputs.positions_T))
        self.prompts.append(prompt)
        return prompt

    def add_completion(self, prompt: Prompt, token_ids: Sequence[int]) -> None:
        """The last token is wanted as a target only: it predicts nothing."""
        read = list(token_ids[:-1])
        places = self.append(read, continue_positions(prompt.inputs.positions_T, len(read))[:, len(prompt.places) :])
        sequence = np.concatenate([prompt.places, places])
        self.sequences.append(sequence)
        self.predicting.append(sequence[len(prompt.places) - 1 :][: len(token_ids)])
        self.target_ids += token_ids

    def append(self, token_ids: list[int], positions_T: np.ndarray) -> np.ndarray:
        start = len(self.token_ids)
        self.token_ids += token_ids
        self.positions.append(positions_T)
        return np.arange(start, len(self.token_ids))

    def pixels(self, keys: tuple[str, str]) -> tuple[list[Tensor], list[Tensor]]:
        found = [prompt.inputs.pixels for prompt in self.prompts if keys[0] in prompt.inputs.pixels]
        return [pixels[keys[0]] for pixels in found], [pixels[keys[1]] for pixels in found]


class Packer:
    def __init__(self, reader: PromptReader, *, attention: str, device: torch.device, bad_media: str = "fail") -> None:
        self.reader = reader
        self.attention = ATTENTIONS[attention]
        self.device = device
        self.bad_media = bad_media
        self.blank = blank_inputs(reader)
        self.waited_s = 0.0
        """For rows, in all."""
        self.unread: dict[str, str] = {}
        """Tasks that were left out, with the reason, until somebody clears it."""

    def pack(self, trajectories: Sequence[Trajectory]) -> PackedRow:
        builder = RowBuilder()
        prompts: dict[Task, Prompt] = {}
        loaded = self.load(trajectories)
        kept = [trajectory for trajectory in trajectories if trajectory.task in loaded]
        for trajectory in kept:
            task = trajectory.task
            if task not in prompts:
                prompts[task] = builder.add_prompt(self.reader.model_inputs(task, loaded[task]))
            check_prompt(trajectory, prompts[task].inputs.prompt_ids)
            builder.add_completion(prompts[task], trajectory.completion.token_ids)
        if not any(prompt.inputs.pixels for prompt in builder.prompts):
            builder.add_completion(builder.add_prompt(self.blank), ())
        return self.finish(builder, kept)

    def load(self, trajectories: Sequence[Trajectory]) -> dict[Task, LoadedMedia]:
        """Without the tasks that are dropped: their tokens count as tokens without a loss, on every rank alike."""
        loaded = {}
        for task in dict.fromkeys(trajectory.task for trajectory in trajectories):
            try:
                loaded[task] = self.reader.load(task)
            except MediaError as error:
                if self.bad_media != "drop":
                    raise
                self.unread[task.id] = str(error)
                logger.warning("%s It is left out of the update.", error)
        return loaded

    def warm_up(self, trajectories: Sequence[Trajectory]) -> None:
        for task in dict.fromkeys(trajectory.task for trajectory in trajectories):
            self.reader.warm_up(task)

    def finish(self, builder: RowBuilder, kept: Sequence[Trajectory]) -> PackedRow:
        images, image_grids = builder.pixels(STILLS)
        videos, video_grids = builder.pixels(VIDEOS)
        return PackedRow(
            token_ids=torch.tensor([builder.token_ids], device=self.device),
            positions=torch.from_numpy(np.concatenate(builder.positions, axis=1)[:, None]).to(self.device),
            attend=self.attention(builder.sequences, device=self.device),
            pixels=torch.cat([*images, *videos]).to(self.device),
            grids=torch.cat([*image_grids, *video_grids]).to(self.device),
            num_images=sum(map(len, image_grids)),
            predicting_T=torch.from_numpy(np.concatenate(builder.predicting)).to(self.device),
            target_ids_T=torch.tensor(builder.target_ids, dtype=torch.int64, device=self.device),
            trajectories=tuple(kept),
        )


def blank_inputs(reader: PromptReader) -> ModelInputs:
    """The smallest image the model takes, with a prompt around it."""
    side = reader.factor
    image = Media(kind="image", path="", width=side, height=side, blank=True)
    task = Task(id="blank", question="", answer="", answer_kind="text", media=(image,))
    return reader.model_inputs(task, LoadedMedia(images=[Image.new("RGB", (side, side), GREY)], videos=[]))


def check_prompt(trajectory: Trajectory, prompt_ids: list[int]) -> None:
    """Demonstrations come without prompt ids; completions bring those the rollout's engine has read."""
    given = trajectory.completion.prompt_ids
    if not given or list(given) == prompt_ids:
        return
    shorter = min(len(given), len(prompt_ids))
    place = next((i for i in range(shorter) if given[i] != prompt_ids[i]), shorter)
    pair = [ids[place] if place < len(ids) else "the end" for ids in (given, prompt_ids)]
    raise WorkerError(
        f"Task {trajectory.task.id}: the rollout read a prompt of {len(given)} tokens, the actor reads {len(prompt_ids)}; "
        f"token {place} is {pair[0]} there and {pair[1]} here. Both need the same model folder "
        "and the same data section of the config."
    )
