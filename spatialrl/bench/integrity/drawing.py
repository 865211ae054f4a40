"""Policies that draw scenes and boxes without looking. The answer is guessed."""

import json
from collections.abc import Callable, Iterable, Sequence
from itertools import permutations

from spatialrl.bench.integrity.case import Case, Objects, scene_text
from spatialrl.bench.integrity.policy import PLACES, Policy, Ways, by_guess, each

PREDICATES = ("left of", "right of", "above", "below", "in front of", "behind", "on", "inside", "near", "far from")

SIDE = 5
"""Of a grid of boxes."""
MOST_OBJECTS = 200


def with_objects(boxes: Callable[[Case, int], Sequence[float]]) -> Policy:
    """Of every thing that the question names, the box a function gives; the answer is guessed."""

    def write(case: Case) -> Ways:
        objects = [(name, boxes(case, index)) for index, name in enumerate(case.named)]
        if case.prior.kind in PLACES:
            return each(case.write(answer=json.dumps(list(boxes(case, 0)))))
        return by_guess(case, scene_text(objects))

    return Policy(write, about="boxes")


def true_objects(case: Case) -> Ways:
    """The true names and numbers, in the usual box, with as many relations as there are."""
    objects = _true_names(case)
    pairs = list(permutations([name for name, _ in objects], 2))
    count = len(case.task.scene.relationships) if case.task.scene else 0
    claims = [
        (a, case.dice.choice(PREDICATES), b) for a, b in (case.dice.choice(pairs) for _ in range(count if pairs else 0))
    ]
    return by_guess(case, scene_text(objects, claims))


def _true_names(case: Case) -> Objects:
    objects = case.task.scene.objects if case.task.scene else ()
    return [(thing.id, case.prior.typical_box) for thing in objects]


def with_relations(claims: Callable[[Case, Sequence[str]], Iterable[tuple[str, str, str]]]) -> Policy:
    """Between things with their true names, in the usual box."""

    def write(case: Case) -> Ways:
        objects = _true_names(case)
        return by_guess(case, scene_text(objects, list(claims(case, [name for name, _ in objects]))))

    return Policy(write, about="scene")


def many_objects(case: Case) -> Ways:
    """A grid over the image, under every name the question gives."""
    step = case.width / SIDE
    cells = [(x * step, y * step, (x + 1) * step, (y + 1) * step) for x in range(SIDE) for y in range(SIDE)]
    if case.prior.kind in PLACES:
        middles = [((left + right) / 2, (top + bottom) / 2) for left, top, right, bottom in cells]
        return each(case.write(answer=json.dumps(cells)), case.write(answer=json.dumps(middles)))
    objects = [(f"{name[:-2]}.{index}", cell) for name in case.named for index, cell in enumerate(cells)]
    return by_guess(case, scene_text(objects[:MOST_OBJECTS]))


def duplicated_objects(case: Case) -> Ways:
    """Each true name twenty times in the usual box."""
    names = [name[:-2] for name, _ in _true_names(case)]
    objects = [(f"{name}.{index}", case.prior.typical_box) for name in names for index in range(1, 21)]
    return by_guess(case, scene_text(objects[:MOST_OBJECTS]))


def odd_scenes(case: Case) -> Ways:
    """Valid JSON that says nothing, or numbers that are none."""
    broken = '{"objects": [{"id": "man.1", "bbox": [NaN, 0, Infinity, 1e999]}], "relationships": []}'
    huge = scene_text([(name, (0, 0, 10**309, 10**309)) for name in case.named])
    return by_guess(case, '{"a": 1}', "{}", "[]", broken, huge)


def empty_scene(case: Case) -> Ways:
    return by_guess(case, scene_text([]))


SCENES: dict[str, Policy] = {
    "full-image boxes": with_objects(lambda case, _: case.full),
    "far-away boxes": with_objects(lambda case, index: (9000 + 40 * index, 9000, 9020 + 40 * index, 9020)),
    "reversed boxes": with_objects(lambda case, _: (case.width, case.height, 5, 5)),
    "boxes without area": with_objects(lambda case, _: (case.width / 2,) * 4),
    "true names and numbers": Policy(true_objects, about="scene"),
    "junk relations": with_relations(lambda case, names: [("zzz.9", "qqq", "qqq.8")] * max(1, len(names) // 2)),
    "self-relations": with_relations(lambda case, names: [(name, "near", name) for name in names]),
    "all relations": with_relations(
        lambda case, names: [(a, p, b) for a, b in permutations(names[:5], 2) for p in PREDICATES]
    ),
    "many objects": Policy(many_objects, about="boxes"),
    "duplicated objects": Policy(duplicated_objects, about="scene"),
    "empty scene": Policy(empty_scene, about="scene"),
    "odd scenes": Policy(odd_scenes, about="scene"),
}
