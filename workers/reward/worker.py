"""The Ray actor that scores completions. It may hang or die with the text it is given; `pool.py` sees to that. It runs on
a CPU, knows nothing but its reward, and loads neither torch nor transformers by itself.
"""

import time
import traceback
from collections.abc import Mapping, Sequence
from typing import Any

from spatialrl.errors import UserError
from spatialrl.rewards import score_batch
from spatialrl.rewards.nature import gains_from_many
from spatialrl.types import Completion, Task
from workers.reward.memory_limit import MemoryLimit, is_out_of_memory, resident_bytes
from workers.reward.parcel import Reply, pack_scores, unpack

Pairs = Sequence[tuple[Task, Completion]]


class RewardWorker:
    def __init__(self, name: str, args: Mapping[str, Any], *, memory_mb: int) -> None:
        self._name = name
        self._args = args
        self._gains_from_many = gains_from_many(name, args)
        self._limit = MemoryLimit(memory_mb)

    def ready(self) -> bool:
        """Returns once the process is up and the reward's imports are done: whether the reward gains from many at once."""
        return self._gains_from_many

    def usage(self) -> tuple[float, float]:
        """Seconds of CPU so far, and resident megabytes now."""
        return time.process_time(), resident_bytes() / (1 << 20)

    def score(self, parcel: bytes) -> Reply:
        pairs = unpack(parcel)
        start = time.perf_counter()
        try:
            scores = pack_scores(score_batch(self._name, pairs, self._args))
        # Door: what is wrong with the reward is told by the pool, which ends the run; memory is another matter.
        except Exception as error:  # noqa: BLE001
            self._limit.lift()
            if is_out_of_memory(error):
                return Reply(is_out_of_memory=True)
            return Reply(mistake=self._mistake(pairs, error))
        return Reply(scores=scores, seconds=time.perf_counter() - start, is_worn_out=self._limit.is_near())

    def _mistake(self, pairs: Pairs, error: Exception) -> str:
        """Names the task; of several the first that fails alone as well."""
        for task, completion in pairs if len(pairs) > 1 else ():
            try:
                score_batch(self._name, [(task, completion)], self._args)
            except Exception as alone:  # noqa: BLE001  the run is about to end with it
                return f"on task {task.id}: {described(alone)}"
        where = f"task {pairs[0][0].id}" if len(pairs) == 1 else f"{len(pairs)} completions at once"
        return f"on {where}: {described(error)}"


def described(error: Exception) -> str:
    """In one sentence, with the line that raised it."""
    if isinstance(error, UserError):
        return str(error)
    frames = traceback.extract_tb(error.__traceback__)
    line = f", {frames[-1].filename} line {frames[-1].lineno}" if frames else ""
    return f"{type(error).__name__}: {error}{line}"
