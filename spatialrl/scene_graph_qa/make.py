"""The recipe `scene_graph_qa`: a folder of questions from scene graphs. What it takes and what can't be is here, without
heavy imports; `spatialrl.scene_graph_qa.build` does the work.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from spatialrl.endpoints.settings import EndpointSettings, read_settings
from spatialrl.errors import UserError

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
MEDIA = ("reference", "copy")
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


def make_scene_graph_qa(
    folder: Path,
    *,
    source: str,
    seed: int,
    num_train: int = 1000,
    num_validation: int = 50,
    num_test: int = 0,
    files: str | None = None,
    weights: Mapping[str, float] | None = None,
    per_image: int = 2,
    min_rating: int = 1,
    media: str = "reference",
    media_root: str = "",
    writer: Mapping[str, Any] | None = None,
    judges: Sequence[Mapping[str, Any]] = (),
    attempts: int = 4,
    need: int = 1,
    blind: int = 3,
    temperatures: Sequence[float] = (0.0, 0.7),
    halves: bool = False,
    skip_refused: bool = False,
    processes: int = 0,
    progress: bool = True,
) -> None:
    """Writes a parquet file for each split; rejected.jsonl: graphs and questions that were of no use, and why; and
    report.json: what was wanted of each category and what came of it. With `halves`, train.parquet becomes
    train_easy.parquet and train_hard.parquet, the latter with what is medium or hard.

    `source` holds rows with a picture, its objects and their relations. `weights` gives the share of each category; one
    that has too few gives its share to the others. Without a `writer` questions are templates; with one, a model puts
    them into other words (`style: paraphrase`) or thinks them up from picture and graph (`style: write`). `judges` answer
    each question `attempts` times, and what fewer than `need` of them get right, or all of `blind` attempts without the
    picture, is dropped. Both are what an endpoint takes (url, model, api, key_variable, prices, ...). A model that does
    not answer ends the work; the same command goes on from there, and nothing is paid for twice.
    """
    from spatialrl.scene_graph_qa.build import build  # noqa: PLC0415  loads numpy, Pillow and pyarrow

    num_rows = {"train": num_train, "validation": num_validation, "test": num_test}
    replies = Path(folder).with_name(f"{Path(folder).name}.replies")
    asked = tuple(read_judge(judge, replies, number) for number, judge in enumerate(judges, start=1))
    recipe = Recipe(
        source=source,
        files=files,
        seed=seed,
        num_rows={split: count for split, count in num_rows.items() if count},
        weights=chosen_weights(weights),
        per_image=per_image,
        min_rating=min_rating,
        media=media,
        media_root=media_root,
        halves=halves,
        skip_refused=skip_refused,
        writer=read_writer(writer, replies),
        validation=Validation(asked, attempts, need, blind, tuple(temperatures)),
    )
    check_recipe(recipe)
    _require(processes >= 0, f"processes is {processes}; give 1 or more, or 0 for one on each core.")
    build(Path(folder), recipe, num_processes=processes, progress=progress)


def chosen_weights(weights: Mapping[str, float] | None) -> dict[str, float]:
    if weights is None:
        return dict(WEIGHTS)
    _require(isinstance(weights, Mapping), f"weights is {weights!r}; write it as {{relation: 2, count: 1}}.")
    for name, weight in weights.items():
        _require(name in WEIGHTS, f"weights has '{name}'; there are: {', '.join(WEIGHTS)}.")
        _require(weight >= 0, f"The weight of {name} is {weight}; give 0 or more.")
    return {name: float(weights[name]) for name in WEIGHTS if weights.get(name)}


def read_writer(given: Mapping[str, Any] | None, replies: Path) -> Writer | None:
    if not given:
        return None
    _require(isinstance(given, Mapping), f"writer is {given!r}; write it as {{url: ..., model: ...}}.")
    own = {name: value for name, value in given.items() if name in OF_WRITER}
    rest = {name: value for name, value in given.items() if name not in OF_WRITER}
    endpoint = read_settings({"journal": str(replies / "writer.jsonl"), **rest}, what="The writer")
    return Writer(endpoint=endpoint, **own)


def read_judge(given: Mapping[str, Any], replies: Path, number: int) -> EndpointSettings:
    _require(isinstance(given, Mapping), f"judges has {given!r}; write each as {{url: ..., model: ...}}.")
    return read_settings({"journal": str(replies / f"judge_{number}.jsonl"), **given}, what=f"Judge {number}")


def check_recipe(recipe: Recipe) -> None:
    """Raises a sentence about the first argument that can't be."""
    for split, count in recipe.num_rows.items():
        _require(count >= 0, f"num_{split} is {count}; give 0 or more.")
    _require(bool(recipe.num_rows), "No rows are asked for; give num_train, num_validation or num_test.")
    _require(bool(recipe.weights), "weights leaves no category; give one a weight above 0.")
    _require(recipe.per_image >= 1, f"per_image is {recipe.per_image}; give 1 or more.")
    _require(1 <= recipe.min_rating <= 10, f"min_rating is {recipe.min_rating}; it must be between 1 and 10.")
    _require(recipe.media in MEDIA, f"media is '{recipe.media}'; there are: {', '.join(MEDIA)}.")
    if writer := recipe.writer:
        _require(writer.style in STYLES, f"The writer's style is '{writer.style}'; there are: {', '.join(STYLES)}.")
        _require(writer.repairs >= 0, f"The writer's repairs is {writer.repairs}; give 0 or more.")
    ask = recipe.validation
    _require(1 <= ask.need <= ask.attempts, f"need is {ask.need}; it must be between 1 and attempts={ask.attempts}.")
    _require(ask.blind >= 0, f"blind is {ask.blind}; give 0 or more.")
    _require(bool(ask.temperatures), "temperatures is empty; give one or more.")


def _require(condition: bool, sentence: str) -> None:
    if not condition:
        raise UserError(sentence)
