"""VSI-Bench (arXiv:2412.14171): letters, and numbers by mean relative accuracy. The question decides which, never the
prediction.

    https://github.com/vision-x-nyu/thinking-in-space   lmms_eval/tasks/vsibench/utils.py
"""

import re

from spatialrl.benchmarks.scoring.choices import strict_choice
from spatialrl.benchmarks.scoring.grading import Grade, graded, unread
from spatialrl.benchmarks.scoring.numbers import strict_mra
from spatialrl.rewards.spacer_compat import numerical
from spatialrl.rewards.vsi_bench import spacer_choice, vsi_choice, vsi_number
from spatialrl.types import Task

NUMBER = "number"
BOX = re.compile(r"\\boxed\{([^}]*)\}")
"""No braces inside."""


def official(task: Task, response: str) -> Grade:
    """The text before the first space; `2.5m` and `A)` are wrong."""
    word = response.split(" ", 1)[0].rstrip(".").strip()
    if task.answer_kind != NUMBER:
        return graded(vsi_choice(response, task.answer), word)
    try:
        float(word)
    except ValueError:
        return unread("not_a_number")
    return graded(vsi_number(response, float(task.answer)), word)


def strict(task: Task, response: str) -> Grade:
    return strict_mra(task, response) if task.answer_kind == NUMBER else strict_choice(task, response)


def spacer(task: Task, response: str) -> Grade:
    """SpaceR's evaluator: `a distance of 3.5 meters` is 1, signs are lost."""
    answer = tagged(response)
    if task.answer_kind != NUMBER:
        return graded(spacer_choice(answer, task.answer), answer)
    return graded(numerical(answer, task.answer), answer)


def spatial_ssrl(task: Task, response: str) -> Grade:
    """Spatial-SSRL's evaluator: whether the last box holds one letter decides that a question is a choice, and relative errors
    are to be smaller than each threshold, not equal."""
    boxes = BOX.findall(response)
    answer = boxes[-1] if boxes else ""
    if len(answer) == 1 and answer.isalpha():
        return graded(answer.lower() == task.answer.lower(), answer)
    try:
        return graded(strict_inequality_mra(float(answer), float(task.answer)), answer)
    # Any text may stand there, and the answer may be a letter; either is missed.
    except (ValueError, ZeroDivisionError):
        return unread("not_a_number")


def strict_inequality_mra(prediction: float, target: float) -> float:
    thresholds = (1 - (0.5 + step * 0.05) for step in range(20))
    return sum(abs(prediction - target) / target < threshold for threshold in thresholds) / 10


def tagged(response: str) -> str:
    """What stands in the first `<answer>`, else the whole response."""
    _, opening, rest = response.partition("<answer>")
    inside, closing, _ = rest.partition("</answer>")
    return inside.strip() if opening and closing else response
