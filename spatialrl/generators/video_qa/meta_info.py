"""Meta-info of scanned rooms, in the form that VSI-Bench publishes for its scenes: a JSON file of

    {"scene0000_00": {"room_size": 17.5, "object_counts": {"chair": 2}, "object_bbox": {"chair": [{"centroid": [x, y, z],
     "axesLengths": [..], "normalizedAxes": [.. nine ..], "min": [..], "max": [..]}, ..]}, "video_path": .., "dataset": ..}}

Metres, z up. Beside it our own `first_seen`, {"chair": [glimpsed_s, clear_s]}, lets ask about the order of appearance.
"""

import json
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from spatialrl.data.importers.bad_row import BadRow
from spatialrl.data.importers.shelf import Shelf
from spatialrl.errors import DataError
from spatialrl.generators.video_qa.blocks import Block, aligned, fits, limits, turned
from spatialrl.generators.video_qa.scene import Scene, Sight, Thing
from spatialrl.scenes.geometry import Point
from spatialrl.types import Media

BACKGROUND = frozenset(
    ("wall", "floor", "ceiling", "object", "otherprop", "otherstructure", "otherfurniture", "remove")
)
"""Categories that nothing is asked about: not things, or not one kind of thing."""
LONGEST_M = 6.0
LEAST_M = 0.05
MANY = 15
"""Of one category: more are not counted reliably."""


class Unusable(Exception):
    """A scene of which nothing can be asked."""


def read_infos(path: Path) -> dict[str, Any]:
    """By scene."""
    try:
        known = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise DataError(f"{path} can't be read as JSON: {error}.") from error
    if isinstance(known, list):
        known = {str(info.get("scene_name", place)): info for place, info in enumerate(known)}
    if not isinstance(known, dict) or not all(isinstance(info, dict) for info in known.values()):
        raise DataError(f"{path} is no meta-info; expected an object with one object for each scene.")
    return known


@lru_cache(maxsize=8)
def _known(path: Path) -> dict[str, Any]:
    return read_infos(path)


def read_scene(path: Path, name: str, *, scene_id: str, shelf: Shelf) -> tuple[Scene, list[tuple[str, str]]]:
    """The scene, and [category, reason] of what nothing is asked about."""
    info = _known(path)[name]
    try:
        blocks = {category: list(map(_block, _boxes(boxes))) for category, boxes in info["object_bbox"].items()}
        counts = {category: int(count) for category, count in info.get("object_counts", {}).items()}
        sights = {category: _sight(value) for category, value in info.get("first_seen", {}).items()}
        area = float(info["room_size"]) if info.get("room_size") else None
    except (KeyError, TypeError, ValueError, IndexError, AttributeError) as error:
        raise Unusable(f"it is no meta-info: {type(error).__name__} {error}") from error
    every = [block for of_category in blocks.values() for block in of_category]
    if not every:
        raise Unusable("it has no boxes")
    media = _video(info, name, shelf)
    return _scene(scene_id, info, media, area, limits(every), blocks, counts, sights)


def _scene(
    scene_id: str,
    info: Mapping[str, Any],
    media: Media,
    area: float | None,
    floor: tuple[Point, Point],
    blocks: Mapping[str, Sequence[Block]],
    counts: Mapping[str, int],
    sights: Mapping[str, Sight],
) -> tuple[Scene, list[tuple[str, str]]]:
    reasons = {category: _why_not(category, of_it, counts) for category, of_it in blocks.items()}
    things = [
        Thing(name=_plain(category), category=category, block=block, sight=sights.get(category))
        for category, of_it in sorted(blocks.items())
        for block in of_it
        if not reasons[category]
    ]
    plan = media.frames
    assert plan is not None, media.path
    scene = Scene(
        id=scene_id,
        media=media,
        room_area=area,
        floor=floor,
        things=tuple(things),
        single=tuple(thing for thing in things if len(blocks[thing.category]) == 1),
        counts={_plain(category): len(of_it) for category, of_it in blocks.items() if not reasons[category]},
        obstacles=tuple(block for category, of_it in blocks.items() if category not in BACKGROUND for block in of_it),
        shown_s=plan.times_s or tuple(index / plan.source_fps for index in plan.indices),
        extra={"truth": "meta_info", "dataset": str(info.get("dataset", ""))},
    )
    return scene, [(category, reason) for category, reason in sorted(reasons.items()) if reason]


def _why_not(category: str, blocks: Sequence[Block], counts: Mapping[str, int]) -> str:
    if category in BACKGROUND:
        return "it is no thing that can be named"
    count = counts.get(category, len(blocks))
    if count != len(blocks):
        return f"there are {count} of it, with {len(blocks)} boxes"
    if count > MANY:
        return f"there are {count} of it"
    if any(not LEAST_M <= block.longest_m <= LONGEST_M for block in blocks):
        return "a box of it is too small or too large to be one thing"
    return ""


def _boxes(value: Any) -> list[Mapping[str, Any]]:
    return [value] if isinstance(value, Mapping) else list(value)


def _block(box: Mapping[str, Any]) -> Block:
    """As turned as it is said to be; what is not upright, or misses its own limits, is along the axes. Whether the nine
    numbers are rows or columns is told by the limits."""
    low, high = box.get("min"), box.get("max")
    if "centroid" in box and "axesLengths" in box and len(box.get("normalizedAxes") or ()) == 9:
        nine = list(map(float, box["normalizedAxes"]))
        rows = [nine[:3], nine[3:6], nine[6:]]
        for axes in (rows, list(zip(*rows, strict=True))):
            block = turned(_three(box["centroid"]), _three(box["axesLengths"]), axes)
            if block and (low is None or high is None or fits(block, _three(low), _three(high))):
                return block
    if low is None or high is None:
        raise ValueError("a box has neither min and max nor three upright axes")
    return aligned(_three(low), _three(high))


def _sight(value: Any) -> Sight:
    glimpsed, clear = value if isinstance(value, list) else (value, value)
    return Sight(glimpsed_s=float(glimpsed), clear_s=float(clear))


def _video(info: Mapping[str, Any], name: str, shelf: Shelf) -> Media:
    """Where the meta-info says, else `dataset/scene.mp4`, else `scene.mp4`."""
    places = [info.get("video_path"), f"{info.get('dataset', '')}/{name}.mp4", f"{name}.mp4"]
    told = ""
    for place in filter(None, places):
        try:
            return shelf.video(place)
        except BadRow as error:
            told = told or str(error)
    raise Unusable(told)


def _plain(category: str) -> str:
    return " ".join(category.lower().replace("_", " ").split())


def _three(values: Sequence[Any]) -> list[float]:
    x, y, z = map(float, values)
    return [x, y, z]
