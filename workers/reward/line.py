"""Completions that wait for a worker, in the order they came; those that a lost worker left behind come first."""

import asyncio
import time
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field

from spatialrl.types import Score


@dataclass(eq=False, slots=True, kw_only=True)
class Job:
    task_id: str
    packed: tuple[bytes, bytes]
    """Task and completion."""
    score: asyncio.Future[Score]
    asked_at: float = field(default_factory=time.monotonic)
    is_second_attempt: bool = False

    def settle(self, outcome: Score | Exception) -> None:
        """Whoever stopped waiting is left alone."""
        if self.score.done():
            return
        if isinstance(outcome, Exception):
            self.score.set_exception(outcome)
        else:
            self.score.set_result(outcome)


class Line:
    def __init__(self) -> None:
        self._first: deque[Job] = deque()
        self._second: deque[Job] = deque()

    def __len__(self) -> int:
        return len(self._first) + len(self._second)

    def append(self, job: Job) -> None:
        self._first.append(job)

    def put_back(self, jobs: Iterable[Job]) -> None:
        """For a second attempt."""
        for job in jobs:
            job.is_second_attempt = True
            self._second.append(job)

    def take(self, num: int) -> list[Job]:
        """A second attempt is made alone, so that it can be harmed by itself only. Jobs that nobody waits for any more
        are dropped."""
        while self._second:
            if not (job := self._second.popleft()).score.done():
                return [job]
        jobs: list[Job] = []
        while self._first and len(jobs) < num:
            if not (job := self._first.popleft()).score.done():
                jobs.append(job)
        return jobs

    def fail(self, error: Exception) -> None:
        for job in (*self._second, *self._first):
            job.settle(error)
        self._second.clear()
        self._first.clear()
