"""MathVista, MathVerse and their like, without a judge: a choice, a number, or an expression.

https://github.com/open-compass/VLMEvalKit   vlmeval/dataset/utils/mathvista.py, post_check
"""

from spatialrl.benchmarks.scoring.choices import strict_choice
from spatialrl.benchmarks.scoring.final import final_answer
from spatialrl.benchmarks.scoring.grading import Grade, graded, unread
from spatialrl.benchmarks.scoring.vlmevalkit import exact_matching
from spatialrl.errors import DataError
from spatialrl.rewards.math_answer import grade_answer, same_answer
from spatialrl.rewards.parse import Malformed, number
from spatialrl.types import Task


def official_mathvista(task: Task, response: str) -> Grade:
    """What is left of the official rule without its judge: the response as a whole is the number, `12 cm` is none."""
    if task.options:
        return exact_matching(task, response)
    read = {"integer": int, "float": float}.get(task.extra.get("answer_type", ""))
    if read is None:
        return graded(response == task.answer, response)
    try:
        return graded(read(response) == read(task.answer), response)
    # Any text may stand there; the original then asks its judge.
    except ValueError:
        return unread("not_a_number")


def strict_mathvista(task: Task, response: str) -> Grade:
    """A number is compared in the places the question gives (`extra.precision`), a unit is read, and expressions by value."""
    if task.options:
        return strict_choice(task, response)
    answer = final_answer(response)
    if isinstance(answer, Malformed):
        return unread(answer.reason)
    places, truth = task.extra.get("precision", ""), number(task.answer)
    given = number(answer)
    if places and not isinstance(truth, Malformed):
        if isinstance(given, Malformed):
            return unread(given.reason)
        return graded(
            round(given.value, whole(places, task)) == round(truth.value, whole(places, task)), f"{given.value:g}"
        )
    equal = same_answer(answer, task.answer) or (not isinstance(given, Malformed) and given == truth)
    return graded(equal, answer)


def whole(places: str, task: Task) -> int:
    try:
        return int(float(places))
    except ValueError as error:
        raise DataError(
            f"Question {task.id} has the precision {places!r}; expected a number of decimal places."
        ) from error


def official_math(task: Task, response: str) -> Grade:
    """mathruler's grader, as SpatialThinker and EasyR1 use it, on the last box or the whole response."""
    answer = final_answer(response)
    given = response if isinstance(answer, Malformed) else answer
    return graded(grade_answer(given, task.answer), given)


def strict_math(task: Task, response: str) -> Grade:
    answer = final_answer(response)
    return unread(answer.reason) if isinstance(answer, Malformed) else graded(same_answer(answer, task.answer), answer)
