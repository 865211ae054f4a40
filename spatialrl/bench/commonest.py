"""What somebody earns who gives the same answer to every question of a family: the commonest letter, the commonest words,
or of numbers the best constant. Made data should leave them no more than chance."""

import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from spatialrl.rewards.spacer import answer_accuracy
from spatialrl.types import Completion, Task, Unscored

CLOSED = ("sequence", "label_pair")
"""Kinds whose answers are one of a few."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Constant:
    num_rows: int
    chance: float
    """Of a choice; of orders and pairs one in as many as occur; 0 for numbers."""
    share: float
    """Of the accuracy that could be had."""


def commonest(tasks: Iterable[Task]) -> dict[str, Constant]:
    """By family, or the variant of one."""
    families: dict[str, list[Task]] = defaultdict(list)
    for task in tasks:
        families[task.extra.get("variant") or task.family].append(task)
    return {family: constant(of_family) for family, of_family in sorted(families.items())}


def tell(constants: Mapping[str, Mapping[str, Constant]]) -> None:
    """By generator."""
    sys.stdout.write("\n| generator | family | rows | chance | commonest answer |\n|---|---|---|---|---|\n")
    for title, families in constants.items():
        for family, found in families.items():
            chance = f"{100 * found.chance:.0f} %" if found.chance else ""
            sys.stdout.write(f"| {title} | {family} | {found.num_rows} | {chance} | {100 * found.share:.0f} % |\n")


def constant(tasks: Sequence[Task]) -> Constant:
    choices = [task for task in tasks if task.options]
    if not choices:
        answers = Counter(task.answer for task in tasks)
        if all(task.answer_kind in CLOSED for task in tasks):
            share = max(answers.values()) / len(tasks)
            return Constant(num_rows=len(tasks), chance=1 / len(answers), share=share)
        share = max(_mean_accuracy(tasks, answer) for answer in answers)
        return Constant(num_rows=len(tasks), chance=0.0, share=share)
    guesses = Counter(task.answer for task in choices), Counter(_words(task) for task in choices)
    share = max(max(counts.values()) for counts in guesses) / len(choices)
    chance = sum(1 / len(task.options) for task in choices) / len(choices)
    return Constant(num_rows=len(tasks), chance=chance, share=share)


def _words(task: Task) -> str:
    """Of two options that the question names, which one it names first or second."""
    places = {option: task.question.find(option) for option in task.options}
    if min(places.values()) < 0 or len(places) > 2:
        return task.answer_text
    return f"named {sorted(places, key=places.__getitem__).index(task.answer_text)}"


def _mean_accuracy(tasks: Sequence[Task], answer: str) -> float:
    completion = Completion(prompt_ids=(), token_ids=(), text=f"<answer>{answer}</answer>")
    values = (answer_accuracy(task, completion) for task in tasks)
    return sum(0.0 if isinstance(value, Unscored) else value for value in values) / len(tasks)
