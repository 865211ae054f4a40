"""From a template to a page that needs nothing else. Everything that a model or a user wrote is escaped by the template."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

FOLDER = Path(__file__).parent


def render(template: Path, *, filters: dict[str, Callable[..., Any]] | None = None, **values: Any) -> str:
    """`style` is the sheet that all pages share."""
    environment = Environment(
        loader=FileSystemLoader(template.parent),
        undefined=StrictUndefined,
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(filters or {})
    style = (FOLDER / "page.css").read_text(encoding="utf-8")
    return environment.get_template(template.name).render(style=style, **values)
