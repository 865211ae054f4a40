"""Answers to a video beside answers to the same frames in disorder: what does not need their order earns no bonus."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import ClassVar

from spatialrl.contrasts.twin import Twin, accuracy
from spatialrl.rewards.temporal import BONUS, shuffled_frames, temporal_bonus, temporal_bonus_compat
from spatialrl.seeds import stable_seed
from spatialrl.types import FramePlan, Task, Trajectory

SHARE = 0.5
"""Answers to the shuffled frames for each answer to the ordered ones."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Temporal:
    """The bonus for each solved one where the mean accuracy is above that of the shuffled by the margin at least."""

    needs: ClassVar[str] = "a video whose frame plan has two different frames"
    bonus: float = BONUS
    margin: float = 0.1
    part: str = "accuracy"

    def twin(self, task: Task, *, tasks: Mapping[str, Task], seed: int) -> Twin | None:
        return shuffled_twin(task, seed)

    def bonuses(self, ours_G: Sequence[Trajectory], theirs: Sequence[Trajectory]) -> list[float]:
        rule = partial(temporal_bonus, bonus=self.bonus, margin=self.margin)
        return compared(rule, ours_G, theirs, part=self.part)


@dataclass(frozen=True, slots=True, kw_only=True)
class TemporalCompat:
    """SpaceR's rule and numbers."""

    needs: ClassVar[str] = Temporal.needs
    part: str = "accuracy"

    def twin(self, task: Task, *, tasks: Mapping[str, Task], seed: int) -> Twin | None:
        return shuffled_twin(task, seed)

    def bonuses(self, ours_G: Sequence[Trajectory], theirs: Sequence[Trajectory]) -> list[float]:
        return compared(temporal_bonus_compat, ours_G, theirs, part=self.part)


def shuffled_twin(task: Task, seed: int) -> Twin | None:
    """Every video of the task with its frames in another order; nothing else differs, times included."""
    if not any(has_order(medium.frames) for medium in task.media):
        return None
    media = tuple(
        replace(medium, frames=shuffled_frames(medium.frames, stable_seed(seed, place)))
        if medium.frames is not None and has_order(medium.frames)
        else medium
        for place, medium in enumerate(task.media)
    )
    return Twin(task=replace(task, id=f"{task.id}/shuffled", media=media), share=SHARE, learns=False)


def has_order(plan: FramePlan | None) -> bool:
    return plan is not None and len(set(plan.indices)) > 1


def compared(
    rule: Callable[[Sequence[float], Sequence[float]], list[float]],
    ours_G: Sequence[Trajectory],
    theirs: Sequence[Trajectory],
    *,
    part: str,
) -> list[float]:
    """What could not be judged is in neither mean, and earns nothing."""
    ours, shuffled = ([accuracy(trajectory, part=part) for trajectory in side] for side in (ours_G, theirs))
    earned = iter(rule(judged(ours), judged(shuffled)))
    return [0.0 if value is None else next(earned) for value in ours]


def judged(values: Sequence[float | None]) -> list[float]:
    return [value for value in values if value is not None]
