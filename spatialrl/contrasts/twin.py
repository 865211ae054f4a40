"""The nouns of a contrast: a twin, and what compares its answers with those of the task."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar, Protocol

from spatialrl.types import Scored, Task, Trajectory


@dataclass(frozen=True, slots=True, kw_only=True)
class Twin:
    """A task whose answers are compared with those of another one."""

    task: Task
    share: float = 1.0
    """Completions of the twin, as a share of those of the task; at least one."""
    learns: bool = True
    """Whether the twin's completions belong to the group, or are only compared with."""

    def num_completions(self, of_task: int) -> int:
        return max(1, int(self.share * of_task))


class Contrast(Protocol):
    needs: ClassVar[str]
    """What a task must have to have a twin, as the end of a sentence; empty where the contrast asks for no twin."""

    @property
    def part(self) -> str:
        """Of the scores, that it looks at; empty where it reads the answers themselves."""
        ...

    def twin(self, task: Task, *, tasks: Mapping[str, Task], seed: int) -> Twin | None:
        """None where the task has none. `tasks` are all of the run, by id."""
        ...

    def bonuses(self, ours_G: Sequence[Trajectory], theirs: Sequence[Trajectory]) -> list[float]:
        """What each of ours is worth beside theirs, the answers to the twin."""
        ...


def accuracy(trajectory: Trajectory, *, part: str) -> float | None:
    """The part of this name; of a score without parts the reward. None where it could not be judged."""
    score = trajectory.score
    if not isinstance(score, Scored):
        return None
    return score.parts.get(part) if score.parts else score.reward
