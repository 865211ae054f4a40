"""Model text to typed values. The one place that meets what a model wrote: any string gives a value, or the reason
why there is none, in time linear in its length."""

import json
import re
from dataclasses import dataclass
from typing import Any

from spatialrl.types import Relation, SceneGraph, SceneObject

TAGS = ("observe", "think", "scene", "answer")
OBJECT_ID = re.compile(r"[a-zA-Z_]+\.\d+")
RELATION_KEYS = ("subject", "predicate", "object")


@dataclass(frozen=True, slots=True)
class Malformed:
    """What keeps a text from being read."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """The blocks of a well-formed response that a reward looks at."""

    answer: str
    scene: SceneGraph
    """Coordinates are as written: NaN, infinities and integers too large for a float are possible."""
    lists_objects: bool
    """Whether the scene has the key `objects` at all."""


class _BadText(ValueError):
    """Never leaves this file: the doors turn it into `Malformed`."""


def read_block(text: str, tag: str) -> str | Malformed:
    """What stands between the first `<tag>` and the first `</tag>` after it, stripped."""
    try:
        return _block(text, tag)
    except _BadText as error:
        return Malformed(str(error))


def read_response(text: str) -> Response | Malformed:
    """SpatialThinker's format: each of the four blocks opened exactly once, in any order; a valid, non-empty scene."""
    try:
        return _response(text)
    except _BadText as error:
        return Malformed(str(error))


def _response(text: str) -> Response:
    blocks = {tag: _block(text, tag) for tag in TAGS}
    for tag in TAGS:
        _require(text.count(f"<{tag}>") == 1, f"<{tag}> opens more than once")
    scene = _json_object(blocks["scene"])
    return Response(answer=blocks["answer"], scene=_scene_graph(scene), lists_objects="objects" in scene)


def _block(text: str, tag: str) -> str:
    _, opening, rest = text.partition(f"<{tag}>")
    inside, closing, _ = rest.partition(f"</{tag}>")
    _require(bool(opening and closing), f"no <{tag}> block")
    return inside.strip()


def _json_object(text: str) -> dict[str, Any]:
    try:
        value = json.loads(text)
    # Brackets nested too deep are a RecursionError, integers of thousands of digits a ValueError.
    except (ValueError, RecursionError) as error:
        raise _BadText(f"the scene is not JSON: {error}") from error
    _require(isinstance(value, dict) and bool(value), "the scene is not a JSON object with at least one key")
    return value


def _scene_graph(scene: dict[str, Any]) -> SceneGraph:
    objects = tuple(_scene_object(item) for item in _list(scene, "objects"))
    relationships = tuple(_relation(item) for item in _list(scene, "relationships"))
    _require(len({thing.id for thing in objects}) == len(objects), "two objects share an id")
    return SceneGraph(objects=objects, relationships=relationships)


def _list(scene: dict[str, Any], key: str) -> list[Any]:
    value = scene.get(key, [])
    _require(isinstance(value, list), f"`{key}` is not a list")
    return value


def _scene_object(item: Any) -> SceneObject:
    _require(isinstance(item, dict) and item.keys() == {"id", "bbox"}, "an object has other keys than id and bbox")
    box = item["bbox"]
    _require(_is_object_id(item["id"]), "an object id is not like `red_cube.1`")
    _require(isinstance(box, list) and len(box) == 4, "a bbox is not a list of four")
    _require(all(isinstance(number, int | float) for number in box), "a bbox holds something other than numbers")
    return SceneObject(id=item["id"], bbox=(box[0], box[1], box[2], box[3]))


def _relation(item: Any) -> Relation:
    _require(isinstance(item, dict), "a relation is not a JSON object")
    words = [item.get(key) for key in RELATION_KEYS]
    _require(all(isinstance(word, str) for word in words), "a relation lacks subject, predicate or object")
    subject, predicate, thing = words
    _require(_is_object_id(subject) and _is_object_id(thing), "a relation's subject or object is not like `red_cube.1`")
    return Relation(subject=subject, predicate=predicate, object=thing)


def _is_object_id(value: Any) -> bool:
    return isinstance(value, str) and OBJECT_ID.fullmatch(value) is not None


def _require(condition: bool, reason: str) -> None:
    if not condition:
        raise _BadText(reason)
