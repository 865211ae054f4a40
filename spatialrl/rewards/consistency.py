"""Counterfactual twins: the same scene mirrored, or seen by a camera on its other side. Where geometry turns an answer
round, an answer that looks at the scene turns with it; one that follows habit stays.

    mirrored   left <-> right, clockwise <-> counter-clockwise
    swapped    left <-> right, front <-> behind, towards <-> away, nearer <-> farther of two things from the camera

Above and below never turn, nor do numbers. A constant answer agrees with itself wherever nothing turns: so a pair only
counts where the answer is also right.
"""

import math
import re
from collections.abc import Sequence
from typing import Literal

from spatialrl.rewards.parse import Malformed, answer_text, choice, in_metres, number
from spatialrl.types import LETTERS, Task

Change = Literal["mirrored", "swapped"]

SIDES = (("left", "right"), ("leftmost", "rightmost"), ("lefthand", "righthand"), ("leftward", "rightward"))
TURNS = (("clockwise", "counterclockwise"),)
COUNTERCLOCKWISE = re.compile(r"\b(?:counter|anti)[- ]?clockwise\b")
WORD = re.compile(r"(?<!\w)-?\d+(?:\.\d+)?|\w+")
DEPTHS = (
    ("front", "back"),
    ("in front of", "behind"),
    ("towards", "away from"),
    ("toward", "away from"),
    ("closer", "farther"),
    ("nearer", "further"),
    ("closest", "farthest"),
    ("nearest", "furthest"),
    ("foreground", "background"),
)
OPPOSITES: dict[Change, tuple[tuple[str, str], ...]] = {"mirrored": (*SIDES, *TURNS), "swapped": (*SIDES, *DEPTHS)}
SAME_NUMBER = 0.05
"""By which two numbers may differ, as a share of the larger one."""
TO_CAMERA = re.compile(r"\b(?:closer|closest|nearer|nearest|farther|farthest|further|furthest)\b[^?]{0,40}\bcamera\b")


def turned(text: str, change: Change) -> str:
    """The text after the change, in lower-case words: `Left of` -> `right of`."""
    table: dict[str, str] = {}
    for one, other in OPPOSITES[change]:
        table.setdefault(one, other)
        table.setdefault(other, one)
    longest_first = "|".join(sorted(map(re.escape, table), key=len, reverse=True))
    return re.sub(rf"\b(?:{longest_first})\b", lambda found: table[found[0]], _words(text))


def turned_answer(task: Task, answer: str, change: Change) -> str:
    """What the twin's answer has to be. Of two things that are compared by their distance from the camera the other one,
    where the camera changes sides; `answer` is the text of an option, or the answer itself."""
    if change == "swapped" and len(task.options) == 2 and TO_CAMERA.search(task.question.lower()):
        other = [option for option in task.options if _words(option) != _words(answer)]
        return _words(other[0]) if len(other) == 1 else turned(answer, change)
    return turned(answer, change)


def are_twins(task: Task, twin: Task, change: Change) -> bool:
    """Whether the true answers turn as geometry says. False for a pair that would reward a mistake."""
    return _same(turned_answer(task, task.answer_text, change), twin.answer_text)


def agreement(
    task: Task,
    texts_G: Sequence[str],
    twin: Task,
    twin_texts_G: Sequence[str],
    *,
    change: Change,
    needs_right: bool = True,
) -> list[float]:
    """For each response to the task, the share of the responses to the twin that say what its answer turns into. 0 for a
    response without a readable answer and, where `needs_right`, for a wrong one; swap the two tasks for the twin's side."""
    answers = [_said(task, text) for text in texts_G]
    twin_answers = [_said(twin, text) for text in twin_texts_G]
    return [_agreement(task, answer, twin_answers, change, needs_right) for answer in answers]


def _agreement(task: Task, answer: str | None, twins: list[str | None], change: Change, needs_right: bool) -> float:
    if answer is None or not twins or (needs_right and not _same(answer, task.answer_text)):
        return 0.0
    expected = turned_answer(task, answer, change)
    return sum(twin is not None and _same(expected, twin) for twin in twins) / len(twins)


def _said(task: Task, text: str) -> str | None:
    """The text of the chosen option, or the answer."""
    answer = answer_text(text)
    if isinstance(answer, Malformed) or not task.options:
        return None if isinstance(answer, Malformed) else answer
    letter = choice(answer, task.options)
    return None if isinstance(letter, Malformed) else task.options[LETTERS.index(letter)]


def _same(a: str, b: str) -> bool:
    """The same words, or nearly the same number."""
    if _words(a) == _words(b):
        return bool(_words(a))
    one, other = _metres(a), _metres(b)
    return one is not None and other is not None and math.isclose(one, other, rel_tol=SAME_NUMBER)


def _metres(text: str) -> float | None:
    found = number(text)
    return None if isinstance(found, Malformed) else in_metres(found)


def _words(text: str) -> str:
    """In lower case, without punctuation; signs of numbers stay."""
    return " ".join(WORD.findall(COUNTERCLOCKWISE.sub("counterclockwise", text.lower())))
