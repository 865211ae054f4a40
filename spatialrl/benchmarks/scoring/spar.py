"""SPAR-Bench: 20 tasks on three levels. Choices, numbers by MRA, and for `view_change_infer` the motion of a camera along five
axes.

    https://github.com/OuyangKun10/SpaceR   SpaceR-Eval/data_utils/spar_util.py
"""

import re
from collections.abc import Mapping

from spatialrl.benchmarks.scoring.choices import strict_choice
from spatialrl.benchmarks.scoring.final import final_answer
from spatialrl.benchmarks.scoring.grading import Grade, graded, unread
from spatialrl.benchmarks.scoring.numbers import strict_mra
from spatialrl.benchmarks.scoring.vsi import tagged
from spatialrl.errors import DataError
from spatialrl.rewards.mra import OFFICIAL_TOLERANCES, exact_mra
from spatialrl.rewards.parse import Malformed
from spatialrl.types import Task

VIEW_CHANGE = "view_change_infer"
PREDICTIONS = [f"{what}_prediction_{form}" for what in ("depth", "distance") for form in ("oc", "oo", "oc_mv", "oo_mv")]
CHOICES = [
    "obj_spatial_relation_oo",
    "obj_spatial_relation_oc_mv",
    "obj_spatial_relation_oo_mv",
    "spatial_imagination_oc",
    "spatial_imagination_oo",
    "spatial_imagination_oc_mv",
    "spatial_imagination_oo_mv",
    "distance_infer_center_oo",
    "distance_infer_center_oo_mv",
]
LEVELS = {"Low": PREDICTIONS, "Middle": [VIEW_CHANGE, "position_matching", "camera_motion_infer"], "High": CHOICES}
TASKS = [task for tasks in LEVELS.values() for task in tasks]
AXES = (
    ("move_right", "move_left"),
    ("move_up", "move_down"),
    ("move_forward", "move_backward"),
    ("rotate_right", "rotate_left"),
    ("rotate_up", "rotate_down"),
)
ACTIONS = [action for axis in AXES for action in axis]
NUMBERS = re.compile(r"(?<!\^)\d+\.\d+|(?<!\^)\d+")
STEP = re.compile(r"(?P<action>(?:move|rotate)_[a-z]+)['\"]?\s{0,3}[:=]\s{0,3}(?P<value>[-+]?\d+(?:\.\d+)?)")


def official(task: Task, response: str) -> Grade:
    """An empty answer to a choice is right, signs are lost, and a motion is measured by the prediction."""
    answer, kind = tagged(response), task_of(task)
    if kind in PREDICTIONS:
        return official_number(answer, task.answer, kind)
    if kind == VIEW_CHANGE:
        return official_view_change(answer, task.answer)
    given, truth = answer.lower(), task.answer.lower()
    return graded(given in truth or given[0] == truth, answer)


def strict(task: Task, response: str) -> Grade:
    kind = task_of(task)
    if kind in PREDICTIONS:
        return strict_mra(task, response)
    return strict_view_change(task, response) if kind == VIEW_CHANGE else strict_choice(task, response)


def task_of(task: Task) -> str:
    kind = task.extra.get("category") or task.family
    if kind not in TASKS:
        raise DataError(f"Question {task.id} is of the task {kind!r}; SPAR-Bench has: {', '.join(TASKS)}.")
    return kind


def official_number(answer: str, truth: str, kind: str) -> Grade:
    """The first number, of several views the last one; without a number -1 there."""
    found = NUMBERS.findall(answer)
    if not found and not kind.endswith("_mv"):
        return unread("not_a_number")
    value = float((found or ["-1"])[-1 if kind.endswith("_mv") else 0])
    return graded(official_closeness(value, float(truth)), f"{value:g}")


def official_closeness(prediction: float, target: float) -> float:
    """MRA over |target|; of a target of 0 the difference itself."""
    distance = abs(prediction - target) if target == 0 else abs((prediction - target) / target)
    return sum(distance <= tolerance for tolerance in OFFICIAL_TOLERANCES) / len(OFFICIAL_TOLERANCES)


def official_view_change(answer: str, truth: str) -> Grade:
    """Prediction and target are swapped, and the whole text has to be `action:value,action:value`."""
    try:
        given, true = plain_steps(answer), plain_steps(truth)
    # Any text may stand there; the original scores what it can't split as 0.
    except ValueError:
        return unread("not_a_motion")
    pairs = zip(along(given), along(true), strict=True)
    return graded(sum(official_closeness(target, guess) for guess, target in pairs) / len(AXES), answer)


def plain_steps(text: str) -> dict[str, float]:
    pairs = (step.split(":") for step in text.split(","))
    return {action: float(value) for action, value in pairs}


def strict_view_change(task: Task, response: str) -> Grade:
    """Mean MRA over the five axes, measured by the truth; an axis without motion is met or missed. Not moving at all, where
    the camera moved, is worth nothing."""
    true = steps(task.answer)
    if not true:
        raise DataError(
            f"The answer of question {task.id} is {task.answer!r}; expected action:value, action:value, ..."
        )
    answer = final_answer(response)
    given = {} if isinstance(answer, Malformed) else steps(answer)
    if not given:
        return unread(answer.reason if isinstance(answer, Malformed) else "not_a_motion")
    moved = [(guess, target) for guess, target in zip(along(given), along(true), strict=True) if target or guess]
    score = sum(exact_mra(guess, target) for guess, target in moved) / len(moved) if moved else 1.0
    return graded(score, ", ".join(f"{action}:{value:g}" for action, value in given.items()))


def steps(text: str) -> dict[str, float]:
    """The last value of each action that is written anywhere in a text."""
    return {step["action"]: float(step["value"]) for step in STEP.finditer(text.lower()) if step["action"] in ACTIONS}


def along(steps: Mapping[str, float]) -> list[float]:
    return [steps.get(there, 0.0) - steps.get(back, 0.0) for there, back in AXES]
