"""Q-Spatial (Liao et al. 2024, arXiv:2409.09788): a distance is right within a factor delta, 2 or 1.5.

https://github.com/andrewliao11/Q-Spatial-Bench-code, and VLMEvalKit's vlmeval/dataset/image_vqa.py, QSpatial
"""

import re
from functools import partial

from spatialrl.benchmarks.scoring.final import final_answer
from spatialrl.benchmarks.scoring.grading import Grade, Rule, graded, unread
from spatialrl.benchmarks.scoring.numbers import true_number
from spatialrl.rewards.mra import in_unit
from spatialrl.rewards.parse import Malformed, Number, number
from spatialrl.types import Task

SCALAR = re.compile(r"scalar\{([^}]*)\}")
UNIT = re.compile(r"distance_unit\{([^}]*)\}")
DIGITS = re.compile(r"\d+\.?\d*")
CENTIMETRES: dict[str, float] = dict.fromkeys(("meters", "meter", "m", "metre", "metres"), 100.0)
CENTIMETRES |= dict.fromkeys(("centimeters", "centimeter", "cm"), 1.0)
CENTIMETRES |= (
    dict.fromkeys(("feet", "foot", "ft"), 30.48) | dict.fromkeys(("inch", "inches", "in"), 2.54) | {"mm": 0.1}
)
NOTHING = 1e-8
"""Added to both sides by the original, so that neither is 0."""


def official(task: Task, response: str, *, delta: float) -> Grade:
    r"""The mean of the numbers in the last `\scalar{..}`, in the unit of the last `\distance_unit{..}`; `1,200` is 100.5, and
    a unit that is not known makes 0 of it."""
    scalars, units = SCALAR.findall(response), UNIT.findall(response)
    if not scalars or not units:
        return unread("not_a_number")
    digits = [float(found) for found in DIGITS.findall(scalars[-1])]
    if not digits:
        return unread("not_a_number")
    value = sum(digits) / len(digits) * CENTIMETRES.get(units[-1].lower(), 0.0)
    true = true_number(task)
    truth = true.value * CENTIMETRES.get((true.unit or task.unit).lower(), 0.0)
    return graded(within(value + NOTHING, truth + NOTHING, delta), f"{value:g} cm")


def strict(task: Task, response: str, *, delta: float) -> Grade:
    r"""Any number with a unit of length, in the form asked for or not; `1,200` is 1200. A number without a unit is in that of
    the truth."""
    given = measured(response)
    if isinstance(given, Malformed):
        return unread(given.reason)
    true = true_number(task)
    unit = true.unit or task.unit
    value = in_unit(given, unit)
    if value is None:
        return unread(f"not_a_number: {given.unit} is no {unit}")
    return graded(value > 0 and within(value, true.value, delta), f"{value:g} {unit}")


def measured(response: str) -> Number | Malformed:
    scalars, units = SCALAR.findall(response), UNIT.findall(response)
    if not (scalars and units):
        answer = final_answer(response)
        return answer if isinstance(answer, Malformed) else number(answer)
    found = number(f"{scalars[-1]} {units[-1]}")
    has_unit = isinstance(found, Malformed) or bool(found.unit)
    return found if has_unit else Malformed(f"not_a_number: {units[-1][:20]} is no unit")


def within(value: float, truth: float, delta: float) -> bool:
    return max(value / truth, truth / value) < delta


def rules(delta: float) -> tuple[Rule, Rule]:
    return partial(official, delta=delta), partial(strict, delta=delta)
