"""Rewards of EasyR1 and of SpatialThinker's baselines, with the numbers of the published code, its defects included.

    r1v        0.5 accuracy + 0.5 format    <think>..</think><answer>..</answer>
    r1v_scene  the same, 0 without format   <observe>..<scene>..<think>..<answer>..
    math       0.9 accuracy + 0.1 format    <think>..</think>.. \\boxed{..}

The expected answer of a choice is `(A) text`. Verdicts of `grade_answer` differ from the original's where that would
evaluate model text; see there.
"""

import re

from spatialrl.errors import DataError
from spatialrl.rewards.math_answer import grade_answer
from spatialrl.types import LETTERS, Completion, Score, Scored, Task

OPENING, CLOSING = "<answer>", "</answer>"
SCENE_LINKS = ("<observe>", r"</observe>\s*<scene>", r"</scene>\s*<think>", r"</think>\s*<answer>", CLOSING)
R1V_LINKS = ("<think>", r"</think>\s*<answer>", CLOSING)
MATH_LINKS = ("<think>", "</think>", r"\\boxed\{", r"\}")
BOXED = "\\boxed{"
NO_BOX = "None"
"""What the original compares where there is no box: a task with this answer is solved by silence."""


def r1v_compat(task: Task, completion: Completion, *, format_weight: float = 0.5) -> Score:
    """Format alone earns half. A multi-line answer is not seen in its tags: the whole response is graded then."""
    answer = _answer_on_a_line(completion.text)
    given = completion.text.strip() if answer is None else answer
    accuracy = float(grade_answer(given, expected_answer(task).strip()))
    return _weighted(accuracy, _format(completion.text, R1V_LINKS), format_weight)


def r1v_scene_compat(task: Task, completion: Completion) -> Score:
    """The scene may hold anything; the answer has to be equal, case and outer blanks aside."""
    if not _format(completion.text, SCENE_LINKS):
        return _weighted(0.0, 0.0, 0.5)
    _, _, rest = completion.text.partition(OPENING)
    answer, _, _ = rest.partition(CLOSING)
    return _weighted(float(answer.strip().lower() == expected_answer(task).strip().lower()), 1.0, 0.5)


def math_compat(task: Task, completion: Completion, *, format_weight: float = 0.1) -> Score:
    """Blanks around <, > and / are dropped first. Anything may follow the box, and tags may stand inside tags."""
    text = without_blanks_at_tags(completion.text)
    accuracy = float(grade_answer(boxed(text), expected_answer(task)))
    return _weighted(accuracy, _format(text, MATH_LINKS, to_the_end=False), format_weight)


def expected_answer(task: Task) -> str:
    """`(A) left` for a choice, else the answer itself."""
    if task.answer_kind != "choice":
        return task.answer
    letters = LETTERS[: len(task.options)]
    if len(task.answer) != 1 or task.answer not in letters:
        raise DataError(
            f"Task {task.id} has answer {task.answer!r}; expected the letter of one of its {len(letters)} options."
        )
    return task.lettered_options[letters.index(task.answer)]


def without_blanks_at_tags(text: str) -> str:
    """`< think >` -> `<think>`; of `1 / 2` and `a < b` too."""
    first, *rest = re.split("([<>/])", text)
    if not rest:
        return text
    *middle, last = rest
    return "".join([first.rstrip(), *(piece.strip() for piece in middle), last.lstrip()])


def boxed(text: str) -> str:
    r"""What stands in the last \boxed{}, up to the brace that closes it."""
    start = text.rfind(BOXED)
    depth = 0
    for brace in re.finditer("[{}]", text[start + len(BOXED) :]) if start >= 0 else ():
        depth += 1 if brace[0] == "{" else -1
        if depth < 0:
            return text[start + len(BOXED) :][: brace.start()].strip()
    return NO_BOX


def _weighted(accuracy: float, format: float, format_weight: float) -> Scored:
    reward = (1 - format_weight) * accuracy + format_weight * format
    return Scored(reward=reward, parts={"accuracy": accuracy, "format": format})


def _answer_on_a_line(text: str) -> str | None:
    """Of the first line on which an answer opens and closes."""
    for line in text.split("\n"):
        _, opening, rest = line.partition(OPENING)
        inside, closing, _ = rest.partition(CLOSING)
        if opening and closing:
            return inside.strip()
    return None


def _format(text: str, links: tuple[str, ...], *, to_the_end: bool = True) -> float:
    """1 if the links follow one another, the first at the start and, where asked, the last at the end. Taking each as
    early as it comes is always enough, so that no text is read twice."""
    position = 0
    for link in links[:-1] if to_the_end else links:
        match = re.compile(link).search(text, position)
        if match is None or (position == 0 and match.start() > 0):
            return 0.0
        position = match.end()
    return float(not to_the_end or (text.endswith(links[-1]) and len(text) - len(links[-1]) >= position))
