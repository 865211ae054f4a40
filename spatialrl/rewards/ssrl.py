r"""Spatial-SSRL's parts, corrected: sequences and label pairs read by the parser, partial credit that guessing does not
earn, and a format with one think block and one box. Each is 0 to 1; what can't be read is worth 0.
"""

from collections.abc import Sequence
from typing import Literal

from spatialrl.rewards.parse import Malformed, answer_text, label_pair, last_boxed, says_something, sequence
from spatialrl.types import Completion, Task, Unscored

Partial = Literal["none", "position", "kendall"]
BOX = r"\boxed"


def sequence_accuracy(
    task: Task, completion: Completion, *, partial: Partial = "none", partial_share: float = 0.5
) -> float | Unscored:
    """1 for the true sequence. `partial` gives other orders of its labels up to `partial_share`, by their agreement."""
    truth = sequence(task.answer)
    if task.unit or isinstance(truth, Malformed):
        return Unscored(reason=f"the answer of task {task.id} is {task.answer!r}, which is no sequence")
    answer = answer_text(completion.text)
    guess = answer if isinstance(answer, Malformed) else sequence(answer)
    if isinstance(guess, Malformed) or sorted(guess) != sorted(truth):
        return 0.0
    return 1.0 if guess == truth else partial_share * agreement(guess, truth, partial)


def agreement(guess: Sequence[int], truth: Sequence[int], partial: Partial) -> float:
    """Of two orders of the same labels."""
    if partial == "position":
        return position_agreement(guess, truth)
    return kendall_agreement(guess, truth) if partial == "kendall" else 0.0


def position_agreement(guess: Sequence[int], truth: Sequence[int]) -> float:
    """Share of the labels in their place, less the one label that is there by chance; at least 0."""
    num_right = sum(a == b for a, b in zip(guess, truth, strict=True))
    return max(0.0, (num_right - 1) / (len(truth) - 1)) if len(truth) > 1 else float(num_right)


def kendall_agreement(guess: Sequence[int], truth: Sequence[int]) -> float:
    """Kendall's tau, at least 0: a random order has tau 0 on average, the reverse -1. Labels are different ones."""
    if len(set(truth)) < len(truth) or len(truth) < 2:
        return float(list(guess) == list(truth))
    place = {label: index for index, label in enumerate(truth)}
    places = [place[label] for label in guess]
    num_pairs = len(places) * (len(places) - 1) // 2
    num_swapped = sum(first > second for i, first in enumerate(places) for second in places[i + 1 :])
    return max(0.0, 1 - 2 * num_swapped / num_pairs)


def label_pair_accuracy(task: Task, completion: Completion) -> float | Unscored:
    """1 where both labels are right, in their order; case and separators aside."""
    truth = label_pair(task.answer)
    if isinstance(truth, Malformed):
        return Unscored(reason=f"the answer of task {task.id} is {task.answer!r}, which is no pair of labels")
    answer = answer_text(completion.text)
    return 0.0 if isinstance(answer, Malformed) else float(label_pair(answer) == truth)


def think_boxed_format(task: Task, completion: Completion) -> float:
    """One think block that says something, and after it exactly one box, which does too."""
    before, opening, rest = completion.text.partition("<think>")
    thought, closing, conclusion = rest.partition("</think>")
    boxed = last_boxed(conclusion)
    is_ordered = bool(opening and closing) and not before.strip() and conclusion.count(BOX) == 1
    is_once = "<think>" not in rest and "</think>" not in conclusion
    return float(
        is_ordered and is_once and says_something(thought) and isinstance(boxed, str) and says_something(boxed)
    )
