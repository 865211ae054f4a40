"""Two honest policies. The one sees everything and writes it down; the other sees it with noise: every edge of a box,
every coordinate and every measured number is off by up to a tenth, of the size of its thing or of its own value. Choices,
counts and texts stay right.
"""

import json
import math
from collections.abc import Callable

from spatialrl.bench.integrity.chain import Stage, write_chain
from spatialrl.bench.integrity.item import Item
from spatialrl.bench.integrity.styles import THOUGHT, write
from spatialrl.dice import Dice
from spatialrl.rewards.parse.coordinates import Groups, coordinates
from spatialrl.types import Box, MapCell, SceneGraph, SceneObject, Vector

NOISE = 0.1
TURN_DEGREES = 9.0
"""A tenth of a quarter turn."""
LAST_CELL = 9


class Exact:
    """Sees what is there."""

    def share(self) -> float:
        """Of a size, by which something is seen too far to one side."""
        return 0.0


class Blurred(Exact):
    def __init__(self, dice: Dice) -> None:
        self._dice = dice

    def share(self) -> float:
        return self._dice.uniform(-NOISE, NOISE, decimals=6)


def honest(item: Item, style: str) -> str:
    return _response(item, style, Exact())


def noisy(item: Item, style: str) -> str:
    return _response(item, style, Blurred(Dice("noise", item.task.id)))


def _response(item: Item, style: str, eyes: Exact) -> str:
    task = item.task
    return write(
        style,
        task,
        answer=ANSWERS.get(task.family, _as_it_is)(item, eyes),
        scene=scene_json(_seen_scene(task.scene, eyes)) if task.scene else "",
        map=map_json(tuple(_seen_cell(cell, eyes) for cell in task.cognitive_map)),
        thought=write_chain(task.family, item.things, _seen_stage(item.stage, eyes)) if item.stage else THOUGHT,
    )


def scene_json(scene: SceneGraph) -> str:
    objects = [{"id": thing.id, "bbox": [round(side, 1) for side in thing.bbox]} for thing in scene.objects]
    relationships = [
        {"subject": each.subject, "predicate": each.predicate, "object": each.object} for each in scene.relationships
    ]
    return json.dumps({"objects": objects, "relationships": relationships})


def map_json(cells: tuple[MapCell, ...]) -> str:
    places: dict[str, list[list[int]]] = {}
    for cell in cells:
        places.setdefault(cell.label, []).append([cell.column, cell.row])
    return json.dumps(places)


def _seen_scene(scene: SceneGraph, eyes: Exact) -> SceneGraph:
    objects = tuple(SceneObject(id=thing.id, bbox=_seen_box(thing.bbox, eyes)) for thing in scene.objects)
    return SceneGraph(objects=objects, relationships=scene.relationships)


def _seen_box(box: Box, eyes: Exact) -> Box:
    width, height = box[2] - box[0], box[3] - box[1]
    x1, y1, x2, y2 = (
        side + eyes.share() * size for side, size in zip(box, (width, height, width, height), strict=True)
    )
    return x1, y1, x2, y2


def _seen_cell(cell: MapCell, eyes: Exact) -> MapCell:
    column, row = (min(LAST_CELL, round(place * (1 + eyes.share()))) for place in (cell.column, cell.row))
    return MapCell(label=cell.label, column=column, row=row)


def _seen_stage(true: Stage, eyes: Exact) -> Stage:
    return Stage(
        places={name: _seen_place(place, eyes) for name, place in true.places.items()},
        fronts={name: _seen_front(front, eyes) for name, front in true.fronts.items()},
    )


def _seen_place(place: Vector, eyes: Exact) -> Vector:
    x, y, z = place
    return x * (1 + eyes.share()), y * (1 + eyes.share()), z * (1 + eyes.share())


def _seen_front(front: Vector, eyes: Exact) -> Vector:
    yaw = math.atan2(front[0], front[2]) + math.radians(TURN_DEGREES) * eyes.share() / NOISE
    return math.sin(yaw), 0.0, math.cos(yaw)


def _as_it_is(item: Item, eyes: Exact) -> str:
    return item.truth


def _measured(item: Item, eyes: Exact) -> str:
    return f"{float(item.truth) * (1 + eyes.share()):.4g}"


def _turned(item: Item, eyes: Exact) -> str:
    return f"{(float(item.truth) + TURN_DEGREES * eyes.share() / NOISE) % 360:.1f}"


def _box(item: Item, eyes: Exact) -> str:
    x1, y1, x2, y2 = _groups(item.truth)[0]
    return json.dumps([round(side, 1) for side in _seen_box((x1, y1, x2, y2), eyes)])


def _points(item: Item, eyes: Exact) -> str:
    """Each is off by a tenth of the thing whose middle it is."""
    objects = item.task.scene.objects if item.task.scene else ()
    points = []
    for x, y in _groups(item.truth):
        box = min((thing.bbox for thing in objects), key=lambda box: math.dist(_middle(box), (x, y)))
        points.append([round(x + eyes.share() * (box[2] - box[0]), 1), round(y + eyes.share() * (box[3] - box[1]), 1)])
    return json.dumps(points)


def _middle(box: Box) -> tuple[float, float]:
    return (box[0] + box[2]) / 2, (box[1] + box[3]) / 2


def _groups(text: str) -> Groups:
    groups = coordinates(text)
    assert isinstance(groups, tuple), text
    return groups


ANSWERS: dict[str, Callable[[Item, Exact], str]] = {
    "distance": _measured,
    "size": _measured,
    "regression": _measured,
    "direction": _turned,
    "box": _box,
    "point": _points,
    "path": _points,
}
"""By family, where the answer itself is what is seen."""
