"""Models this project can make: `RECIPES` maps the name in `model.recipe` to its maker."""

from collections.abc import Callable
from pathlib import Path

from spatialrl.models.tiny import make_tiny

RECIPES: dict[str, Callable[..., Path]] = {"tiny": make_tiny}
