"""Scene graphs as sources write them: `{"id": "man.1", "bbox": [x1, y1, x2, y2]}` as in SpatialThinker's, or Visual
Genome's own `{"object_id", "names", "x", "y", "w", "h"}`; lists, or JSON as text. What of a graph is of no use is left
out; a graph without anything is a `BadRow`.
"""

import json
import math
import re
from collections import Counter
from collections.abc import Mapping
from typing import Any

from spatialrl.data.importers.bad_row import BadRow
from spatialrl.generators.scene_graph_qa.graph import Graph, Thing, overlap
from spatialrl.types import Box, Relation

IMAGE_FIELDS = ("image", "images", "image_path", "file_name", "img")
OBJECT_FIELDS = ("objects", "boxes")
RELATION_FIELDS = ("relationships", "relations")
NUMBERED = re.compile(r"(.+?)[._ ]\d+")
LEAST_SIDE = 4
"""Pixels of an object's box."""
SAME_BOX = 0.9
"""IoU from which two objects of one name are taken for one that was annotated twice."""
MAX_THINGS = 200
MAX_RELATIONS = 400


def image_value(row: Mapping[str, Any]) -> Any:
    """What stands for the picture; an id alone is the name of a JPEG."""
    for name in IMAGE_FIELDS:
        value = row.get(name)
        if isinstance(value, list) and value:
            value = value[0]
        if value:
            return value
    if row.get("image_id") is not None:
        return f"{row['image_id']}.jpg"
    raise BadRow("fields", f"It names no picture; one of {', '.join(IMAGE_FIELDS)} or image_id is expected.")


def read_graph(row: Mapping[str, Any], *, width: int, height: int) -> Graph:
    names: Counter[str] = Counter()
    things: list[Thing] = []
    renamed: dict[str, str] = {}
    for item in _items(row, OBJECT_FIELDS, required=True)[:MAX_THINGS]:
        thing = _thing(item, names, width, height)
        if thing is None:
            continue
        same = next((t for t in things if t.name == thing.name and overlap(t.box, thing.box) >= SAME_BOX), None)
        renamed[_id_of(item)] = (same or thing).id
        # Relationships may still name an annotation that Visual Genome has merged into this one.
        for merged in item.get("merged_object_ids") or ():
            renamed.setdefault(str(merged), (same or thing).id)
        if same is None:
            names[thing.name] += 1
            things.append(thing)
    if not things:
        raise BadRow("scene", "Its scene graph has no object with a name and a box inside the picture.")
    relations = [_relation(item, renamed) for item in _items(row, RELATION_FIELDS, required=False)[:MAX_RELATIONS]]
    kept = dict.fromkeys(relation for relation in relations if relation and relation.subject != relation.object)
    return Graph(width=width, height=height, things=tuple(things), relations=tuple(kept))


def _items(row: Mapping[str, Any], fields: tuple[str, ...], *, required: bool) -> list[Mapping[str, Any]]:
    name = next((name for name in fields if row.get(name) is not None), None)
    if name is None:
        if required:
            raise BadRow("fields", f"It has no {' or '.join(fields)}.")
        return []
    value = row[name]
    try:
        value = json.loads(value) if isinstance(value, str) else value
    except (ValueError, RecursionError) as error:
        raise BadRow("scene", f"Its {name} are no JSON: {error}.") from error
    if not isinstance(value, list | tuple):
        raise BadRow("scene", f"Its {name} are {type(value).__name__} where a list is expected.")
    return [item for item in value if isinstance(item, Mapping)]


def _id_of(item: Mapping[str, Any]) -> str:
    return str(item.get("id", item.get("object_id", "")))


def _thing(item: Mapping[str, Any], names: Counter[str], width: int, height: int) -> Thing | None:
    name, box = _name(item), _box(item, width, height)
    if not name or box is None:
        return None
    depth = item.get("depth", item.get("depth_m"))
    is_known = isinstance(depth, int | float) and math.isfinite(depth) and depth > 0
    return Thing(
        id=f"{name.replace(' ', '_')}.{names[name] + 1}", name=name, box=box, depth_m=float(depth) if is_known else None
    )


def _name(item: Mapping[str, Any]) -> str:
    """In lower case, its words apart."""
    names = item.get("names") or [item.get("name") or item.get("label") or ""]
    text = str(names[0]) if isinstance(names, list) and names else ""
    if not text and (numbered := NUMBERED.fullmatch(_id_of(item))):
        text = numbered[1]
    return " ".join(re.findall(r"[^\W\d_]+", text.lower()))


def _box(item: Mapping[str, Any], width: int, height: int) -> Box | None:
    """Inside the picture; None where nothing of it is, or too little."""
    corners = item.get("bbox", item.get("box"))
    if corners is None and all(isinstance(item.get(key), int | float) for key in "xywh"):
        corners = [item["x"], item["y"], item["x"] + item["w"], item["y"] + item["h"]]
    if not isinstance(corners, list | tuple) or len(corners) != 4:
        return None
    if not all(isinstance(value, int | float) and math.isfinite(value) for value in corners):
        return None
    x1, x2 = (min(float(width), max(0.0, float(corners[i]))) for i in (0, 2))
    y1, y2 = (min(float(height), max(0.0, float(corners[i]))) for i in (1, 3))
    return (x1, y1, x2, y2) if x2 - x1 >= LEAST_SIDE and y2 - y1 >= LEAST_SIDE else None


def _relation(item: Mapping[str, Any], renamed: Mapping[str, str]) -> Relation | None:
    ends = (item.get("subject", item.get("subject_id")), item.get("object", item.get("object_id")))
    subject, thing = (renamed.get(_id_of(end) if isinstance(end, Mapping) else str(end)) for end in ends)
    predicate = " ".join(str(item.get("predicate") or "").lower().split())
    if subject is None or thing is None or not predicate:
        return None
    return Relation(subject=subject, predicate=predicate, object=thing)
