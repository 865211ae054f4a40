"""What a journal gives back, as it was before it was written down: lists become tuples again."""

from collections.abc import Mapping
from typing import Any

from spatialrl.scenes.questions.draft import Prior
from spatialrl.types import FramePlan, Media, Object3D

Item = Mapping[str, Any]


def object_3d(item: Item) -> Object3D:
    return Object3D(**with_tuples(item))


def medium(item: Item) -> Media:
    frames = item.get("frames")
    return Media(**{**item, "frames": FramePlan(**with_tuples(frames)) if frames else None})


def priors(item: Item) -> tuple[Prior, ...]:
    return tuple(Prior(**prior) for prior in item["priors"])


def with_tuples(item: Item) -> dict[str, Any]:
    return {name: tuple(value) if isinstance(value, list) else value for name, value in item.items()}
