"""`spatialrl ask model=PATH image=a.jpg question="..."`: one question to one model, in this process.

The prompt is that of the model's training where its run folder says so, as in `spatialrl eval`.
"""

import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

from spatialrl.benchmarks.prompting import AS_IS, Prompting
from spatialrl.benchmarks.recorded import as_trained
from spatialrl.checks import check_choice, check_model_folder
from spatialrl.config import RunConfig, SamplingConfig
from spatialrl.coordinate_frames import scale_between, written_frame
from spatialrl.data.media.frame_plan import plan_frames
from spatialrl.data.media.image import read_image
from spatialrl.data.media.probe import image_size, probe_video
from spatialrl.data.prompts import template_names
from spatialrl.errors import ConfigError, DataError
from spatialrl.overlay import draw_scene, save
from spatialrl.prepare import model_budgets
from spatialrl.types import Media, SceneGraph, Task
from spatialrl.words import call_with_words, read_words

Paths = str | list[str]


def ask(words: list[str]) -> None:
    call_with_words(ask_one, read_words(words))


def ask_one(
    *,
    model: str,
    question: str,
    image: Paths = (),  # type: ignore[assignment]
    video: Paths = (),  # type: ignore[assignment]
    depth: Paths = (),  # type: ignore[assignment]
    options: Paths = (),  # type: ignore[assignment]
    template: str = "",
    overlay: str = "",
    max_tokens: int = 1024,
    temperature: float = 0.0,
    frames: int = 32,
    fps: float = 2.0,
    max_pixels: int = 0,
    device: str = "",
) -> None:
    """Prints what the model writes, then the answer alone; `overlay` is where the scene it describes is drawn."""
    media = (
        *(still(path, kind="image") for path in listed(image)),
        *(still(path, kind="depth") for path in listed(depth)),
        *(clip(path, fps=fps, frames=frames) for path in listed(video)),
    )
    if overlay and not (media and media[0].kind == "image"):
        raise ConfigError(f"overlay={overlay} needs an image to draw on; give image=PATH.")
    config = config_of(model, device=device, template=template, max_pixels=max_pixels)
    told = tuple(listed(options))
    kind = "choice" if told else "text"
    task = Task(id="question", question=str(question), media=media, options=told, answer="", answer_kind=kind)
    prompting = prompting_of(config)
    response = answered(config, prompting.prompt(task), SamplingConfig(temperature=temperature, max_tokens=max_tokens))
    sys.stdout.write(f"{response}\n\nanswer: {short(response)}\n")
    if overlay:
        draw(response, prompting.asked(task), Path(overlay))


def config_of(model: str, *, device: str, template: str, max_pixels: int) -> RunConfig:
    check_model_folder(model)
    config = as_trained([], model_path=model)
    config.eval.template = template or config.eval.template
    check_choice("template", str(config.eval.template), template_names())
    config.data.max_pixels = max_pixels or config.data.max_pixels
    config.cluster.device = device or best_device()
    check_choice("device", config.cluster.device, ("cuda", "cpu"))
    return config


def best_device() -> str:
    import torch  # noqa: PLC0415  takes a second

    return "cuda" if torch.cuda.is_available() else "cpu"


def listed(paths: Any) -> list[str]:
    return [paths] if isinstance(paths, str) else [str(path) for path in paths]


def still(path: str, *, kind: Any) -> Media:
    width, height = image_size(path)
    return Media(kind=kind, path=str(Path(path).absolute()), width=width, height=height)


def clip(path: str, *, fps: float, frames: int) -> Media:
    probe = probe_video(path)
    plan = plan_frames(probe, fps=fps, min_frames=min(4, frames), max_frames=frames)
    return Media(kind="video", path=str(Path(path).absolute()), width=probe.width, height=probe.height, frames=plan)


def prompting_of(config: RunConfig) -> Prompting:
    return Prompting(
        template=str(config.eval.template),
        coordinates=config.data.coordinates,  # pyright: ignore[reportArgumentType]
        budgets=model_budgets(config),
    )


def answered(config: RunConfig, prompt: Task, sampling: SamplingConfig) -> str:
    from spatialrl.benchmarks.backends.transformers_model import TransformersModel  # noqa: PLC0415  loads torch

    model = TransformersModel(replace(config, data=replace(config.data, template=AS_IS)))
    return model.complete(prompt, seed=config.seed, sampling=sampling).text


def short(response: str) -> str:
    from spatialrl.benchmarks.scoring.final import final_answer  # noqa: PLC0415
    from spatialrl.rewards.parse import Malformed  # noqa: PLC0415  loads numpy

    answer = final_answer(response)
    return f"none ({answer.code})" if isinstance(answer, Malformed) else answer


def draw(response: str, task: Task, path: Path) -> None:
    """The model writes in the frame that its prompt states; what is drawn on is the file."""
    from spatialrl.rewards.parse import Malformed, scene_graph  # noqa: PLC0415  loads numpy

    scene = scene_graph(response)
    if isinstance(scene, Malformed):
        raise DataError(f"overlay={path}: the response describes no scene that can be drawn ({scene.code}).")
    scale = scale_between(task, written_frame(task), "pixels")
    assert scale is not None, "the size of the first image is known"
    save(draw_scene(read_image(task.media[0].path), in_pixels(scene, scale)), path)
    sys.stdout.write(f"drawn, with objects: {len(scene.objects)}, relations: {len(scene.relationships)}; {path}\n")


def in_pixels(scene: SceneGraph, scale: tuple[float, float]) -> SceneGraph:
    across, down = scale
    boxes = ((thing, thing.bbox) for thing in scene.objects)
    things = (
        replace(thing, bbox=(left * across, top * down, right * across, bottom * down))
        for thing, (left, top, right, bottom) in boxes
    )
    return replace(scene, objects=tuple(things))
