"""Scene graphs from model text: lenient about where the JSON stands, strict about what it means. Every object has a
name of its own and four finite numbers, or the whole scene is refused."""

import math
import re
from typing import Any

from spatialrl.rewards.parse.payload import json_in
from spatialrl.rewards.parse.text import Malformed
from spatialrl.types import Box, Relation, SceneGraph, SceneObject

MAX_OBJECTS = 200
MAX_RELATIONSHIPS = 1000
"""What follows matches objects in cubic time."""
MAX_COORDINATE = 1e6
"""In pixels; areas and distances of larger ones lose their digits."""
OBJECT_ID = re.compile(r"[^\W\d][\w '-]{0,99}\.\d{1,6}")


class _NoScene(ValueError):
    """Never leaves this file: `scene_graph` turns it into `Malformed`."""


def scene_graph(text: str) -> SceneGraph | Malformed:
    """The scene in the last `<scene>`, else in the last code fence.

    Coordinates are as written: in any order, in or out of the image. Relations may name objects that are not there;
    other keys are ignored.
    """
    value = json_in(text, "scene")
    if isinstance(value, Malformed):
        return Malformed("not_a_scene: none given") if value.code == "no_block" else value
    try:
        return _scene(value)
    except _NoScene as error:
        return Malformed(str(error))


def _scene(value: Any) -> SceneGraph:
    _require(isinstance(value, dict) and "objects" in value, "not_a_scene: no list `objects`")
    objects = tuple(_object(item) for item in _list(value, "objects", MAX_OBJECTS))
    relationships = tuple(_relation(item) for item in _list(value, "relationships", MAX_RELATIONSHIPS))
    _require(len({thing.id.casefold() for thing in objects}) == len(objects), "not_a_scene: two objects share an id")
    return SceneGraph(objects=objects, relationships=relationships)


def _list(value: dict[str, Any], key: str, limit: int) -> list[Any]:
    items = value.get(key, [])
    _require(isinstance(items, list), f"not_a_scene: `{key}` is not a list")
    _require(len(items) <= limit, f"too_long: more than {limit} {key}")
    return items


def _object(item: Any) -> SceneObject:
    _require(isinstance(item, dict), "not_a_scene: an object is not a JSON object")
    return SceneObject(id=_id(item.get("id")), bbox=_box(item.get("bbox")))


def _relation(item: Any) -> Relation:
    _require(isinstance(item, dict), "not_a_scene: a relation is not a JSON object")
    predicate = item.get("predicate")
    _require(isinstance(predicate, str) and 0 < len(predicate.strip()) <= 100, "not_a_scene: a relation says nothing")
    return Relation(subject=_id(item.get("subject")), predicate=predicate.strip(), object=_id(item.get("object")))


def _id(value: Any) -> str:
    _require(isinstance(value, str) and OBJECT_ID.fullmatch(value.strip()) is not None, "not_a_scene: a bad id")
    return value.strip()


def _box(value: Any) -> Box:
    _require(isinstance(value, list) and len(value) == 4, "not_a_scene: a bbox is not four numbers")
    return _coordinate(value[0]), _coordinate(value[1]), _coordinate(value[2]), _coordinate(value[3])


def _coordinate(value: Any) -> float:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    # Integers are compared exactly: the long ones do not fit into a float.
    _require(is_number and abs(value) <= MAX_COORDINATE and not math.isnan(value), "not_a_scene: a bad coordinate")
    return float(value)


def _require(condition: bool, reason: str) -> None:
    if not condition:
        raise _NoScene(reason)
