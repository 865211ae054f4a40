"""Answers of mathematics: whether two of them say the same. Text is compared as text, and arithmetic by its value; no
model text is ever evaluated by anything larger than `spatialrl.rewards.arithmetic`.

`same_answer` is the rule of the corrected parts: 1/2, 0.5 and \\frac{1}{2} are one answer, 5 m and 5 cm are two.
`grade_answer` gives the verdicts of the published grader, its defects included.
"""

import math
import re

from spatialrl.rewards.arithmetic import same_value
from spatialrl.rewards.math_spelling import elements, mathd_form, plain, sympy_form, whole_number
from spatialrl.rewards.parse import Malformed, Number, answer_text, in_metres, last_block, number, says_something
from spatialrl.types import Completion, Task, Unscored

MAX_CHARACTERS = 2000
"""Of an answer that is looked at; a longer one is wrong, or in `grade_answer` compared as it is."""

_FRACTION = re.compile(r"-?[0-9]+.?/0*[1-9][0-9]*.?")
_QUANTITY = re.compile(r"[-+−]?[0-9.,]+(?:e[-+]?[0-9]+)?(?P<unit>[a-z0-9°%\"'²³^ .]*)|[a-z][a-z -]*")
_POWER_BEYOND_SYMPY = re.compile(r"\^[{(]|\^[0-9]+\^|\^[0-9]{2}")


def math_accuracy(task: Task, completion: Completion) -> float | Unscored:
    """1 where the answer is the task's, in any spelling."""
    if not task.answer.strip():
        return Unscored(reason=f"task {task.id} has no answer")
    answer = answer_text(completion.text)
    return 0.0 if isinstance(answer, Malformed) else float(same_answer(answer, task.answer))


def boxed_format(task: Task, completion: Completion) -> float:
    """1 for reasoning inside <think>, then one \\boxed{} that holds something."""
    before, closing, after = completion.text.partition("</think>")
    thought = last_block(before + closing, "think")
    opens_once = completion.text.lstrip().startswith("<think>") and completion.text.count("<think>") == 1
    is_boxed = after.count(r"\boxed{") == 1 and not isinstance(boxed := answer_text(after), Malformed) and bool(boxed)
    return float(opens_once and not isinstance(thought, Malformed) and says_something(thought) and is_boxed)


def same_answer(given: str, truth: str) -> bool:
    """Same text, same value, or same quantity in another unit; lists element by element. A unit that only one of the two
    gives is not looked at."""
    if not given.strip() or len(given) > MAX_CHARACTERS:
        return False
    if plain(given) == plain(truth) or _same_quantity(given, truth):
        return True
    ours, theirs = elements(plain(given)), elements(plain(truth))
    return len(ours) == len(theirs) and all(a == b or same_value(a, b) for a, b in zip(ours, theirs, strict=True))


def grade_answer(given: str, truth: str) -> bool:
    """The verdict of mathruler's `grade_answer`: units are struck out (5 m is 5 cm), ` and ` is a comma, a fraction has
    to be reduced, and a whole number is only equal to a whole number.

    Where the original hands what is left to sympy, and with it to Python's `eval`, the two are compared by their value
    here. Verdicts differ for expressions with unknowns (x+1 is not 1+x here), for decimals (0.1+0.2 is 0.3 here), and
    for LaTeX commands other than fractions, roots, pi and products.
    """
    if max(len(given), len(truth)) > MAX_CHARACTERS:
        return given.strip() == truth.strip()
    if mathd_form(given) == mathd_form(truth):
        return True
    ours, theirs = sympy_form(given), sympy_form(truth)
    return ours == theirs or (bool(ours) and _graded_by_elements(ours, theirs))


def _graded_by_elements(given: str, truth: str) -> bool:
    ours, theirs = elements(given), elements(truth)
    if len(theirs) > 1 and (given[0], given[-1]) != (truth[0], truth[-1]):
        return False
    return len(ours) == len(theirs) > 0 and all(_graded(a, b) for a, b in zip(ours, theirs, strict=True))


def _graded(given: str, truth: str) -> bool:
    if _FRACTION.fullmatch(given) and _FRACTION.fullmatch(truth):
        return given == truth
    if (whole_number(given) is None) != (whole_number(truth) is None):
        return False
    beyond = any(_POWER_BEYOND_SYMPY.search(text) for text in (given, truth))
    return not beyond and same_value(given, truth)


def _same_quantity(given: str, truth: str) -> bool:
    ours, theirs = _quantity(given), _quantity(truth)
    if ours is None or theirs is None:
        return False
    if ours.unit == theirs.unit or not ours.unit or not theirs.unit:
        return ours.value == theirs.value
    one, other = in_metres(ours), in_metres(theirs)
    return one is not None and other is not None and math.isclose(one, other, rel_tol=1e-9)


def _quantity(text: str) -> Number | None:
    """A number with nothing but a unit, or a number in words; the number within `x + 5` is none."""
    match = _QUANTITY.fullmatch(text.strip().lower())
    found = Malformed("not_a_number") if match is None else number(text)
    if match is None or isinstance(found, Malformed):
        return None
    return found if found.unit or not (match["unit"] or "").strip(" .") else None
