"""3D pseudo ground truth of an image, as SpatialReasonerDataGen writes it, to a scene: one JSON file for each image. Its
canonical coordinates are those of our chains of thought: x left, y up from the ground, z forward.

An estimate is believed only where nothing speaks against it. What is dropped is told with its reason.
"""

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from spatialrl.data.importers.bad_row import BadRow
from spatialrl.data.importers.shelf import Shelf
from spatialrl.generators.spatial_3d.front_classes import has_front
from spatialrl.generators.spatial_3d.names import plain_name, why_not_named
from spatialrl.generators.spatial_3d.scene import Scene, Thing
from spatialrl.types import Box, Media, Object3D, Vector

EDGE = 0.005
"""Of the image's sides: a box that comes so near to its edge is of a thing that is cut off."""
LEAST_SIDE = 0.035
"""Of the image's width and height: what is smaller is not asked about."""
MOST_COVERED = 0.35
"""Share of a box that boxes of nearer things may cover."""
MOST_EXTENT_M = 8.0
LEVEL = math.sin(math.radians(20))
"""Most that a front may point up or down."""
SQUARE = math.cos(math.radians(25))
"""Least cosine of the stated left direction with the one that follows from the front."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trust:
    """What an estimate needs to be believed."""

    min_confidence: float
    max_distance: float
    fronted: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Dropped:
    """A thing, or with an empty name a whole image, that nothing is asked about."""

    name: str
    reason: str


class Unusable(Exception):
    """A file that gives no scene."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    """A detection, read."""

    name: str
    confidence: float
    box: Box
    place: Vector | None
    extent: Vector
    middle: Vector
    """Of the block, which need not be the mean of the points."""
    yaw: float | None


def read_scene(path: Path, *, scene_id: str, shelf: Shelf, trust: Trust) -> tuple[Scene, list[Dropped]]:
    try:
        known = json.loads(path.read_text(encoding="utf-8"))
        found = [_found(item, known["image_info"], trust) for item in known["detections"]]
        height = -float(known["scene_3d_info"]["min_y"][1])
        media = shelf.image(known["image_info"]["file_path"])
        size = (known["image_info"]["width"], known["image_info"]["height"])
    except BadRow as error:
        raise Unusable(str(error)) from error
    except (OSError, ValueError, KeyError, TypeError, IndexError) as error:
        raise Unusable(f"it is not 3D pseudo ground truth: {type(error).__name__} {error}") from error
    if (media.width, media.height) != size:
        raise Unusable(f"it speaks of {size[0]} x {size[1]} pixels, and its image has {media.width} x {media.height}")
    if not height > 0:
        raise Unusable(f"its camera is {height:.2f} m above the ground")
    return _scene(found, scene_id=scene_id, media=media, height=height, trust=trust)


def _found(item: Mapping[str, Any], info: Mapping[str, Any], trust: Trust) -> _Found:
    """Boxes are in pixels of the resized image."""
    across, down = info["width"] / info["width_resized"], info["height"] / info["height_resized"]
    x1, y1, x2, y2 = map(float, item["xyxy"])
    name = plain_name(str(item["class_name"]))
    block = item.get("pcd_cano_axis_bbox") or {}
    is_placed = "pcd_cano_center" in item and "center" in block
    return _Found(
        name=name,
        confidence=float(item.get("confidence", 1.0)),
        box=(x1 * across, y1 * down, x2 * across, y2 * down),
        place=_vector(item["pcd_cano_center"]) if is_placed else None,
        extent=_vector(block["extent"]) if is_placed else (0.0, 0.0, 0.0),
        middle=_vector(block["center"]) if is_placed else (0.0, 0.0, 0.0),
        yaw=_yaw(item, name, trust),
    )


def _yaw(item: Mapping[str, Any], name: str, trust: Trust) -> float | None:
    """None where the class has no front, or its directions are not level, not square, or not believed in."""
    if "front" not in item or "left" not in item or not has_front(name, trust.fronted):
        return None
    if float(item.get("pose_confidence", 1.0)) < trust.min_confidence:
        return None
    front, left = _vector(item["front"]), _vector(item["left"])
    yaw = math.atan2(front[0], front[2])
    square = math.cos(yaw) * left[0] - math.sin(yaw) * left[2]
    return round(yaw, 4) if abs(front[1]) <= LEVEL and square >= SQUARE else None


def _scene(
    found: Sequence[_Found], *, scene_id: str, media: Media, height: float, trust: Trust
) -> tuple[Scene, list[Dropped]]:
    names, covered = [item.name for item in found], _covered(found)
    things: list[Thing] = []
    objects: list[Object3D] = []
    dropped: list[Dropped] = []
    for index, item in enumerate(found):
        why = _why_not(item, media, covered[index], trust)
        if not why:
            objects.append(_truth(item, names[:index].count(item.name) + 1, 1 - covered[index], height))
            why = why_not_named(index, names)
        if why:
            dropped.append(Dropped(name=item.name, reason=why))
        else:
            things.append(_thing(item, objects[-1]))
    scene = Scene(id=scene_id, media=media, camera_height=height, things=tuple(things), objects_3d=tuple(objects))
    return scene, dropped


def _why_not(item: _Found, media: Media, covered: float, trust: Trust) -> str:
    x1, y1, x2, y2 = item.box
    if item.confidence < trust.min_confidence:
        return f"its confidence is {item.confidence:.2f}"
    if item.place is None:
        return "it has no place in 3D"
    if min(x1 / media.width, y1 / media.height, 1 - x2 / media.width, 1 - y2 / media.height) < EDGE:
        return "the edge of the image cuts it off"
    if min((x2 - x1) / media.width, (y2 - y1) / media.height) < LEAST_SIDE:
        return "it is too small"
    if covered > MOST_COVERED:
        return f"nearer things cover {100 * covered:.0f} % of its box"
    metres = math.hypot(*item.place)
    if not metres <= trust.max_distance:
        return f"it is {metres:.1f} m away, where depth is a guess"
    if not all(0 <= side <= MOST_EXTENT_M for side in item.extent):
        return "its points are scattered"
    return ""


def _covered(found: Sequence[_Found]) -> list[float]:
    """Of each, the largest share of its box that the box of one nearer thing covers."""
    return [max((_share(item, other) for other in found if other is not item), default=0.0) for item in found]


def _share(item: _Found, other: _Found) -> float:
    if item.place is None or other.place is None or math.hypot(*other.place) >= math.hypot(*item.place):
        return 0.0
    a, b = item.box, other.box
    width, height = min(a[2], b[2]) - max(a[0], b[0]), min(a[3], b[3]) - max(a[1], b[1])
    area = (a[2] - a[0]) * (a[3] - a[1])
    return max(0.0, width) * max(0.0, height) / area if area > 0 else 0.0


def _thing(item: _Found, truth: Object3D) -> Thing:
    assert item.place is not None
    pairs = list(zip(item.middle, item.extent, strict=True))
    x1, y1, z1 = (middle - side / 2 for middle, side in pairs)
    x2, y2, z2 = (middle + side / 2 for middle, side in pairs)
    return Thing(
        name=item.name,
        category=item.name,
        place=item.place,
        low=(x1, y1, z1),
        high=(x2, y2, z2),
        yaw=item.yaw,
        box=item.box,
        truth=truth,
    )


def _truth(item: _Found, number: int, visibility: float, height: float) -> Object3D:
    """In a world whose origin is on the floor below the camera, which looks along y; and seen by a level camera."""
    assert item.place is not None
    x, y, z = item.place
    yaw, (across, up, along) = item.yaw or 0.0, item.extent
    return Object3D(
        id=f"{item.name.replace(' ', '_')}.{number}",
        category=item.name,
        colour="",
        centre_world=(-x, z, y),
        centre_camera=(-x, round(height - y, 6), z),
        size=(along, across, up),
        yaw_world=yaw + math.pi / 2,
        yaw_camera=yaw,
        visibility=visibility,
    )


def _vector(values: Sequence[float]) -> Vector:
    x, y, z = map(float, values)
    if not all(map(math.isfinite, (x, y, z))):
        raise ValueError(f"{list(values)} is no place")
    return round(x, 4), round(y, 4), round(z, 4)
