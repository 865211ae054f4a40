"""SpatialThinker's own format, as strictly and as loosely as the published system reads it: whether a text is refused
here decides whether published numbers come out. Other rewards use the lenient readers of this package.

This is most of the work of scoring, so what is written as usual takes the quick way, with the same result.
"""

import json
import math
from collections.abc import Iterable
from itertools import chain
from typing import Any

from spatialrl.rewards.parse.response import TAGS, Response, Thing, Triple, are_object_ids, quick_response
from spatialrl.rewards.parse.text import Malformed
from spatialrl.types import Box

OBJECT_KEYS = {"id", "bbox"}


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
    return quick_response(text) or careful_response(text)


def careful_response(text: str) -> Response | Malformed:
    """The same, the slow way, which knows why a text is refused."""
    try:
        return _response(text)
    except _BadText as error:
        return Malformed(str(error))


def _response(text: str) -> Response:
    blocks = {tag: _block(text, tag) for tag in TAGS}
    for tag in TAGS:
        _require(text.count(f"<{tag}>") == 1, f"<{tag}> opens more than once")
    scene = _json_object(blocks["scene"])
    objects, relationships = _dicts(scene, "objects"), _dicts(scene, "relationships")
    _require(all(item.keys() == OBJECT_KEYS for item in objects), "an object has other keys than id and bbox")
    ids, boxes = [item["id"] for item in objects], [item["bbox"] for item in objects]
    _check_ids(ids, "an object id is not like `red_cube.1`")
    _require(len(set(ids)) == len(ids), "two objects share an id")
    _check_boxes(boxes)
    _check_relationships(relationships)
    things = [Thing(name, _floats(box)) for name, box in zip(ids, boxes, strict=True)]
    triples = [Triple(item["subject"], item["predicate"], item["object"]) for item in relationships]
    return Response(blocks["answer"], things, triples, "objects" in scene)


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


def _dicts(scene: dict[str, Any], key: str) -> list[dict[str, Any]]:
    value = scene.get(key, [])
    _require(isinstance(value, list), f"`{key}` is not a list")
    _require(_types(value) <= {dict}, f"`{key}` holds something other than JSON objects")
    return value


def _floats(box: list[float]) -> Box:
    x1, y1, x2, y2 = map(_float, box)
    return x1, y1, x2, y2


def _float(value: float) -> float:
    try:
        return float(value)
    # An integer of 309 digits passes the format.
    except OverflowError:
        return math.inf if value > 0 else -math.inf


def _check_boxes(boxes: list[Any]) -> None:
    _require(_types(boxes) <= {list} and set(map(len, boxes)) <= {4}, "a bbox is not a list of four")
    _require(_types(chain.from_iterable(boxes)) <= {int, float, bool}, "a bbox holds something other than numbers")


def _check_relationships(relationships: list[dict[str, Any]]) -> None:
    ends = [item.get(key) for key in ("subject", "object") for item in relationships]
    predicates = [item.get("predicate") for item in relationships]
    _require(_types(chain(ends, predicates)) <= {str}, "a relation lacks subject, predicate or object")
    _check_ids(ends, "a relation's subject or object is not like `red_cube.1`")


def _check_ids(values: list[Any], reason: str) -> None:
    _require(_types(values) <= {str} and are_object_ids(values), reason)


def _types(values: Iterable[Any]) -> set[type]:
    return set(map(type, values))


def _require(condition: bool, reason: str) -> None:
    if not condition:
        raise _BadText(reason)
