"""From a task to the words the model reads. One jinja file per template, in `templates/`."""

from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

from spatialrl.coordinate_frames import written_frame
from spatialrl.data.placeholders import content_parts
from spatialrl.errors import ConfigError
from spatialrl.types import Task

FOLDER = Path(__file__).parent / "templates"
MEASURES = {
    "pixels": "pixels",
    "resized_pixels": "pixels",
    "thousandths": "thousandths of the width and of the height, from 0 to 1000",
}
"""What templates call the unit of a frame."""


def template_names() -> list[str]:
    """Those with an underscore are parts of others."""
    return sorted(path.stem for path in FOLDER.glob("[!_]*.jinja"))


@cache
def load_template(name: str) -> Template:
    if name not in template_names():
        raise ConfigError(f"data.template is '{name}'; there are: {', '.join(template_names())}.")
    environment = Environment(loader=FileSystemLoader(FOLDER), undefined=StrictUndefined, autoescape=False)
    return environment.get_template(f"{name}.jinja")


def template_text(name: str) -> str:
    """As its file has it, with what templates share."""
    load_template(name)
    files = [*sorted(FOLDER.glob("_*.jinja")), FOLDER / f"{name}.jinja"]
    return "\n".join(file.read_text(encoding="utf-8") for file in files)


def stated_sizes(task: Task) -> list[tuple[int, int]]:
    """Width and height of every medium in the frame that the model writes in."""
    frame = written_frame(task)
    if frame == "thousandths":
        return [(1000, 1000)] * len(task.media)
    if frame == "pixels":
        return [(medium.width, medium.height) for medium in task.media]
    return [medium.shown for medium in task.media if medium.shown]


def asked_text(task: Task, *, template: str, **words: Any) -> str:
    """`words` are what a template may know beside the task."""
    frame = {"sizes": stated_sizes(task), "measure": MEASURES[written_frame(task)]}
    return load_template(template).render(task=task, **frame, **words)


def chat_messages(task: Task, *, template: str) -> list[dict]:
    """One user turn: text, with the media where the question has them, else before it."""
    return [{"role": "user", "content": content_parts(asked_text(task, template=template), task.media)}]
