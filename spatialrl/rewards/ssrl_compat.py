r"""Spatial-SSRL's reward. `ssrl_compat` gives the numbers of the published system, its defects included, so that
published results can be checked.

    reward = 0.9 accuracy + 0.1 format

Nothing is normalised: `(A)` and `0 - 2 - 3 - 1` are wrong where A and 0-2-3-1 are right. Without any `\boxed{..}` the
answer is the word None.
"""

import re

from spatialrl.types import Completion, Score, Scored, Task

ACCURACY_WEIGHT, FORMAT_WEIGHT = 0.9, 0.1
BOX = r"\boxed{"
NO_ANSWER = "None"


def ssrl_compat(task: Task, completion: Completion) -> Score:
    text = without_spaces_at_marks(completion.text)
    accuracy = 1.0 if last_box(text) == task.answer else 0.0
    format = format_reward(text)
    reward = ACCURACY_WEIGHT * accuracy + FORMAT_WEIGHT * format
    return Scored(reward=reward, parts={"accuracy": accuracy, "format": format})


def without_spaces_at_marks(text: str) -> str:
    """No blanks around `<`, `>` and `/`: `a < b` becomes `a<b`."""
    first, *rest = re.split(r"([<>/])", text)
    if not rest:
        return text
    return first.rstrip() + "".join(piece.strip() for piece in rest[:-1]) + rest[-1].lstrip()


def last_box(text: str) -> str:
    """From the last box that opens to where its braces balance."""
    start = text.rfind(BOX)
    depth = 1
    for brace in re.finditer(r"[{}]", text[start + len(BOX) :]) if start >= 0 else ():
        depth += 1 if brace.group() == "{" else -1
        if depth == 0:
            return text[start + len(BOX) :][: brace.start()].strip()
    return NO_ANSWER


def format_reward(text: str) -> float:
    """Starts with `<think>`; `</think>`, a box and a closing brace follow in this order, with anything between them."""
    if not text.startswith("<think>"):
        return 0.0
    position = len("<think>")
    for mark in ("</think>", BOX, "}"):
        position = text.find(mark, position)
        if position < 0:
            return 0.0
        position += len(mark)
    return 1.0
