"""RewardService: CPU actors that score completions, as many in one call as make a short one.

A completion that hangs, exhausts memory or kills its worker costs itself, not the run: the worker is replaced in the
background, every completion of the call is tried once more, alone, and what fails again is left `Unscored`. An exception
of a reward is a mistake in it, and ends the run with a sentence.

No wait is endless: a call ends by `reward.timeout_s`, a start by its own deadline, and a pool that has lost all of its
workers for good says so to everyone who waits.
"""

import asyncio
import time
from collections import deque
from collections.abc import Coroutine, Mapping, Sequence
from typing import Any, Self

import ray

from spatialrl.config import RewardConfig
from spatialrl.errors import ResourceError, UserError, WorkerError
from spatialrl.rewards.nature import is_repeatable
from spatialrl.rewards.user_file import with_source
from spatialrl.types import Completion, Score, Task, Unscored
from workers.reward.batch_size import BatchSize
from workers.reward.cache import ScoreCache, reward_version
from workers.reward.counters import Counters
from workers.reward.line import Job, Line
from workers.reward.parcel import CompletionPacker, TaskPacker, pack, unpack_scores
from workers.reward.seat import Seat, StartFailed, WorkerLost

STARTS_IN_A_ROW = 3
"""A seat whose worker did not come up so many times is given up."""


