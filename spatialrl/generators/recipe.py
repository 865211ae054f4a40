"""What the recipes of all generators have in common, and the sentences about arguments that can't be. Nothing here loads
more than the standard library: a command line that is wrong says so at once.
"""

import hashlib
import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from spatialrl import __version__
from spatialrl.errors import UserError

SPLITS = ("train", "validation", "test")
MEDIA = ("reference", "copy")
"""Rows name a medium where it is, or under its hash in their own folder."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SceneRecipe:
    """What every folder of questions about known scenes is to hold."""

    source: str
    """Of what is known of scenes; empty for rooms of our own."""
    seed: int
    num_scenes: dict[str, int]
    """By file of rows."""
    families: tuple[str, ...]
    questions_per_scene: int
    media: str
    image_size: int
    """Of our own rooms, as their things are."""
    max_objects: int


def wanted(**counts: int) -> dict[str, int]:
    """What is to be made, without what is not."""
    return {name: count for name, count in counts.items() if count}


def require(condition: bool, sentence: str) -> None:
    if not condition:
        raise UserError(sentence)


def check_scene_recipe(recipe: SceneRecipe, *, families: Collection[str]) -> None:
    check_choices("families", recipe.families, families)
    asked, size = recipe.questions_per_scene, recipe.image_size
    require(asked >= 1, f"questions_per_scene is {asked}; ask for at least 1.")
    check_choice("media", recipe.media, MEDIA)
    require(32 <= size <= 1024 and size % 2 == 0, f"image_size is {size}; it must be even and between 32 and 1024.")


def check_counts(counts: Mapping[str, int], *, things: str, files: Sequence[str] = SPLITS) -> None:
    for name, count in counts.items():
        require(count >= 0, f"num_{name} is {count}; give 0 or more.")
    *most, last = (f"num_{file}" for file in files)
    require(bool(counts), f"No {things} are asked for; give {', '.join(most)} or {last}.")


def check_choice(name: str, value: str, choices: Collection[str]) -> None:
    require(value in choices, f"{name} is '{value}'; there are: {', '.join(choices)}.")


def check_choices(name: str, values: Collection[str], choices: Collection[str]) -> None:
    for value in values:
        require(value in choices, f"{name} has '{value}'; there are: {', '.join(choices)}.")


def check_weights(weights: Mapping[str, float], choices: Collection[str], *, example: str) -> None:
    require(isinstance(weights, Mapping), f"weights is {weights!r}; write it as {example}.")
    check_choices("weights", weights, choices)
    for name, weight in weights.items():
        require(weight >= 0, f"The weight of {name} is {weight}; give 0 or more.")


def check_processes(processes: int) -> None:
    require(processes >= 0, f"processes is {processes}; give 1 or more, or 0 for one on each core.")


def description(values: Mapping[str, Any]) -> str:
    """Everything that decides the bytes, one value a line: work that was broken off goes on where it is the same."""
    return "".join(f"{name}: {json.dumps(value)}\n" for name, value in {**values, "version": __version__}.items())


def fingerprint(listing: Any) -> str:
    """Of the files that a folder is made of."""
    return f"{len(listing)}, {hashlib.sha256(json.dumps(listing).encode()).hexdigest()[:12]}"
