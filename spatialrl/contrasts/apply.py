"""The contrasts of a run: which twins a task has, and the group that judges all of their answers beside each other."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from spatialrl.config import RewardConfig
from spatialrl.contrasts.settings import make_contrasts
from spatialrl.contrasts.turned import one_of_each_pair
from spatialrl.contrasts.twin import Twin
from spatialrl.errors import ConfigError
from spatialrl.seeds import stable_seed
from spatialrl.types import Group, Scored, Task, Trajectory


@dataclass(frozen=True, slots=True)
class TwinAnswers:
    """What was answered to the twin that a contrast asked for."""

    name: str
    twin: Twin
    trajectories: Sequence[Trajectory]


class Contrasts:
    def __init__(self, reward: RewardConfig, *, tasks: Sequence[Task]) -> None:
        """`tasks` are those a twin may be found among."""
        self.reward = reward
        self.active = make_contrasts(reward)
        self.tasks = tasks
        self.by_id = {task.id: task for task in tasks}

    def check(self) -> None:
        """Raises ConfigError where a contrast would find no twin in all of the data."""
        for name, contrast in self.active.items():
            if contrast.needs and not any(contrast.twin(task, tasks=self.by_id, seed=0) for task in self.tasks):
                raise ConfigError(
                    f"reward.contrasts.{name} finds a twin for none of the {len(self.tasks)} tasks of data.train; a task "
                    f"needs {contrast.needs}. Give other data, or switch it off: reward.contrasts.{name}=null."
                )

    def leading(self) -> list[Task]:
        """The tasks to draw from: of two that are each other's twins one, which brings the other."""
        return one_of_each_pair(self.tasks, self.by_id) if "swapped" in self.active else list(self.tasks)

    def twins(self, task: Task, *, seed: int) -> dict[str, Twin]:
        """By the contrast that asks for them."""
        found = {
            name: contrast.twin(task, tasks=self.by_id, seed=stable_seed(seed, name))
            for name, contrast in self.active.items()
        }
        return {name: twin for name, twin in found.items() if twin is not None}

    def group(self, task: Task, ours_G: Sequence[Trajectory], answers: Sequence[TwinAnswers]) -> Group:
        """Ours and those of twins that learn, each with its bonuses; the others beside them."""
        learning = self.with_bonuses(ours_G, {of.name: of.trajectories for of in answers})
        for of in answers:
            learning += self.with_bonuses(of.trajectories, {of.name: ours_G}) if of.twin.learns else []
        beside = [trajectory for of in answers if not of.twin.learns for trajectory in of.trajectories]
        return Group(task=task, trajectories_G=tuple(learning), beside=tuple(beside))

    def with_bonuses(self, side: Sequence[Trajectory], others: Mapping[str, Sequence[Trajectory]]) -> list[Trajectory]:
        """`others` are the answers that this side is compared with, by contrast. Without a twin a contrast that needs
        one says nothing."""
        speaking = {name: c for name, c in self.active.items() if name in others or not c.needs}
        for name, contrast in speaking.items():
            self.check_part(name, contrast.part, side)
        earned = {name: contrast.bonuses(side, others.get(name, ())) for name, contrast in speaking.items()}
        return [
            add_parts(trajectory, {name: bonuses[place] for name, bonuses in earned.items()})
            for place, trajectory in enumerate(side)
        ]

    def check_part(self, name: str, part: str, side: Sequence[Trajectory]) -> None:
        """A composed reward names its parts in the config; what parts another has is seen in its scores."""
        if not part or self.reward.name == "composed":
            return
        for score in (trajectory.score for trajectory in side):
            if isinstance(score, Scored) and score.parts and part not in score.parts:
                raise ConfigError(
                    f"reward.contrasts.{name} looks at the part '{part}', which the reward {self.reward.name} does not "
                    f"give; say which one it is: reward.contrasts.{name}.part={'|'.join(score.parts)}."
                )


NO_CONTRASTS = Contrasts(RewardConfig(), tasks=())


def add_parts(trajectory: Trajectory, bonuses: Mapping[str, float]) -> Trajectory:
    """A completion without a score stays without."""
    score = trajectory.score
    if not isinstance(score, Scored):
        return trajectory
    reward = score.reward + sum(bonuses.values())
    return replace(trajectory, score=Scored(reward=reward, parts={**score.parts, **bonuses}))
