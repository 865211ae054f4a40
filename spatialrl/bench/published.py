"""SpatialThinker's reward the way it was published: text by text, pair by pair, in plain Python. It is what
`spatialrl bench suite=rewards` measures ours against, and it gives the same numbers.

What the original computes and does not use is computed here too: the matching of relations changes no score.
"""

import json
import math
import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import numpy as np
from scipy.optimize import linear_sum_assignment

TAGS = ("observe", "think", "scene", "answer")
OBJECT_ID = re.compile(r"[a-zA-Z_]+\.\d+")
ENDS = ("subject", "predicate", "object")
EPS = 1e-7
PADDING = 1e5

Box = Sequence[float]
Scene = dict[str, Any]
Thing = tuple[str, Box]


def published_parts(text: str, truth: str, problem: str) -> dict[str, float]:
    """Format, count, accuracy and spatial_score. `truth` is a response that is right, `problem` names the image size."""
    width, height = image_size(problem)
    if not is_well_formed(text):
        return {"format": 0.0, "count": 0.0, "accuracy": 0.0, "spatial_score": 0.0}
    scene, true_scene = scene_in(text), scene_in(truth)
    is_right = answer_in(text).strip().lower() == answer_in(truth).strip().lower()
    spatial = spatial_part(scene, true_scene, width, height) if is_right else 0.0
    count = count_part(scene, true_scene)
    return {"format": 1.0, "count": count, "accuracy": float(is_right), "spatial_score": spatial}


def published_reward(parts: dict[str, float]) -> float:
    return 0.1 * parts["format"] + 0.2 * parts["count"] + 0.5 * parts["accuracy"] + 0.2 * parts["spatial_score"]


def image_size(problem: str) -> tuple[int, int]:
    found = re.search(r"Image size: \((.*?) x (.*?)\)", problem)
    if found is None:
        raise ValueError("the problem names no image size")
    return int(found[1]), int(found[2])


def answer_in(text: str) -> str:
    found = re.search(r"<answer>(.*?)</answer>", text, re.DOTALL)
    return found[1].strip() if found else ""


def scene_in(text: str) -> Scene:
    found = re.search(r"<scene>(.*?)</scene>", text, re.DOTALL)
    try:
        scene = json.loads(found[1].strip()) if found else {}
    except ValueError:
        return {}
    return scene if isinstance(scene, dict) else {}


def is_well_formed(text: str) -> bool:
    for tag in TAGS:
        if not re.search(rf"<{tag}>(.*?)</{tag}>", text, re.DOTALL) or text.count(f"<{tag}>") != 1:
            return False
    scene = scene_in(text)
    things, relations = scene.get("objects", []), scene.get("relationships", [])
    if not scene or not isinstance(things, list) or not isinstance(relations, list):
        return False
    if not all(map(is_object, things)) or not all(map(is_relation, relations)):
        return False
    names = [thing["id"] for thing in things]
    return len(names) == len(set(names))


def is_object(item: Any) -> bool:
    if not isinstance(item, dict) or set(item) != {"id", "bbox"}:
        return False
    if not isinstance(item["id"], str) or not OBJECT_ID.fullmatch(item["id"]):
        return False
    box = item["bbox"]
    return isinstance(box, list) and len(box) == 4 and all(isinstance(side, int | float) for side in box)


def is_relation(item: Any) -> bool:
    if not isinstance(item, dict) or not all(isinstance(item.get(end), str) for end in ENDS):
        return False
    return all(OBJECT_ID.fullmatch(item[end]) for end in ("subject", "object"))


def count_part(scene: Scene, truth: Scene) -> float:
    things, true_things = scene.get("objects"), truth.get("objects")
    if not isinstance(things, list) or not isinstance(true_things, list):
        return 0.0
    objects = max(0.0, 1 - abs(len(things) - len(true_things)) / max(len(true_things), 1))
    relations, true_relations = scene.get("relationships", []), truth.get("relationships", [])
    if not true_relations:
        return objects
    related = max(0.0, 1 - abs(len(relations) - len(true_relations)) / max(len(true_relations), 1))
    return 0.7 * objects + 0.3 * related


