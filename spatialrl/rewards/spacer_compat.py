"""The reward of Spatial-R1 and SpaceR. `spacer_compat` gives the numbers of the published system, its defects included,
so that published results can be checked.

    reward = accuracy + format        0 to 2; a cognitive map adds up to 1 to the accuracy

Answers are read from the first `<answer>`. The words a and an are the number 1, signs are lost, a right answer with a
poor map is wrong, and `nan` is a perfect regression. Its length and temporal bonus look at a whole group: they are the
contrasts `length` and `temporal_compat`.
"""

import re

from spatialrl.rewards.mra import official_mra
from spatialrl.rewards.parse import Malformed, read_block
from spatialrl.rewards.spacer import REGRESSION
from spatialrl.rewards.spacer_map_compat import map_score
from spatialrl.rewards.words_overlap import rouge_l, rouge_n, rouge_tokens, word_accuracy
from spatialrl.types import Completion, Score, Scored, Task, Unscored

TEENS = [
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
    "twenty",
]
TENS = ["thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
ONES = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]
WORDS = {word: value for value, word in enumerate([*ONES, *TEENS], start=1)}
WORDS |= {word: value for value, word in zip(range(30, 100, 10), TENS, strict=True)} | {"zero": 0, "a": 1, "an": 1}
DIGITS = re.compile(r"\d+(?:\.\d+)?")
THINK_THEN_ANSWER = re.compile(r"</think>\s*<answer>")
SOLVED_ABOVE = 0.5


def spacer_compat(task: Task, completion: Completion, *, map_reward: bool = True) -> Score:
    """`map_reward` off is Spatial-R1, which has no maps. The part `map` is already in `accuracy`."""
    if task.answer_kind not in ("choice", "number", "ocr", "text"):
        return Unscored(reason=f"task {task.id} is a {task.answer_kind}, for which SpaceR has no reward")
    answer = answer_accuracy(first_answer(completion.text), task)
    accuracy = with_map(answer, task, completion.text) if map_reward else answer
    format = format_reward(completion.text)
    parts = {"accuracy": accuracy, "format": format, "map": accuracy - answer}
    return Scored(reward=accuracy + format, parts=parts)


def first_answer(text: str) -> str:
    inside = read_block(text, "answer")
    return "" if isinstance(inside, Malformed) else inside


def format_reward(text: str) -> float:
    """`<think>..</think><answer>..</answer>` and nothing around; empty blocks and further ones inside are fine."""
    opening, closing = "<think>", "</answer>"
    middle = THINK_THEN_ANSWER.search(text, len(opening))
    is_framed = text.startswith(opening) and text.endswith(closing)
    return 1.0 if is_framed and middle is not None and middle.end() <= len(text) - len(closing) else 0.0


def answer_accuracy(answer: str, task: Task) -> float:
    truth = task.answer.strip()
    if task.answer_kind == "number":
        return regression(answer, truth) if task.family == REGRESSION else numerical(answer, truth)
    if task.answer_kind == "ocr":
        return word_accuracy(truth.split(), answer.split())
    return free_form(answer, truth) if task.answer_kind == "text" else float(answer == truth)


def with_map(accuracy: float, task: Task, text: str) -> float:
    """A solved choice or number gains the score of its map, and loses everything where that is 0."""
    is_regression = task.family == REGRESSION
    solved = accuracy == 1 if task.answer_kind == "choice" else accuracy > SOLVED_ABOVE and not is_regression
    drawn = read_block(text, "map")
    if isinstance(drawn, Malformed) or not solved or task.answer_kind not in ("choice", "number"):
        return accuracy
    score = map_score(drawn, task.cognitive_map) if task.cognitive_map else 0.0
    return accuracy + score if score > 0 else 0.0


def numerical(answer: str, truth: str) -> float:
    prediction, target = first_number(answer), first_number(truth)
    return 0.0 if prediction is None or target is None else official_mra(prediction, target)


def first_number(text: str) -> float | None:
    """`a distance of 3.5 meters` is 1, `twenty five` is 5, `-2.5` is 2.5."""
    present = set(re.findall(r"\w+", text.lower()))
    word = next((value for name, value in WORDS.items() if name in present), None)
    if word is not None:
        return float(word)
    digits = DIGITS.search(text)
    return float(digits.group()) if digits else None


def regression(answer: str, truth: str) -> float:
    try:
        prediction, target = (float(text.replace(",", "")) for text in (answer, truth))
    # Text that is no number earns nothing there.
    except ValueError:
        return 0.0
    difference = (abs(prediction - target) + 1e-9) / (abs(target) + 1e-9)
    # In this order a NaN becomes 0, which is no difference.
    return 1 - min(1.0, max(0.0, difference))


def free_form(answer: str, truth: str) -> float:
    """Mean of the F-measures of ROUGE-1, -2 and -L: one word given back exactly is 2/3, it has no pair."""
    reference, hypothesis = rouge_tokens(truth), rouge_tokens(answer)
    measures = (rouge_n(reference, hypothesis, 1), rouge_n(reference, hypothesis, 2), rouge_l(reference, hypothesis))
    return sum(measures) / len(measures)
