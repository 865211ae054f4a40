"""Made-up answers for the measurements: tasks with a known scene, and responses that describe it a little off."""

import json
import random
from dataclasses import dataclass

from spatialrl.types import Box, Completion, Media, Relation, SceneGraph, SceneObject, Task

NAMES = [
    "person",
    "car",
    "chair",
    "bottle",
    "cup",
    "book",
    "bicycle",
    "dog",
    "traffic_light",
    "potted_plant",
    "dining_table",
    "cell_phone",
]
PREDICATES = ("left of", "right of", "above", "below", "behind", "in front of", "on", "near")
OPTIONS = ("left", "right", "above", "below")
WIDTH, HEIGHT = 640, 480
NOISE = 0.1
"""Standard deviation of a coordinate, as a share of the box."""
OBSERVATION = "Several things stand in this room, some of them near the window and some of them on the floor. " * 2
THOUGHT = "The first object lies further to the one side than the second, as its box shows, so one option is left. " * 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """One answer, in the forms that both sides of a comparison read."""

    task: Task
    completion: Completion
    truth: str
    """The response that is right in every part."""
    problem: str
    """The question as the published system has it, with the image size in its text."""


def scene_samples(
    num_samples: int, *, per_task: int, num_objects: int, num_relations: int, right_share: float, seed: int = 0
) -> list[Sample]:
    """Well-formed responses, `per_task` to each task; `right_share` of them with the right answer."""
    dice = random.Random(seed)
    tasks = [_task(dice, number, num_objects, num_relations) for number in range(-(-num_samples // per_task))]
    return [
        _sample(dice, tasks[number // per_task], is_right=dice.random() < right_share) for number in range(num_samples)
    ]


def _task(dice: random.Random, number: int, num_objects: int, num_relations: int) -> Task:
    return Task(
        id=f"task-{number}",
        question="Where is the first object, seen from the second?",
        media=(Media(kind="image", path="image.png", width=WIDTH, height=HEIGHT),),
        options=OPTIONS,
        answer=dice.choice("ABCD"),
        answer_kind="choice",
        scene=_scene(dice, num_objects, num_relations),
    )


def _sample(dice: random.Random, task: Task, *, is_right: bool) -> Sample:
    assert task.scene is not None
    right = f"({task.answer}) {task.answer_text}"
    wrong = dice.choice([option for option in task.lettered_options if option != right])
    text = response_text(_seen(dice, task.scene), right if is_right else wrong)
    return Sample(
        task=task,
        completion=Completion(prompt_ids=(), token_ids=(), text=text),
        truth=response_text(task.scene, right),
        problem=f"{task.question} Image size: ({WIDTH} x {HEIGHT})",
    )


def response_text(scene: SceneGraph, answer: str) -> str:
    written = {
        "objects": [{"id": thing.id, "bbox": list(thing.bbox)} for thing in scene.objects],
        "relationships": [
            {"subject": each.subject, "predicate": each.predicate, "object": each.object}
            for each in scene.relationships
        ],
    }
    return (
        f"<observe>\n{OBSERVATION}\n</observe>\n<scene>\n{json.dumps(written)}\n</scene>\n"
        f"<think>\n{THOUGHT}\n</think>\n<answer>\n{answer}\n</answer>"
    )


def _scene(dice: random.Random, num_objects: int, num_relations: int) -> SceneGraph:
    numbers: dict[str, int] = {}
    ids = []
    for name in dice.choices(NAMES, k=num_objects):
        numbers[name] = numbers.get(name, 0) + 1
        ids.append(f"{name}.{numbers[name]}")
    return SceneGraph(
        objects=tuple(SceneObject(id=name, bbox=_box(dice)) for name in ids),
        relationships=tuple(_relation(dice, ids) for _ in range(num_relations)),
    )


def _box(dice: random.Random) -> Box:
    width, height = dice.randint(20, WIDTH // 2), dice.randint(20, HEIGHT // 2)
    left, top = dice.randint(0, WIDTH - width), dice.randint(0, HEIGHT - height)
    return left, top, left + width, top + height


def _relation(dice: random.Random, ids: list[str]) -> Relation:
    subject, thing = dice.sample(ids, 2)
    return Relation(subject=subject, predicate=dice.choice(PREDICATES), object=thing)


def _seen(dice: random.Random, truth: SceneGraph) -> SceneGraph:
    """The same objects in another order, with boxes a little off."""
    objects = [SceneObject(id=thing.id, bbox=_moved(dice, thing.bbox)) for thing in truth.objects]
    dice.shuffle(objects)
    return SceneGraph(objects=tuple(objects), relationships=truth.relationships)


def _moved(dice: random.Random, box: Box) -> Box:
    left, top, right, bottom = box
    width, height = NOISE * (right - left), NOISE * (bottom - top)
    x1, x2 = sorted((round(dice.gauss(left, width)), round(dice.gauss(right, width))))
    y1, y2 = sorted((round(dice.gauss(top, height)), round(dice.gauss(bottom, height))))
    return x1, y1, x2, y2