def spatial_part(scene: Scene, truth: Scene, width: int, height: int) -> float:
    things, relations = scene.get("objects") or [], scene.get("relationships") or []
    true_things, true_relations = truth.get("objects") or [], truth.get("relationships") or []
    if not all(map(is_object, things)) or not all(map(is_relation, relations)):
        return 0.0
    guesses = [(plain(item["id"]), scaled(item["bbox"], width, height)) for item in things]
    truths = [(plain(item["id"]), scaled(item["bbox"], width, height)) for item in true_things]
    if true_relations:
        match_relations(relations, true_relations)
    if not truths:
        return 1.0 if true_relations or not guesses else 0.0
    pairs = match_objects(tuple(truths), tuple(guesses))
    return sum(mapped_ciou(truths[j][1], guesses[i][1]) for i, j in pairs) / len(truths)


def plain(name: str) -> str:
    return name.lower().replace("_", " ").replace("-", " ").strip()


def scaled(box: Box, width: int, height: int) -> Box:
    return box[0] / width, box[1] / height, box[2] / width, box[3] / height


@lru_cache(maxsize=4096)
def match_objects(truths: tuple[Thing, ...], guesses: tuple[Thing, ...]) -> list[tuple[int, int]]:
    return assigned([[object_cost(truth, guess) for truth in truths] for guess in guesses], len(truths))


def object_cost(truth: Thing, guess: Thing) -> float:
    return 2.0 * (1 - likeness(truth[0], guess[0])) + 1.0 * (1 - mapped_ciou(truth[1], guess[1]))


def match_relations(relations: list[dict[str, str]], truths: list[dict[str, str]]) -> list[tuple[int, int]]:
    costs = [[1 - relation_likeness(truth, guess) for truth in truths] for guess in relations]
    return assigned(costs, len(truths))


def relation_likeness(truth: dict[str, str], guess: dict[str, str]) -> float:
    subjects = likeness(plain(truth["subject"]), plain(guess["subject"]))
    objects = likeness(plain(truth["object"]), plain(guess["object"]))
    return 0.3 * subjects + 0.3 * objects + 0.4 * likeness(plain(truth["predicate"]), plain(guess["predicate"]))


def likeness(a: str, b: str) -> float:
    """The measure `exact`: 1 where what stands before the first dot is the same."""
    return 1.0 if a.split(".")[0] == b.split(".")[0] else 0.0


def assigned(costs: list[list[float]], num_truths: int) -> list[tuple[int, int]]:
    """Rows are guesses; rows of padding stand for guesses that are not there."""
    num_guesses = len(costs)
    table = np.array(costs + [[PADDING] * num_truths for _ in range(num_truths - num_guesses)])
    rows, columns = linear_sum_assignment(table)
    return [(int(i), int(j)) for i, j in zip(rows, columns, strict=True) if i < num_guesses]


def mapped_ciou(a: Box, b: Box) -> float:
    across = max(0.0, min(a[2], b[2]) - max(a[0], b[0]))
    down = max(0.0, min(a[3], b[3]) - max(a[1], b[1]))
    overlap = across * down
    area, other_area = (a[2] - a[0]) * (a[3] - a[1]), (b[2] - b[0]) * (b[3] - b[1])
    iou = overlap / (area + other_area - overlap + EPS)
    distance = ((a[0] + a[2]) / 2 - (b[0] + b[2]) / 2) ** 2 + ((a[1] + a[3]) / 2 - (b[1] + b[3]) / 2) ** 2
    width, height = max(a[2], b[2]) - min(a[0], b[0]), max(a[3], b[3]) - min(a[1], b[1])
    angle, other_angle = (math.atan((box[2] - box[0]) / (box[3] - box[1] + EPS)) for box in (a, b))
    aspect = 4 / math.pi**2 * (other_angle - angle) ** 2
    weight = aspect / (1 - iou + aspect) if 1 - iou + aspect else 0.0
    return (iou - (distance / (width**2 + height**2 + EPS) + weight * aspect) + 1) / 2
