"""From a template to a file that needs nothing else. Everything that a model or a user wrote is escaped by the template."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from spatialrl.data.folders import storage_for

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


def write_whole(path: Path, html: str) -> None:
    """In one piece."""
    draft = path.with_name(f".{path.name}")
    with storage_for(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            draft.write_text(html, encoding="utf-8")
            os.replace(draft, path)
        finally:
            draft.unlink(missing_ok=True)
