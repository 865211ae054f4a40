"""How an evaluation asks its replicas, on real Ray actors that know the answer without a model."""

import asyncio
import os
from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import replace

import pytest
import ray

from spatialrl.config import RunConfig, SamplingConfig
from spatialrl.errors import DataError, WorkerDied, WorkerError
from spatialrl.types import Completion
from tests.fakes import make_task
from workers.rollout.answers import AnswerPool
from workers.rollout.asked import Asked, Outcomes
from workers.rollout.pool import RolloutPool

SAMPLING = SamplingConfig(max_tokens=8)


@pytest.fixture(scope="module", autouse=True)
def cluster() -> Iterator[None]:
    ray.init("local", num_cpus=2, include_dashboard=False, log_to_driver=False)
    yield
    ray.shutdown()


def oracle(*, manner: str) -> type:
    """Says the id of what it is asked, and how many were asked in that call. Made here, because Ray ships a nested class by
    value."""

    def said(text: str) -> Completion:
        return Completion(prompt_ids=(), token_ids=(1, 2), text=text)

    class Oracle:
        async def answer(self, asked: Sequence[Asked]) -> AsyncIterator[Outcomes]:
            if manner == "dies":
                os._exit(1)
            if manner == "is silent":
                await asyncio.sleep(600)
            last = len(asked) - 1 if manner == "forgets one" else len(asked)
            if manner == "says all at once":
                yield [(place, said(f"{one.task.id} of {len(asked)}")) for place, one in enumerate(asked)]
                return
            for place, one in list(enumerate(asked))[:last]:
                text = f"{one.task.id} of {len(asked)}"
                if one.task.id == "broken":
                    yield [(place, DataError("Task broken: its image is a text."))]
                elif one.task.id == "engine":
                    yield [(place, WorkerDied("vLLM's engine died."))]
                else:
                    yield [(place, said(text))]

    return Oracle


def pool_of(*manners: str, timeout_s: float = 60.0) -> AnswerPool:
    actors = [ray.remote(oracle(manner=manner)).options(num_cpus=0).remote() for manner in manners]
    config = RunConfig()
    return AnswerPool(RolloutPool(replace(config, rollout=replace(config.rollout, timeout_s=timeout_s)), actors))


def ask(pool: AnswerPool, *names: str) -> list[str | BaseException]:
    """The texts, or what went wrong."""

    async def one(name: str) -> str:
        words = {"num_completions": 1, "seed": 1, "sampling": SAMPLING}
        (completion,) = [completion async for completion in pool.generate(make_task(name), **words)]
        return completion.text

    async def all_of_them() -> list[str | BaseException]:
        found = await asyncio.gather(*map(one, names), return_exceptions=True)
        # Whoever carried the answers has nothing left to wait for.
        await asyncio.gather(*(call for line in pool.lines for call in line.calls))
        return found

    try:
        return asyncio.run(asyncio.wait_for(all_of_them(), 120))
    finally:
        pool.pool.fail("the test is over")


def test_what_is_asked_within_a_moment_travels_in_one_call():
    pool = pool_of("well")
    assert ask(pool, "a", "b", "c") == ["a of 3", "b of 3", "c of 3"]
    assert pool.metrics() == {"rollout/completions": 3, "rollout/tokens": 6}
    assert pool.pool.router.held == [0]


def test_answers_that_are_done_together_travel_in_one_message():
    assert ask(pool_of("says all at once"), "a", "b", "c") == ["a of 3", "b of 3", "c of 3"]


def test_replicas_share_what_is_asked():
    assert ask(pool_of("well", "well"), "a", "b", "c", "d") == ["a of 2", "b of 2", "c of 2", "d of 2"]


def test_the_error_of_one_question_is_no_error_of_those_asked_with_it():
    first, error, last = ask(pool_of("well"), "a", "broken", "c")
    assert (first, last) == ("a of 3", "c of 3")
    assert isinstance(error, DataError)
    assert str(error) == "Task broken: its image is a text."


def test_what_a_dead_replica_owed_is_asked_of_the_others_with_a_warning(capsys: pytest.CaptureFixture[str]):
    pool = pool_of("well", "dies", "well")
    texts = ask(pool, "a", "b", "c", "d", "e", "f")
    assert [str(text)[0] for text in texts] == list("abcdef")
    assert pool.pool.router.open == {0, 2}
    assert pool.pool.router.held == [0, 0, 0]
    (warning,) = capsys.readouterr().err.splitlines()
    assert warning.startswith("Rollout worker 1: its process died")
    assert warning.endswith("Its questions go to the others; left of them: 2.")


def test_the_run_ends_when_no_replica_is_left():
    errors = ask(pool_of("dies", "dies"), "a", "b", "c")
    assert [type(error) for error in errors] == [WorkerDied] * 3


def test_a_replica_whose_engine_died_is_dead():
    (error,) = ask(pool_of("well"), "engine")
    assert isinstance(error, WorkerDied)
    assert str(error) == "Rollout worker 0: vLLM's engine died."


def test_a_question_that_is_never_answered_ends_at_its_deadline():
    pool = pool_of("is silent", timeout_s=2.0)
    (error,) = ask(pool, "a")
    assert isinstance(error, WorkerError)
    assert "Rollout worker 0 did not finish this task within rollout.timeout_s=2" in str(error)
    assert pool.pool.router.held == [0]


def test_a_call_that_ends_too_early_leaves_nobody_waiting():
    first, error = ask(pool_of("forgets one"), "a", "b")
    assert first == "a of 2"
    assert isinstance(error, WorkerError)
    assert str(error) == "Rollout worker 0 ended a call without all of its answers."
