"""Made-up answers in the format of each corrected preset: what `spatialrl bench suite=rewards` scores one by one. Texts are
about as long as those of a model of that system, and right in most places."""

import math
import random
from collections.abc import Callable, Sequence
from dataclasses import replace

from spatialrl.bench.responses import scene_samples
from spatialrl.types import Completion, MapCell, Object3D, Task

SENTENCE = "Looking at the whole room once more, this agrees with what was seen before. "
THINGS = ("sofa", "table", "lamp", "door", "plant", "shelf")
PER_TASK = 8

Pair = tuple[Task, Completion]


def _scene_answers(num_answers: int) -> list[Pair]:
    samples = scene_samples(num_answers, per_task=PER_TASK, num_objects=10, num_relations=5, right_share=1.0)
    return [(sample.task, sample.completion) for sample in samples]


def _map_answer(dice: random.Random, number: int) -> Pair:
    """A length in other units than the truth, and a map with one thing a cell off."""
    cells = tuple(
        MapCell(label=name, column=(3 * i + number) % 10, row=(7 * i + number // 3) % 10)
        for i, name in enumerate(THINGS)
    )
    metres = 1 + number % 40 / 10
    task = Task(
        id=f"m{number}",
        question="How far is the sofa from the table, in metres?",
        answer=f"{metres:.1f}",
        answer_kind="number",
        unit="m",
        cognitive_map=cells,
    )
    places = {cell.label: [[cell.column, cell.row]] for cell in cells}
    places["lamp"] = [[min(9, places["lamp"][0][0] + 1), places["lamp"][0][1]]]
    answer = f"about {100 * metres:.0f} cm" if dice.random() < 0.5 else f"{metres:.1f}"
    text = (
        f"<think>{SENTENCE * 8}</think>\n<map>{str(places).replace(chr(39), chr(34))}</map>\n<answer>{answer}</answer>"
    )
    return task, _completion(text)


def _boxed_answer(dice: random.Random, number: int) -> Pair:
    """An order of nine patches, or one of four options."""
    if number % 2:
        order = dice.sample(range(1, 10), 9)
        task = Task(id=f"s{number}", question="Which order?", answer=", ".join(map(str, order)), answer_kind="sequence")
        answer = "-".join(map(str, order))
    else:
        options = ("rotated by 90 degrees", "rotated by 180 degrees", "mirrored", "unchanged")
        task = Task(
            id=f"s{number}",
            question="What was done?",
            options=options,
            answer=dice.choice("ABCD"),
            answer_kind="choice",
        )
        answer = rf"\text{{({task.answer}) {task.answer_text}}}"
    return task, _completion(f"<think>{SENTENCE * 8}</think>\n\\boxed{{{answer}}}")


def _explicit_answer(dice: random.Random, number: int) -> Pair:
    """Two places, their vector, a cosine, and what follows."""
    right = dice.random() < 0.5
    places = {"cup": (0.5, 1.0, 2.0), "lamp": (-1.5 if right else 1.5, 0.2, 3.0)}
    task = Task(
        id=f"e{number}",
        question="Which is closer to the camera?",
        options=("the lamp", "the cup"),
        answer="B",
        answer_kind="choice",
        family="location_closer_to_camera",
        objects_3d=tuple(_thing(name, at) for name, at in places.items()),
    )
    stated = "".join(
        f"The 3D location of the {name} is ({x:.2f}, {y:.2f}, {z:.2f}). " for name, (x, y, z) in places.items()
    )
    distances = "".join(
        f"The distance from the {name} to the camera is {(x * x + y * y + z * z) ** 0.5:.2f}. "
        for name, (x, y, z) in places.items()
    )
    thought = f"{SENTENCE * 2}{stated}{SENTENCE}{distances}Therefore, the cup is closer to the camera. {SENTENCE * 2}"
    return task, _completion(f"<think>{thought}</think>\n<answer>(B) the cup</answer>")


def _thing(name: str, at: tuple[float, float, float]) -> Object3D:
    x, y, z = at
    return Object3D(
        id=f"red_{name}.1",
        category=name,
        colour="red",
        centre_world=(-x, z, y),
        centre_camera=(-x, 1.5 - y, z),
        size=(0.5, 0.5, 0.5),
        yaw_world=math.pi / 2,
        yaw_camera=0.0,
        visibility=1.0,
    )


def _completion(text: str) -> Completion:
    return Completion(prompt_ids=(), token_ids=(), text=text)


def _each(answer: Callable[[random.Random, int], Pair]) -> Callable[[int], list[Pair]]:
    """No two texts are the same."""

    def answers(num_answers: int) -> list[Pair]:
        dice = random.Random(0)
        made = [answer(dice, number) for number in range(-(-num_answers // PER_TASK))]
        return [_varied(*made[number // PER_TASK], number) for number in range(num_answers)]

    return answers


def _varied(task: Task, completion: Completion, number: int) -> Pair:
    return task, replace(completion, text=completion.text.replace("<think>", f"<think>Attempt {number}. ", 1))


ANSWERS: dict[str, Callable[[int], Sequence[Pair]]] = {
    "spatialthinker": _scene_answers,
    "spacer": _each(_map_answer),
    "ssrl": _each(_boxed_answer),
    "spatialreasoner": _each(_explicit_answer),
}
"""By the name of a preset in `configs/reward`."""
