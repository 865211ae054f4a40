"""What guessing earns by the rule under which each kind of answer officially counts as right. It bounds what a reward may
pay for not looking.

The guess rate of a kind is the best of three: one of the answers the question leaves open at random, the commonest
answer of the family, the one answer that is best for the whole family. The last two know the answers of all tasks.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from spatialrl.bench.integrity.item import Item
from spatialrl.rewards.boxes import iou
from spatialrl.rewards.geometry_parts import angle_between
from spatialrl.rewards.masks import contains, read_mask
from spatialrl.rewards.mra import official_mra, relative_closeness
from spatialrl.rewards.parse.coordinates import Groups, coordinates
from spatialrl.types import LETTERS, Box, Task

Rule = Callable[[str, Task], float]
"""(answer, task): 0 to 1."""

DEGREES_RIGHT = 15.0
PATH_RIGHT = 0.1
"""Of the path's extent, by which its points may be off on average."""


def same_text(answer: str, task: Task) -> float:
    return float(answer.strip().casefold() == task.answer.strip().casefold())


def mra(answer: str, task: Task) -> float:
    """As VSI-Bench counts."""
    return official_mra(float(answer), float(task.answer))


def closeness(answer: str, task: Task) -> float:
    return relative_closeness(float(answer), float(task.answer))


def half_covered(answer: str, task: Task) -> float:
    """IoU of at least a half."""
    return float(float(iou(_groups(answer)[0], _groups(task.answer)[0])) >= 0.5)


def on_mask(answer: str, task: Task) -> float:
    mask = read_mask(task.answer)
    return float(mask is not None and all(contains(mask, (x, y)) for x, y in _groups(answer)))


def turned_alike(answer: str, task: Task) -> float:
    return float(angle_between(float(answer), float(task.answer)) <= DEGREES_RIGHT)


def same_path(answer: str, task: Task) -> float:
    points, true = np.array(_groups(answer)), np.array(_groups(task.answer))
    extent = np.linalg.norm(np.ptp(true, axis=0))
    return float(np.linalg.norm(points - true, axis=1).mean() <= PATH_RIGHT * extent)


RULES: dict[str, tuple[Rule, str]] = {
    "count": (mra, "MRA"),
    "measure": (mra, "MRA"),
    "regression": (closeness, "1 - relative error"),
    "box": (half_covered, "IoU of 0.5"),
    "point": (on_mask, "the point is on the mask"),
    "direction": (turned_alike, f"within {DEGREES_RIGHT:g} degrees"),
    "path": (same_path, f"off by {PATH_RIGHT:g} of its extent"),
}
"""By kind, and in words; the other kinds are right where they are equal to the truth."""
EQUAL: tuple[Rule, str] = (same_text, "equal")


@dataclass(frozen=True)
class Prior:
    """What is known of the tasks of a kind without their images."""

    kind: str
    items: Sequence[Item]
    typical_box: Box
    """In pixels: the one that covers things best, whatever they are."""

    @property
    def rule(self) -> Rule:
        return RULES.get(self.kind, EQUAL)[0]

    @cached_property
    def answers(self) -> dict[str, list[str]]:
        """By family, as the honest policy writes them."""
        found: dict[str, list[str]] = defaultdict(list)
        for item in self.items:
            found[item.task.family].append(item.truth)
        return found

    @cached_property
    def guess_rate(self) -> float:
        strategies = (self.open_answers, lambda item: [self.commonest(item)], lambda item: [self.best_constant(item)])
        return max(self._rate(strategy) for strategy in strategies)

    def open_answers(self, item: Item) -> Sequence[str]:
        """Those the question leaves open, else those that others of the family have."""
        return item.candidates or self.answers[item.task.family]

    def others(self, item: Item) -> list[str]:
        """What is true of the other tasks of its family."""
        return [other.truth for other in self.items if other is not item and other.task.family == item.task.family]

    def commonest(self, item: Item) -> str:
        """Of a choice, the option whose text is most often right. What is right only once teaches nothing."""
        uses = self._uses[item.task.family]
        known = {answer: uses[_text(item.task, answer)] for answer in self.open_answers(item)}
        return max(known, key=lambda answer: known[answer] if known[answer] > 1 else 0)

    def best_constant(self, item: Item) -> str:
        return self._constants[item.task.family]

    @cached_property
    def _uses(self) -> dict[str, Counter[str]]:
        uses: dict[str, Counter[str]] = defaultdict(Counter)
        for item in self.items:
            uses[item.task.family][_text(item.task, item.truth)] += 1
        return uses

    @cached_property
    def _constants(self) -> dict[str, str]:
        by_family: dict[str, list[Item]] = defaultdict(list)
        for item in self.items:
            by_family[item.task.family].append(item)
        return {
            family: max(dict.fromkeys(self.answers[family]), key=lambda answer: self._sum(answer, items))
            for family, items in by_family.items()
        }

    def _sum(self, answer: str, items: Sequence[Item]) -> float:
        return math.fsum(self.rule(answer, item.task) for item in items)

    def _rate(self, strategy: Callable[[Item], Sequence[str]]) -> float:
        rates = [np.mean([self.rule(answer, item.task) for answer in strategy(item)]) for item in self.items]
        return float(np.mean(rates))


def _text(task: Task, answer: str) -> str:
    return task.options[LETTERS.index(answer)] if task.answer_kind == "choice" else answer


def _groups(text: str) -> Groups:
    groups = coordinates(text)
    assert isinstance(groups, tuple), text
    return groups
