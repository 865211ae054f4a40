"""What a folder of questions from scene graphs can be asked to hold, by templates or by models, and what can't be."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from spatialrl.endpoints.settings import EndpointSettings, read_settings
from spatialrl.generators.recipe import MEDIA, check_choice, check_counts, check_weights, require

WEIGHTS = {
    "relation": 8.0,
    "reach": 1.0,
    "existence": 1.0,
    "depth": 1.0,
    "distance": 1.0,
    "size": 1.0,
    "count": 1.0,
    "orientation": 1.0,
    "instance_location": 1.0,
}
"""By category: half of the questions are about relations, as in STVQA-7K."""
STYLES = ("write", "paraphrase")
OF_WRITER = ("style", "temperature", "repairs", "max_reply_tokens")


@dataclass(frozen=True, slots=True, kw_only=True)
class Writer:
    """A model that puts questions into words, or thinks them up."""

    endpoint: EndpointSettings
    style: str = "paraphrase"
    temperature: float | None = 0.7
    repairs: int = 2
    """How often it is told what is wrong with its reply."""
    max_reply_tokens: int = 1024


@dataclass(frozen=True, slots=True)
class Validation:
    """Models that answer the questions, with the picture and without."""

    endpoints: tuple[EndpointSettings, ...] = ()
    attempts: int = 4
    need: int = 1
    """Right answers among them that keep a question."""
    blind: int = 3
    """Attempts without the picture: a question whose every one is right is dropped. 0: none."""
    temperatures: tuple[float, ...] = (0.0, 0.7)
    """In turn; each attempt has its options in another order."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """What a folder of questions is to hold."""

    source: str
    files: str | None
    seed: int
    num_rows: dict[str, int]
    """By split."""
    weights: dict[str, float]
    """By category; only what is wanted."""
    per_image: int
    min_rating: int
    media: str
    media_root: str
    halves: bool
    skip_refused: bool
    """Questions whose request an endpoint refuses are left out instead of ending the work."""
    writer: Writer | None = None
    validation: Validation = field(default_factory=Validation)


def chosen_weights(weights: Mapping[str, float] | None) -> dict[str, float]:
    if weights is None:
        return dict(WEIGHTS)
    check_weights(weights, WEIGHTS, example="{relation: 2, count: 1}")
    return {name: float(weights[name]) for name in WEIGHTS if weights.get(name)}


def read_writer(given: Mapping[str, Any] | None, replies: Path) -> Writer | None:
    if not given:
        return None
    require(isinstance(given, Mapping), f"writer is {given!r}; write it as {{url: ..., model: ...}}.")
    own = {name: value for name, value in given.items() if name in OF_WRITER}
    rest = {name: value for name, value in given.items() if name not in OF_WRITER}
    endpoint = read_settings({"journal": str(replies / "writer.jsonl"), **rest}, what="The writer")
    return Writer(endpoint=endpoint, **own)


def read_judge(given: Mapping[str, Any], replies: Path, number: int) -> EndpointSettings:
    require(isinstance(given, Mapping), f"judges has {given!r}; write each as {{url: ..., model: ...}}.")
    return read_settings({"journal": str(replies / f"judge_{number}.jsonl"), **given}, what=f"Judge {number}")


def check_recipe(recipe: Recipe) -> None:
    """Raises a sentence about the first argument that can't be."""
    check_counts(recipe.num_rows, things="rows")
    require(bool(recipe.weights), "weights leaves no category; give one a weight above 0.")
    require(recipe.per_image >= 1, f"per_image is {recipe.per_image}; give 1 or more.")
    require(1 <= recipe.min_rating <= 10, f"min_rating is {recipe.min_rating}; it must be between 1 and 10.")
    check_choice("media", recipe.media, MEDIA)
    if writer := recipe.writer:
        check_choice("The writer's style", writer.style, STYLES)
        require(writer.repairs >= 0, f"The writer's repairs is {writer.repairs}; give 0 or more.")
    ask = recipe.validation
    require(1 <= ask.need <= ask.attempts, f"need is {ask.need}; it must be between 1 and attempts={ask.attempts}.")
    require(ask.blind >= 0, f"blind is {ask.blind}; give 0 or more.")
    require(bool(ask.temperatures), "temperatures is empty; give one or more.")
