"""What an honest model writes: the right answer to a task, in each of the forms that the rewards ask for."""

import json

from spatialrl.rewards.spatialreasoner_compat import REQUIRED
from spatialrl.scenes.demonstration import scene_json
from spatialrl.types import MapCell, SceneGraph, Task
from tests.property.chain_of_thought import chain_of_thought

EMPTY_SCENE = SceneGraph(objects=(), relationships=())


def honest_texts(task: Task) -> list[str]:
    """Not empty."""
    answer, thought = answer_of(task), _thought(task)
    drawn = map_json(task.cognitive_map)
    return [
        scene_text(task.scene or EMPTY_SCENE, answer, thought=thought),
        f"<think>{thought}</think>\n<answer>{answer}</answer>",
        f"<think>{thought}</think>\n<map>{drawn}</map>\n<answer>{answer}</answer>",
        f"<think>{thought}\n<map>{drawn}</map></think>\n<answer>{answer}</answer>",
        f"<think>{thought}</think> So it is \\boxed{{{answer}}}.",
        f"```json\n{scene_json(task.scene or EMPTY_SCENE)}\n```\nThe answer is <answer>{answer}</answer>",
        f"The answer is {answer}.",
    ]


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
