"""SpatialThinker's evaluator, `evaluation/evals.py`, as it was published. With options, a prediction that is not the text of
one of them is scored as if it said A: a condition in its fallback is always true."""

import re

from spatialrl.benchmarks.scoring.grading import Grade, graded
from spatialrl.rewards.math_answer import grade_answer
from spatialrl.types import LETTERS, Task

OPENING, CLOSING, CUE = "<answer>", "</answer>", "Answer:"
LED = re.compile(r"^\([A-Za-z]\)\s*")
PARENTHESISED = re.compile(r"\(([^)]*)\)")


def evals(task: Task, response: str) -> Grade:
    truth, found = expected(task), extracted(response)
    if task.options:
        found = letter_of(found, task.options)
    return graded(is_correct(found, truth), found)


def extracted(response: str) -> str:
    text = response.rpartition(CUE)[2] if CUE in response else response
    if OPENING not in text:
        return text.partition(CLOSING)[0].strip()
    return text.rpartition(OPENING)[2].partition(CLOSING)[0].strip()


def expected(task: Task) -> str:
    """Without parentheses; of a text that is left the first letter in lower case."""
    truth = task.answer.replace("(", "").replace(")", "").strip()
    return truth[0].lower() if len(truth) > 1 else truth


def letter_of(prediction: str, options: tuple[str, ...]) -> str:
    text = LED.sub("", prediction).replace("{", "").replace("}", "").lower()
    texts = [option.lower() for option in options]
    return LETTERS[texts.index(text)] if text in texts else "A"


def is_correct(prediction: str, truth: str) -> bool:
    if prediction.lower() == truth.lower() or grade_answer(prediction, truth):
        return True
    inside = PARENTHESISED.search(prediction)
    return inside is not None and inside[1].removesuffix(".").lower() == truth.lower()
