"""How a checkpoint was trained, from the run folder it lies in: a model is asked in the words it was trained with."""

from pathlib import Path
from typing import Any

import yaml

from spatialrl.benchmarks.identity import CHECKPOINTS
from spatialrl.errors import DataError

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
