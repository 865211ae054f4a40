import asyncio
from collections.abc import Callable

import pytest

from spatialrl.errors import WorkerError
from spatialrl.types import Scored
from workers.reward.line import Job, Line


def with_jobs(test: Callable[[list[Job]], None]) -> None:
    async def inside() -> None:
        loop = asyncio.get_running_loop()
        test([Job(task_id=str(number), packed=(b"", b""), score=loop.create_future()) for number in range(5)])

    asyncio.run(inside())


def names(jobs: list[Job]) -> str:
    return "".join(job.task_id for job in jobs)


def test_second_attempts_come_first_and_alone():
    def test(jobs: list[Job]) -> None:
        line = Line()
        for job in jobs:
            line.append(job)
        bad = line.take(2)
        assert names(bad) == "01"
        line.put_back(bad)
        assert len(line) == 5
        assert [names(line.take(9)) for _ in range(4)] == ["0", "1", "234", ""]

    with_jobs(test)


def test_a_job_that_nobody_waits_for_is_dropped():
    def test(jobs: list[Job]) -> None:
        line = Line()
        for job in jobs:
            line.append(job)
        jobs[1].score.cancel()
        assert names(line.take(3)) == "023"

    with_jobs(test)


def test_everyone_in_line_is_told_why_it_fails():
    def test(jobs: list[Job]) -> None:
        line = Line()
        line.append(jobs[0])
        line.put_back([jobs[1]])
        line.fail(WorkerError("no worker is left"))
        assert len(line) == 0
        for job in jobs[:2]:
            with pytest.raises(WorkerError, match="no worker is left"):
                job.score.result()

    with_jobs(test)


def test_an_answer_comes_too_late_for_whoever_left():
    def test(jobs: list[Job]) -> None:
        jobs[0].score.cancel()
        jobs[0].settle(Scored(reward=1.0))
        jobs[1].settle(Scored(reward=1.0))
        assert jobs[1].score.result() == Scored(reward=1.0)

    with_jobs(test)
