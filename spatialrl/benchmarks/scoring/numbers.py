"""Numbers, read by the parser of the rewards and taken in the unit of the question."""

from collections.abc import Callable

from spatialrl.benchmarks.scoring.final import final_answer
from spatialrl.benchmarks.scoring.grading import Grade, Rule, graded, unread
from spatialrl.errors import DataError
from spatialrl.rewards.mra import exact_mra, in_unit, relative_closeness
from spatialrl.rewards.parse import Malformed, Number, number
from spatialrl.rewards.spacer_compat import first_answer, regression
from spatialrl.types import Task

Closeness = Callable[[float, float], float]
"""(prediction, target) -> 0 to 1."""


def by_closeness(closeness: Closeness) -> Rule:
    def rule(task: Task, response: str) -> Grade:
        truth = true_number(task)
        value = answered(response, truth.unit or task.unit)
        if isinstance(value, Malformed):
            return unread(value.reason)
        return graded(closeness(value, truth.value), f"{value:g}")

    return rule


def true_number(task: Task) -> Number:
    truth = number(task.answer)
    if isinstance(truth, Malformed):
        raise DataError(f"The answer of question {task.id} is {task.answer!r}; expected a number.")
    return truth


def answered(response: str, unit: str) -> float | Malformed:
    """The one number of the answer, in `unit`."""
    answer = final_answer(response)
    found = answer if isinstance(answer, Malformed) else number(answer)
    if isinstance(found, Malformed):
        return found
    value = in_unit(found, unit)
    return Malformed(f"not_a_number: {found.unit} is no {unit}") if value is None else value


def official_regression(task: Task, response: str) -> Grade:
    """SpaceR's regression reward, of the first answer block: `nan` is a perfect answer."""
    answer = first_answer(response)
    return graded(regression(answer, task.answer), answer)


strict_mra = by_closeness(exact_mra)
strict_relative = by_closeness(relative_closeness)
strict_count = by_closeness(lambda prediction, target: float(prediction == target))
