"""What an honest model writes: the right answer to a task, in each of the forms that the rewards ask for."""

import json
from dataclasses import asdict, replace
from random import Random

from spatialrl.rewards.spatialreasoner_compat import REQUIRED
from spatialrl.types import Box, MapCell, SceneGraph, Task
from tests.property.chain_of_thought import chain_of_thought

NOISE = 0.1
"""Of a box's side, by which each of its ends may be off."""
NUM_FORMS, NUM_WAYS = 7, 6
"""Forms of a response, ways to say the answer."""
EMPTY_SCENE = SceneGraph(objects=(), relationships=())


def honest_text(task: Task, *, form: int = 0, way: int = 0, seed: int = 0) -> str:
    """Exact where the seed is 0, else as somebody writes it who does not see exactly and thinks aloud."""
    seen = with_noise(task, seed) if seed else task
    answer, thought = ways_to_say(task)[way], _thought(task) + (f" I looked {seed} times." if seed else "")
    scene, drawn = seen.scene or EMPTY_SCENE, map_json(seen.cognitive_map)
    forms = (
        scene_text(scene, answer, thought=thought),
        f"<think>{thought}</think>\n<answer>{answer}</answer>",
        f"<think>{thought}</think>\n<map>{drawn}</map>\n<answer>{answer}</answer>",
        f"<think>{thought}\n<map>{drawn}</map></think>\n<answer>{answer}</answer>",
        f"<think>{thought}</think> So it is \\boxed{{{answer}}}.",
        f"```json\n{scene_json(scene)}\n```\nThe answer is <answer>{answer}</answer>",
        f"The answer is {answer}.",
    )
    return forms[form]


def scene_json(scene: SceneGraph) -> str:
    objects = [{"id": thing.id, "bbox": thing.bbox} for thing in scene.objects]
    relations = [asdict(each) for each in scene.relationships]
    return json.dumps({"objects": objects, "relationships": relations})


def ways_to_say(task: Task) -> tuple[str, ...]:
    answer = answer_of(task)
    bare = task.answer_text if task.names_an_option else task.answer
    return answer, task.answer, f"({task.answer})", bare, f"\\text{{{answer}}}", f"**{answer}**."


def with_noise(task: Task, seed: int) -> Task:
    rng = Random(seed)
    scene = task.scene and replace(
        task.scene, objects=tuple(replace(thing, bbox=_moved(thing.bbox, rng)) for thing in task.scene.objects)
    )
    cells = tuple(
        replace(cell, column=max(0, cell.column - rng.randrange(2)), row=min(9, cell.row + rng.randrange(2)))
        for cell in task.cognitive_map
    )
    return replace(task, scene=scene, cognitive_map=cells)


def _moved(box: Box, rng: Random) -> Box:
    x1, y1, x2, y2 = box
    across, down = NOISE * (x2 - x1), NOISE * (y2 - y1)
    dx1, dx2, dy1, dy2 = (rng.uniform(-side, side) for side in (across, across, down, down))
    return x1 + dx1, y1 + dy1, x2 + dx2, y2 + dy2


def scene_text(scene: SceneGraph, answer: str, *, thought: str = "I compare the boxes.") -> str:
    """SpatialThinker's four blocks."""
    observed = ", ".join(thing.id for thing in scene.objects) or "nothing"
    return (
        f"<observe>{observed}</observe>\n<scene>{scene_json(scene)}</scene>\n"
        f"<think>{thought}</think>\n<answer>{answer}</answer>"
    )


def answer_of(task: Task) -> str:
    """`(A) left` for a choice that has such an option, `3.5 m` for a number."""
    letters = {text[1]: text for text in task.lettered_options} if task.answer_kind == "choice" else {}
    return letters.get(task.answer) or f"{task.answer} {task.unit}".strip()


def map_json(cells: tuple[MapCell, ...]) -> str:
    places: dict[str, list[list[int]]] = {}
    for cell in cells:
        places.setdefault(cell.label, []).append([cell.column, cell.row])
    return json.dumps(places)


def _thought(task: Task) -> str:
    is_spatial = task.family in REQUIRED and task.objects_3d
    return chain_of_thought(task) if is_spatial else "First, I look at it. Then, I compare."
