"""A task in the mirror: its media with left and right exchanged, its words and its truth with them. There is none where
geometry doesn't say what the answer becomes: for what is read (text, digits, markers), for angles and coordinates, for
free text that names no side.
"""

import math
import re
from collections.abc import Iterable
from dataclasses import replace

from spatialrl.contrasts.sides import exchanged, names_side
from spatialrl.rewards.consistency import are_twins
from spatialrl.types import LETTERS, MapCell, Object3D, Relation, SceneGraph, Task

UNTURNABLE = re.compile(
    r"\b(?:reads?|reading|written|writing|writes?|spell\w*|says?|text|words?|letters?|digits?|what time|o'clock|titles?"
    r"|captions?|brands?|labels?|labell?ed|numbered|marked|markers?|coordinates?|pixels?|angles?|degrees?|bearing)\b",
    re.IGNORECASE,
)
ANGLES = ("deg", "rad", "°")
"""Beginnings of units."""
KINDS = ("choice", "number", "text")
MAP_COLUMNS = 10


def mirrored(task: Task) -> Task | None:
    if not task.media or task.answer_kind not in KINDS or UNTURNABLE.search(task.question):
        return None
    if task.unit.lower().startswith(ANGLES):
        return None
    words, scene = mirrored_words(task), mirrored_scene(task)
    if words is None or (scene is None and task.scene is not None) or names_a_side_by_name(task):
        return None
    question, options, answer = words
    twin = replace(
        task,
        id=f"{task.id}/mirrored",
        question=question,
        media=tuple(replace(medium, mirrored=not medium.mirrored) for medium in task.media),
        options=options,
        answer=answer,
        demonstration="",
        twin="",
        scene=scene,
        objects_3d=tuple(map(mirrored_object, task.objects_3d)),
        cognitive_map=tuple(map(mirrored_cell, task.cognitive_map)),
    )
    assert are_twins(task, twin, "mirrored"), (task, twin)
    return twin


def mirrored_words(task: Task) -> tuple[str, tuple[str, ...], str] | None:
    """Question, options and answer. Options that are the same set in the mirror stay, and the letter changes; others
    change in their places, and the letter stays."""
    question, answer = exchanged(task.question), exchanged(task.answer_text)
    options = all_exchanged(task.options)
    if question is None or answer is None or options is None:
        return None
    if task.answer_kind != "choice":
        is_known = task.answer_kind == "number" or answer != task.answer or answer.strip().lower() in ("yes", "no")
        return (question, options, answer) if is_known else None
    if set(options) == set(task.options):
        return question, task.options, LETTERS[task.options.index(answer)]
    return question, options, task.answer


def mirrored_scene(task: Task) -> SceneGraph | None:
    """None where there is none, or where its boxes or relations can't be turned."""
    scene, width = task.scene, box_width(task)
    if scene is None or width is None:
        return None
    predicates = all_exchanged(relation.predicate for relation in scene.relationships)
    if predicates is None:
        return None
    pairs = zip(scene.relationships, predicates, strict=True)
    return SceneGraph(
        objects=tuple(replace(item, bbox=mirrored_box(item.bbox, width)) for item in scene.objects),
        relationships=tuple(Relation(subject=r.subject, predicate=p, object=r.object) for r, p in pairs),
        frame=scene.frame,
    )


def box_width(task: Task) -> int | None:
    """Of the frame boxes are measured in; resized pixels depend on the model that sees them."""
    if task.scene is None or task.scene.frame == "resized_pixels":
        return None
    return 1000 if task.scene.frame == "thousandths" else task.media[0].width


def mirrored_box(box: tuple[float, float, float, float], width: int) -> tuple[float, float, float, float]:
    x1, y1, x2, y2 = box
    return width - x2, y1, width - x1, y2


def mirrored_object(item: Object3D) -> Object3D:
    """The world is mirrored at its plane x = 0, and the camera with it."""
    (wx, wy, wz), (cx, cy, cz) = item.centre_world, item.centre_camera
    return replace(
        item,
        centre_world=(-wx, wy, wz),
        centre_camera=(-cx, cy, cz),
        yaw_world=math.remainder(math.pi - item.yaw_world, 2 * math.pi),
        yaw_camera=-item.yaw_camera,
    )


def mirrored_cell(cell: MapCell) -> MapCell:
    return replace(cell, column=MAP_COLUMNS - 1 - cell.column)


def names_a_side_by_name(task: Task) -> bool:
    """Whether a thing is called after its side, as `left_door.1`: in the mirror it would bear the wrong name."""
    objects = task.scene.objects if task.scene else ()
    names = [item.id for item in (*objects, *task.objects_3d)] + [cell.label for cell in task.cognitive_map]
    return any(map(names_side, names))


def all_exchanged(texts: Iterable[str]) -> tuple[str, ...] | None:
    turned = [exchanged(text) for text in texts]
    known = tuple(text for text in turned if text is not None)
    return known if len(known) == len(turned) else None