class RewardPool:
    def __init__(self, config: RewardConfig, *, start_timeout_s: float) -> None:
        """Use `start`: this starts nothing."""
        args = with_source(config.args) if config.name == "user" else config.args
        self._config = config
        self._start_timeout_s = start_timeout_s
        self._tasks = TaskPacker()
        self._completions = CompletionPacker(config.name, args)
        is_cached = is_repeatable(config.name, args)
        version = reward_version(config.name, args)
        self._cache = ScoreCache(size=config.cache_size if is_cached else 0, version=version)
        self._seats = [Seat(config, args) for _ in range(config.num_workers)]
        self._free: deque[Seat] = deque()
        self._places = asyncio.Semaphore(config.max_pending)
        self._line = Line()
        self._is_dispatch_due = False
        self._counters = Counters()
        self._running: set[asyncio.Task[None]] = set()
        self._broken: UserError | None = None

    @classmethod
    async def start(cls, config: RewardConfig, *, start_timeout_s: float = 300.0) -> Self:
        """Returns once all workers are up; all start at once, as fast as their nodes let them."""
        pool = cls(config, start_timeout_s=start_timeout_s)
        try:
            await pool._start_all()
        except BaseException:
            pool.close()
            raise
        return pool

    async def score(self, task: Task, completion: Completion) -> Score:
        packed = self._tasks.pack(task), self._completions.pack(completion)
        key = self._cache.key(*packed)
        if (known := self._cache.get(key)) is not None:
            self._counters.add("cache_hits")
            return known
        async with self._places:
            score = await self._wait_in_line(task.id, packed)
        if not isinstance(score, Unscored) or score.code == "refused":
            self._cache.put(key, score)
        return score

    @property
    def workers(self) -> list[Any]:
        """The Ray actors that sit here now."""
        return [seat.worker for seat in self._seats]

    def metrics(self) -> Mapping[str, float]:
        """Since the last time this was asked."""
        return self._counters.take() | {"reward/workers": float(len(self._seats))}

    def close(self) -> None:
        self._break(WorkerError("The reward pool is closed."))
        for task in self._running:
            task.cancel()
        for seat in self._seats:
            seat.leave()
        self._seats = []

    async def _wait_in_line(self, task_id: str, packed: tuple[bytes, bytes]) -> Score:
        if self._broken is not None:
            raise self._broken
        job = Job(task_id=task_id, packed=packed, score=asyncio.get_running_loop().create_future())
        self._line.append(job)
        self._dispatch_soon()
        score = await job.score
        self._counters.took(time.monotonic() - job.asked_at)
        return score

    def _dispatch_soon(self) -> None:
        """Once everyone who is about to ask has asked."""
        if not self._is_dispatch_due:
            self._is_dispatch_due = True
            asyncio.get_running_loop().call_soon(self._dispatch)

    def _dispatch(self) -> None:
        self._is_dispatch_due = False
        self._counters.saw_queue(len(self._line))
        while self._free:
            num = self._size.choose(num_waiting=len(self._line), num_workers=len(self._seats))
            if not (jobs := self._line.take(num)):
                return
            self._run(self._serve(self._free.popleft(), jobs))

    async def _serve(self, seat: Seat, jobs: Sequence[Job]) -> None:
        try:
            reply = await seat.score(pack([job.packed for job in jobs]))
        except WorkerLost as lost:
            self._forgive(jobs, lost)
            self._replace(seat)
        except WorkerError as mistake:
            for job in jobs:
                job.settle(mistake)
            self._break(mistake)
        else:
            self._size.learn(len(jobs), seconds=reply.seconds)
            if reply.is_worn_out:
                self._replace(seat)
            else:
                self._free.append(seat)
            # The worker has its next call before this one's scores are handed out.
            self._dispatch()
            for job, score in zip(jobs, unpack_scores(reply.scores), strict=True):
                job.settle(score)

    def _forgive(self, jobs: Sequence[Job], lost: WorkerLost) -> None:
        """One of them is to blame, which one nobody knows: so each is tried once more by itself."""
        if lost.code == "timeout":
            self._counters.add("timeouts")
        for job in (job for job in jobs if job.is_second_attempt):
            reason = f"{lost} in both of two attempts: reward {self._config.name} on task {job.task_id}"
            job.settle(Unscored(code=lost.code, reason=reason))
        again = [job for job in jobs if not job.is_second_attempt]
        self._counters.add("retries", len(again))
        self._line.put_back(again)

    def _replace(self, seat: Seat) -> None:
        self._counters.add("restarts")
        self._run(self._fill(seat))
        self._dispatch_soon()

    async def _fill(self, seat: Seat) -> None:
        """The others go on meanwhile."""
        failure = None
        for _ in range(STARTS_IN_A_ROW):
            seat.launch()
            try:
                await seat.wait_until_up(timeout_s=self._start_timeout_s)
            except StartFailed as error:
                failure = error
            else:
                self._free.append(seat)
                return self._dispatch()
        self._give_up(seat, failure)
        return None

    def _give_up(self, seat: Seat, failure: StartFailed | None) -> None:
        seat.leave()
        self._seats.remove(seat)
        if not self._seats:
            self._break(WorkerError(f"No reward worker is left: the last one {failure}."))

    def _break(self, error: UserError) -> None:
        """From now on everyone who asks, or waits in line, is told."""
        self._broken = self._broken or error
        self._line.fail(self._broken)

    def _run(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._running.add(task)
        task.add_done_callback(self._running.discard)

    async def _start_all(self) -> None:
        for seat in self._seats:
            seat.launch()
        starts = [asyncio.ensure_future(seat.wait_until_up(timeout_s=self._start_timeout_s)) for seat in self._seats]
        try:
            await asyncio.gather(*starts)
        except StartFailed as error:
            num_up = sum(start.done() and not start.cancelled() and start.exception() is None for start in starts)
            raise ResourceError(self._not_started(error, num_up)) from error
        self._size = BatchSize(
            target_s=self._config.call_s,
            most=self._config.max_batch,
            gains_from_many=self._seats[0].gains_from_many,
        )
        self._free.extend(self._seats)

    def _not_started(self, error: StartFailed, num_up: int) -> str:
        free, total = ray.available_resources().get("CPU", 0), ray.cluster_resources().get("CPU", 0)
        return (
            f"Of {self._config.num_workers} reward workers {num_up} are up, and one {error}. Each asks Ray for "
            f"{self._config.cpus_per_worker:g} CPUs; {free:g} of {total:g} are free. "
            "Lower reward.num_workers or reward.cpus_per_worker."
        )
