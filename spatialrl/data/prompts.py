"""From a task to the words the model reads. One jinja file per template, in `templates/`."""

from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

from spatialrl.data.placeholders import content_parts
from spatialrl.errors import ConfigError
from spatialrl.types import Task

FOLDER = Path(__file__).parent / "templates"


def template_names() -> list[str]:
    return sorted(path.stem for path in FOLDER.glob("*.jinja"))


@cache
def load_template(name: str) -> Template:
    if name not in template_names():
        raise ConfigError(f"data.template is '{name}'; there are: {', '.join(template_names())}.")
    environment = Environment(loader=FileSystemLoader(FOLDER), undefined=StrictUndefined, autoescape=False)
    return environment.get_template(f"{name}.jinja")


def template_text(name: str) -> str:
    """As its file has it."""
    load_template(name)
    return (FOLDER / f"{name}.jinja").read_text(encoding="utf-8")


def chat_messages(task: Task, *, template: str) -> list[dict]:
    """One user turn: text, with the media where the question has them, else before it."""
    text = load_template(template).render(task=task)
    return [{"role": "user", "content": content_parts(text, task.media)}]
