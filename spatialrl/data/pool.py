"""Work that many processes share. Jobs are handed out as results come back, so neither pile up in memory."""

import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Collection, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from itertools import islice
from multiprocessing import active_children, get_context, parent_process
from typing import TypeVar

from spatialrl.errors import ResourceError

Job = TypeVar("Job")
Result = TypeVar("Result")

PARALLEL_FROM = 64
"""Jobs; fewer are done here and now, since starting processes takes a second."""
AHEAD = 4
"""Jobs handed out for each process."""
STALL_S = 300
"""Deadline of the next result."""


class Pool:
    """Processes, or none: then the work is done by the caller."""

    def __init__(self, executor: ProcessPoolExecutor | None, num_processes: int) -> None:
        self.executor = executor
        self.num_ahead = AHEAD * num_processes

    def in_order(self, work: Callable[[Job], Result], jobs: Iterable[Job]) -> Iterator[Result]:
        """Results in the order of the jobs."""
        if self.executor is None:
            yield from map(work, jobs)
            return
        waiting: deque[Future[Result]] = deque()
        for job in jobs:
            waiting.append(self.executor.submit(work, job))
            if len(waiting) >= self.num_ahead:
                yield _result(waiting.popleft())
        while waiting:
            yield _result(waiting.popleft())

    def as_done(self, work: Callable[[Job], Result], jobs: Iterable[Job]) -> Iterator[tuple[Job, Result]]:
        """Every job with its result, as soon as it is there."""
        if self.executor is None:
            yield from ((job, work(job)) for job in jobs)
            return
        rest = iter(jobs)
        waiting: dict[Future[Result], Job] = {}
        while True:
            for job in islice(rest, self.num_ahead - len(waiting)):
                waiting[self.executor.submit(work, job)] = job
            if not waiting:
                return
            for future in _any(waiting):
                yield waiting.pop(future), _result(future)


@contextmanager
def pool(num_jobs: int, *, num_processes: int = 0) -> Iterator[Pool]:
    """As many processes as there are cores, where `num_processes` is 0."""
    num_processes = num_processes or (num_cores() if num_jobs >= PARALLEL_FROM else 1)
    if num_processes == 1:
        yield Pool(None, 1)
        return
    older = set(active_children())
    executor = ProcessPoolExecutor(num_processes, mp_context=get_context("spawn"), initializer=_obey_parent)
    try:
        yield Pool(executor, num_processes)
    except BaseException:
        # What is under way is not wanted any more.
        for process in set(active_children()) - older:
            process.terminate()
        raise
    finally:
        executor.shutdown(cancel_futures=True)


def num_cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _obey_parent() -> None:
    """An interrupt is the parent's to handle, and no process outlives it, however it ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = parent_process()
    assert parent is not None
    threading.Thread(target=lambda: (parent.join(), os._exit(1)), name="end-with-parent", daemon=True).start()


def _any(waiting: Collection[Future[Result]]) -> Collection[Future[Result]]:
    done, _ = wait(waiting, timeout=STALL_S, return_when=FIRST_COMPLETED)
    if not done:
        raise ResourceError(f"No job was done within {STALL_S} s; free the machine, or ask for smaller jobs.")
    return done


def _result(future: Future[Result]) -> Result:
    _any([future])
    try:
        return future.result()
    except BrokenProcessPool as error:
        raise ResourceError(
            "A process died at work: give the machine more memory, or, where a script of yours calls this, "
            "put the call under `if __name__ == '__main__':`."
        ) from error
