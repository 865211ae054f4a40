"""RewardService: a pool of CPU actors, of which each scores one completion at a time; the others wait in line.

A completion that hangs or kills its worker costs itself, not the run: the worker is replaced, the completion tried once
more and then left `Unscored`. An exception of a reward function is a mistake in it, and ends the run with a sentence.
"""

import asyncio
from dataclasses import dataclass, replace
from typing import Any, Self

import ray
from ray.exceptions import OutOfMemoryError, RayActorError, RayTaskError

from spatialrl.config import RewardConfig
from spatialrl.errors import ResourceError, WorkerError
from spatialrl.rewards import REWARDS, RewardFn
from spatialrl.types import Completion, Score, Task, Unscored
from workers.reward.worker import RewardWorker

NUM_ATTEMPTS = 2


@dataclass
class Seat:
    """A place in the pool; who sits there changes when a worker is replaced."""

    worker: Any


class RewardPool:
    def __init__(self, config: RewardConfig, reward: RewardFn, *, num_cpus: float, start_timeout_s: float) -> None:
        """Use `start`: this starts nothing."""
        self._config = config
        self._reward = reward
        self._num_cpus = num_cpus
        self._start_timeout_s = start_timeout_s
        self._seats: list[Seat] = []
        self._free: asyncio.Queue[Seat] = asyncio.Queue()
        self._num_waiting = 0
        self._counts = {"reward/timeouts": 0, "reward/restarts": 0, "reward/unscored": 0}

    @classmethod
    async def start(cls, config: RewardConfig, *, num_cpus: float = 1.0, start_timeout_s: float = 300.0) -> Self:
        """Returns once all workers are up. Each asks Ray for `num_cpus`, which may be a fraction on a small machine."""
        pool = cls(config, REWARDS[config.name], num_cpus=num_cpus, start_timeout_s=start_timeout_s)
        pool._seats = [Seat(pool._launch()) for _ in range(config.num_workers)]
        await asyncio.gather(*(pool._wait_until_up(seat) for seat in pool._seats))
        for seat in pool._seats:
            pool._free.put_nowait(seat)
        return pool

    async def score(self, task: Task, completion: Completion) -> Score:
        """The prompt ids and log-probs stay here: no reward looks at them, and they are most of the bytes."""
        visible = replace(completion, prompt_ids=(), logprobs_T=())
        seat = await self._take_seat()
        try:
            score = await self._score_at(seat, task, visible)
        finally:
            self._free.put_nowait(seat)
        self._counts["reward/unscored"] += isinstance(score, Unscored)
        return score

    def metrics(self) -> dict[str, float]:
        """Counts since the start of the run."""
        return dict(self._counts)

    def close(self) -> None:
        for seat in self._seats:
            ray.kill(seat.worker)
        self._seats = []

    async def _take_seat(self) -> Seat:
        # Whoever stands ahead may need every attempt, and each may end with a new worker.
        turn_s = NUM_ATTEMPTS * (self._config.timeout_s + self._start_timeout_s)
        deadline_s = turn_s * (1 + self._num_waiting // len(self._seats))
        self._num_waiting += 1
        try:
            async with asyncio.timeout(deadline_s):
                return await self._free.get()
        except TimeoutError as error:
            raise WorkerError(
                f"None of {len(self._seats)} reward workers became free within {deadline_s:g} s, "
                f"{self._num_waiting} completions waiting. Raise reward.num_workers or lower reward.timeout_s."
            ) from error
        finally:
            self._num_waiting -= 1

    async def _score_at(self, seat: Seat, task: Task, completion: Completion) -> Score:
        reason = ""
        for _ in range(NUM_ATTEMPTS):
            try:
                async with asyncio.timeout(self._config.timeout_s):
                    return await seat.worker.score.remote(task, completion)
            except RayTaskError as error:
                raise WorkerError(f"Reward {self._config.name} failed on task {task.id}: {error.cause!r}.") from error
            # Door: the text made its worker hang or die. Counted; the worker is replaced and the text tried once more.
            except TimeoutError:
                self._counts["reward/timeouts"] += 1
                reason = f"timed out after {self._config.timeout_s:g} s"
            except (RayActorError, OutOfMemoryError):
                reason = "the reward worker died"
            await self._replace_worker(seat)
        return Unscored(reason=f"{reason}: reward {self._config.name} on task {task.id}, {NUM_ATTEMPTS} attempts")

    async def _replace_worker(self, seat: Seat) -> None:
        self._counts["reward/restarts"] += 1
        ray.kill(seat.worker)
        seat.worker = self._launch()
        await self._wait_until_up(seat)

    def _launch(self) -> Any:
        actor = ray.remote(RewardWorker).options(num_cpus=self._num_cpus)
        return actor.remote(self._reward, self._config.args)

    async def _wait_until_up(self, seat: Seat) -> None:
        try:
            async with asyncio.timeout(self._start_timeout_s):
                await seat.worker.ready.remote()
        except RayActorError as error:
            raise WorkerError(f"A reward worker died while it started: {error}") from error
        except TimeoutError as error:
            free, total = ray.available_resources().get("CPU", 0), ray.cluster_resources().get("CPU", 0)
            raise ResourceError(
                f"A reward worker did not start within {self._start_timeout_s:g} s: each of {self._config.num_workers} "
                f"asks Ray for {self._num_cpus:g} CPUs, and {free:g} of {total:g} are free. Lower reward.num_workers."
            ) from error
