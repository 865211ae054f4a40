"""SpaceR's bonus for solved answers of a certain length, paid where a group has solved its task more than once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from spatialrl.contrasts.twin import Twin, accuracy
from spatialrl.errors import ConfigError
from spatialrl.rewards.temporal import LEAST_ACCURACY
from spatialrl.types import Task, Trajectory

LEAST_SOLVED = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Length:
    """Lengths are in tokens, the end token among them."""

    needs: ClassVar[str] = ""
    bonus: float = 0.2
    low: int = 320
    high: int = 512
    part: str = "accuracy"

    def __post_init__(self) -> None:
        if not 0 < self.low <= self.high:
            raise ConfigError(
                f"The length bonus is for {self.low} to {self.high} tokens; give low and high with 0 < low <= high."
            )

    def twin(self, task: Task, *, tasks: Mapping[str, Task], seed: int) -> Twin | None:
        return None

    def bonuses(self, ours_G: Sequence[Trajectory], theirs: Sequence[Trajectory]) -> list[float]:
        solved_G = [(accuracy(trajectory, part=self.part) or 0.0) > LEAST_ACCURACY for trajectory in ours_G]
        pays = sum(solved_G) >= LEAST_SOLVED
        return [
            self.bonus * (pays and solved and self.low <= len(trajectory.completion.token_ids) <= self.high)
            for solved, trajectory in zip(solved_G, ours_G, strict=True)
        ]
