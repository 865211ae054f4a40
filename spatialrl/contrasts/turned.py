"""Answers beside those to the scene mirrored, or seen from its other side: an answer is worth more the more often the
twin's answers turn as geometry says. Twins are tasks like others and learn.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from spatialrl.contrasts.mirror import mirrored
from spatialrl.contrasts.twin import Twin
from spatialrl.errors import DataError
from spatialrl.rewards.consistency import Change, agreement, are_twins
from spatialrl.types import Task, Trajectory

BONUS = 0.3


@dataclass(frozen=True, slots=True, kw_only=True)
class Turned:
    change: ClassVar[Change]
    bonus: float = BONUS
    """For a right answer with which all answers to the twin agree."""
    needs_right: bool = True
    """Whether only right answers earn it."""

    @property
    def part(self) -> str:
        return ""

    def bonuses(self, ours_G: Sequence[Trajectory], theirs: Sequence[Trajectory]) -> list[float]:
        if not ours_G or not theirs:
            return [0.0] * len(ours_G)
        shares_G = agreement(
            ours_G[0].task,
            [trajectory.completion.text for trajectory in ours_G],
            theirs[0].task,
            [trajectory.completion.text for trajectory in theirs],
            change=self.change,
            needs_right=self.needs_right,
        )
        return [self.bonus * share for share in shares_G]


@dataclass(frozen=True, slots=True, kw_only=True)
class Mirrored(Turned):
    change: ClassVar[Change] = "mirrored"
    needs: ClassVar[str] = "images or videos, and an answer of which geometry says what it is in a mirror"

    def twin(self, task: Task, *, tasks: Mapping[str, Task], seed: int) -> Twin | None:
        other = mirrored(task)
        return Twin(task=other) if other else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Swapped(Turned):
    change: ClassVar[Change] = "swapped"
    needs: ClassVar[str] = (
        "the id of its twin in the field twin (spatialrl data make=scenes twins=swapped writes such tasks)"
    )

    def twin(self, task: Task, *, tasks: Mapping[str, Task], seed: int) -> Twin | None:
        if not task.twin:
            return None
        if task.twin not in tasks:
            raise DataError(
                f"Task {task.id} names {task.twin} as its twin, which is not among the tasks of this run; keep both in "
                "one file and in one of data.families."
            )
        other = tasks[task.twin]
        return Twin(task=other) if are_twins(task, other, self.change) else None


def one_of_each_pair(tasks: Iterable[Task], by_id: Mapping[str, Task]) -> list[Task]:
    """Without those that come as the twin of an earlier one."""
    kept: list[Task] = []
    paired: set[str] = set()
    for task in tasks:
        twin = Swapped().twin(task, tasks=by_id, seed=0)
        if task.id not in paired:
            kept.append(task)
            paired |= {twin.task.id} if twin else set()
    return kept
