"""Supervised learning as the actor sees it: a demonstration is a trajectory written by a teacher and worth 1."""

from collections.abc import Sequence

from spatialrl.data.vision import PromptReader
from spatialrl.errors import DataError
from spatialrl.evaluate import blanked
from spatialrl.types import Completion, Scored, Task, Trajectory


class DemonstrationReader:
    """Turns tasks into trajectories, without opening their media: token ids depend only on sizes."""

    def __init__(self, reader: PromptReader) -> None:
        self.reader = reader
        self.known: dict[str, Trajectory] = {}

    def read(self, tasks: Sequence[Task]) -> list[Trajectory]:
        return [self.known.get(task.id) or self.add(task) for task in tasks]

    def add(self, task: Task) -> Trajectory:
        (blank,) = blanked([task])
        inputs = self.reader.model_inputs(blank, self.reader.load(blank))
        completion = Completion(
            prompt_ids=tuple(inputs.prompt_ids),
            token_ids=tuple(self.reader.completion_ids(task.demonstration)),
            text=task.demonstration,
        )
        self.known[task.id] = Trajectory(task=task, completion=completion, score=Scored(reward=1.0), advantage=1.0)
        return self.known[task.id]


def check_demonstrations(tasks: Sequence[Task]) -> None:
    missing = [task.id for task in tasks if not task.demonstration]
    if missing:
        raise DataError(
            f"data.train has {len(missing)} rows without a demonstration (the first is {missing[0]}); SFT learns from them."
        )
