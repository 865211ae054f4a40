"""Rooms by hand: cubes on the floor, seen from above with x to the right and y up the page."""

import json
from pathlib import Path
from typing import Any

import numpy as np

from spatialrl.generators.video_qa.blocks import Block
from spatialrl.generators.video_qa.scene import Scene, Sight, Thing
from spatialrl.scenes.geometry import Footprint
from spatialrl.scenes.video import write_video
from spatialrl.types import Media

MEDIA = Media(kind="video", path="one.mp4", width=64, height=48)


def block(x: float, y: float, *, side: float = 0.4, low: float = 0.0) -> Block:
    return Block(Footprint(x, y, side, side, 0.0), low, low + side)


def thing(name: str, x: float, y: float, *, glimpsed: float = 0.0, clear: float = 0.0, **fields: Any) -> Thing:
    sight = Sight(glimpsed_s=glimpsed, clear_s=clear)
    return Thing(name=name, category=name, block=block(x, y, **fields), sight=sight)


def scene(*things: Thing, **fields: Any) -> Scene:
    """A floor of 10 x 5 metres; a frame is seen every half second."""
    given = {
        "id": "one",
        "media": MEDIA,
        "room_area": 50.0,
        "floor": ((0.0, 0.0), (10.0, 5.0)),
        "things": things,
        "single": things,
        "counts": {},
        "obstacles": tuple(each.block for each in things),
        "shown_s": tuple(place / 2 for place in range(16)),
    }
    return Scene(**{**given, **fields})


def box(x: float, y: float, *, side: float = 0.4) -> dict[str, Any]:
    """Along the axes, on the floor."""
    half = side / 2
    return {
        "centroid": [x, y, half],
        "axesLengths": [side, side, side],
        "normalizedAxes": [1, 0, 0, 0, 1, 0, 0, 0, 1],
        "min": [x - half, y - half, 0.0],
        "max": [x + half, y + half, side],
    }


def info(boxes: dict[str, list[dict[str, Any]]], **fields: Any) -> dict[str, Any]:
    counts = {category: len(of_it) for category, of_it in boxes.items()}
    known = {"room_size": 24.0, "room_center": [3.0, 2.0, 1.0], "object_counts": counts, "object_bbox": boxes}
    return {**known, "dataset": "scannet", **fields}


def write_scan(folder: Path, name: str, shade: int) -> None:
    """Two seconds of video, of one shade of grey each."""
    folder.mkdir(parents=True, exist_ok=True)
    write_video(folder / f"{name}.mp4", [np.full((48, 64, 3), shade, np.uint8)] * 16, fps=8)


def write_infos(path: Path, infos: dict[str, Any]) -> None:
    path.write_text(json.dumps(infos))
