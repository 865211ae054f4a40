"""How a checkpoint was trained, from the run folder it lies in: a model is asked in the words it was trained with."""

from pathlib import Path
from typing import Any

import yaml

from spatialrl.benchmarks.identity import CHECKPOINTS
from spatialrl.compose import load_config
from spatialrl.config import RunConfig
from spatialrl.errors import DataError

OWN_WORDS = "default"
"""The template of models that were not trained here: the benchmark's own words around a question."""
RECORDED = (
    "data.template",
    "data.coordinates",
    "data.min_pixels",
    "data.max_pixels",
    "data.video.min_pixels",
    "data.video.max_pixels",
    "data.video.total_pixels",
    "model.dtype",
    "model.max_tokens",
)
"""Settings of the training that an evaluation repeats."""


def as_trained(words: list[str], *, model_path: str = "") -> RunConfig:
    """The composed config with the settings of the training; what the words say comes after and wins. `eval.template` is
    decided. The path may be given beside the words, where it need not be written in Hydra's way."""
    path = model_path or load_config(words).model.path
    recorded = recorded_words(path)
    config = load_config([*recorded, *words])
    config.model.path = path
    config.eval.template = config.eval.template or (config.data.template if recorded else OWN_WORDS)
    return config


def recorded_words(model_path: str) -> list[str]:
    """`data.template=...` and so on; none where the model is no checkpoint of a run folder."""
    folder = Path(model_path).resolve()
    description = folder.parents[1] / "config.yaml" if folder.parent.name == CHECKPOINTS else None
    if description is None or not description.is_file():
        return []
    values = yaml.safe_load(description.read_text(encoding="utf-8"))
    return [f"{key}={_value(values, key, description)}" for key in RECORDED]


def _value(values: Any, key: str, description: Path) -> Any:
    try:
        for name in key.split("."):
            values = values[name]
    except (KeyError, TypeError) as error:
        raise DataError(
            f"{description} does not say {key}, so it is not known how {description.parent} was trained. Copy the "
            "checkpoint out of its run folder, and give the settings yourself."
        ) from error
    return "null" if values is None else values
