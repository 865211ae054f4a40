import os
import signal
import time

import pytest

from spatialrl.data import pool as pools
from spatialrl.data.pool import pool
from spatialrl.errors import DataError, ResourceError


def square(number: int) -> int:
    return number * number


def slow_if_first(number: int) -> int:
    time.sleep(0.5 if number == 0 else 0)
    return number


def fail_at_three(number: int) -> int:
    if number == 3:
        raise DataError("three is no number")
    return number


def die(number: int) -> int:
    os.kill(os.getpid(), signal.SIGKILL)
    return number


def counted(jobs, taken):
    for job in jobs:
        taken.append(job)
        yield job


@pytest.fixture(scope="module")
def two():
    with pool(100, num_processes=2) as workers:
        yield workers


def test_few_jobs_are_done_here():
    with pool(10) as workers:
        assert list(workers.in_order(lambda number: number + 1, range(3))) == [1, 2, 3]
        assert list(workers.as_done(lambda number: number + 1, range(3))) == [(0, 1), (1, 2), (2, 3)]


def test_results_come_in_the_order_of_the_jobs(two):
    assert list(two.in_order(slow_if_first, range(20))) == list(range(20))
    assert list(two.in_order(square, [])) == []


def test_results_come_as_soon_as_they_are_there(two):
    done = list(two.as_done(slow_if_first, range(20)))
    assert sorted(done) == [(number, number) for number in range(20)]
    assert done[0][0] != 0


@pytest.mark.parametrize("way", ["in_order", "as_done"])
def test_jobs_are_taken_as_results_are_fetched(two, way):
    taken: list[int] = []
    results = getattr(two, way)(square, counted(range(1000), taken))
    for _ in range(10):
        next(results)
    assert len(taken) <= 10 + 2 * two.num_ahead


@pytest.mark.parametrize("way", ["in_order", "as_done"])
def test_an_error_of_a_job_travels(two, way):
    with pytest.raises(DataError, match="three is no number"):
        list(getattr(two, way)(fail_at_three, range(10)))


def test_a_process_that_dies_is_a_sentence():
    with pytest.raises(ResourceError, match="A process died at work"), pool(1, num_processes=2) as workers:
        list(workers.in_order(die, range(3)))


def test_a_job_that_does_not_end_is_given_up_and_stopped(monkeypatch):
    monkeypatch.setattr(pools, "STALL_S", 0.2)
    with pytest.raises(ResourceError, match=r"No job was done within 0\.2 s"), pool(1, num_processes=2) as workers:
        list(workers.as_done(time.sleep, [100]))
