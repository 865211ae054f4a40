"""The Ray actor that scores completions, one at a time. It may hang or die with the text it is given; `pool.py` sees to
that. It runs on a CPU and knows nothing but its reward function."""

from collections.abc import Mapping
from typing import Any

from spatialrl.rewards import RewardFn
from spatialrl.types import Completion, Score, Task


class RewardWorker:
    def __init__(self, reward: RewardFn, args: Mapping[str, Any]) -> None:
        self._reward = reward
        self._args = args

    def ready(self) -> None:
        """Returns once the process is up and the reward's imports are done."""

    def score(self, task: Task, completion: Completion) -> Score:
        return self._reward(task, completion, **self._args)
