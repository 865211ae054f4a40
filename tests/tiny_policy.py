"""Builders for tests of the actor: a tiny model folder, tasks of every modality, trajectories with made-up completions."""

import random
from collections.abc import Mapping, Sequence
from pathlib import Path

import av
import numpy as np
from PIL import Image

from spatialrl.config import RunConfig
from spatialrl.data.vision import PromptReader
from spatialrl.models.tiny import make_tiny
from spatialrl.types import Completion, FramePlan, Media, Scored, Task, Trajectory

MODALITIES = ("text", "image", "images", "video")
WORDS = "Where is the red cube seen from the blue sphere?"
SIDE = 112


def tiny_config(folder: Path, *, family: str = "qwen2_5_vl", tied: bool = True) -> RunConfig:
    """The configuration of a run on CPU, with a model folder made for it."""
    config = RunConfig()
    config.model.path = str(make_tiny(folder / "model", tasks=[text_task()] * 5, seed=0, family=family, tied=tied))
    config.model.dtype = "float32"
    config.data.template = "compact"
    config.cluster.device = "cpu"
    config.cluster.threads_per_worker = 1
    config.cluster.cpus_per_worker = 0.5
    config.actor.timeout_s = 120.0
    config.actor.activation_checkpointing = False
    return config


def tasks_of_every_modality(folder: Path) -> dict[str, Task]:
    pictures = tuple(picture(folder, seed=seed) for seed in range(2))
    return {
        "text": text_task(),
        "image": with_media("image", pictures[:1]),
        "images": with_media("images", pictures),
        "video": with_media("video", (film(folder),)),
    }


def text_task() -> Task:
    return with_media("text", ())


def with_media(name: str, media: tuple[Media, ...]) -> Task:
    return Task(id=name, question=WORDS, options=("left", "right"), answer="A", answer_kind="choice", media=media)


def picture(folder: Path, *, seed: int) -> Media:
    path = folder / f"picture_{seed}.png"
    pixels = np.random.default_rng(seed).integers(0, 255, (SIDE, SIDE, 3), dtype=np.uint8)
    Image.fromarray(pixels).save(path)
    return Media(kind="image", path=str(path), width=SIDE, height=SIDE)


def film(folder: Path, *, num_frames: int = 8) -> Media:
    path = folder / "film.mp4"
    with av.open(str(path), "w") as container:
        stream = container.add_stream("mpeg4", rate=4)
        stream.width, stream.height, stream.pix_fmt = SIDE, SIDE, "yuv420p"
        for index in range(num_frames):
            pixels = np.random.default_rng(index).integers(0, 255, (SIDE, SIDE, 3), dtype=np.uint8)
            container.mux(stream.encode(av.VideoFrame.from_ndarray(pixels, format="rgb24")))
        container.mux(stream.encode())
    plan = FramePlan(indices=(0, 2, 4, 6), source_fps=4.0, num_source_frames=num_frames)
    return Media(kind="video", path=str(path), width=SIDE, height=SIDE, frames=plan)


def trajectories(reader: PromptReader, task: Task, *, lengths: Sequence[int], seed: int = 0) -> list[Trajectory]:
    """One completion of random tokens per length, with random log-probs and advantages."""
    prompt_ids = tuple(reader.model_inputs(task, reader.load(task)).prompt_ids)
    dice = random.Random(f"{task.id} {seed}")
    return [
        Trajectory(
            task=task,
            completion=Completion(
                prompt_ids=prompt_ids,
                token_ids=tuple(dice.randrange(10, 250) for _ in range(length)),
                text="",
                logprobs_T=tuple(dice.uniform(-7.0, -5.0) for _ in range(length)),
            ),
            score=Scored(reward=1.0),
            advantage=dice.uniform(-1.0, 1.0),
        )
        for length in lengths
    ]


def but_times(metrics: Mapping[str, float]) -> dict[str, float]:
    """What does not depend on how busy the machine is."""
    return {name: value for name, value in metrics.items() if not name.startswith("time/")}
