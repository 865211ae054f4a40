"""The reward pool on real Ray actors. Rewards are nested functions, which Ray ships by value."""

import asyncio
import os
import re
import time
from pathlib import Path

import pytest
import ray

from spatialrl.config import RewardConfig
from spatialrl.errors import ResourceError, WorkerError
from spatialrl.rewards import REWARDS, RewardFn
from spatialrl.types import Completion, Media, Scored, Task, Unscored
from workers.reward.pool import RewardPool

pytestmark = pytest.mark.ray

TASK = Task(
    id="t1",
    question="Which side?",
    options=("left", "right"),
    answer="A",
    answer_kind="choice",
    media=(Media(kind="image", path="image.png", width=640, height=480),),
)


@pytest.fixture(scope="module", autouse=True)
def cluster():
    ray.init("local", num_cpus=2, include_dashboard=False, log_to_driver=False)
    yield
    ray.shutdown()


def moody_reward() -> RewardFn:
    def moody(task, completion, *, flag=""):
        if completion.text == "hang":
            time.sleep(60)
        if completion.text == "hang without letting go":
            re.match("(a+)+$", "a" * 60 + "b")
        if completion.text == "die" or (completion.text == "die once" and not Path(flag).exists()):
            Path(flag).touch()
            os._exit(1)
        if completion.text == "raise":
            raise ValueError("no such box")
        if completion.text == "refuse":
            return Unscored(reason="nothing to compare")
        if completion.text == "slow":
            time.sleep(0.4)
        return Scored(reward=float(len(completion.text)))

    return moody


def completion(text):
    return Completion(prompt_ids=(1, 2), token_ids=(3,), text=text, logprobs_T=(-0.5,))


def run(texts, *, monkeypatch, tmp_path, num_workers=2, timeout_s=1.0):
    """Scores all texts at once; returns the scores in order, and the counters."""
    monkeypatch.setitem(REWARDS, "moody", moody_reward())
    args = {"flag": str(tmp_path / "died")}
    config = RewardConfig(name="moody", args=args, num_workers=num_workers, timeout_s=timeout_s)

    async def session():
        pool = await RewardPool.start(config, num_cpus=0.5, start_timeout_s=60)
        try:
            return await asyncio.gather(*(pool.score(TASK, completion(text)) for text in texts)), pool.metrics()
        finally:
            pool.close()

    return asyncio.run(asyncio.wait_for(session(), timeout=60))


def all_cpus_come_back():
    deadline = time.monotonic() + 20
    while ray.available_resources().get("CPU", 0) < 2 and time.monotonic() < deadline:
        time.sleep(0.2)
    return ray.available_resources().get("CPU", 0) == 2


def counts(timeouts, restarts, unscored):
    return {"reward/timeouts": timeouts, "reward/restarts": restarts, "reward/unscored": unscored}


def test_the_pool_gives_the_score_of_the_reward_function():
    right = completion('<observe></observe><scene>{"objects": []}</scene><think></think><answer>(A) left</answer>')
    wrong = completion("left")

    async def session():
        pool = await RewardPool.start(RewardConfig(num_workers=2), num_cpus=0.5, start_timeout_s=60)
        scores = await asyncio.gather(*(pool.score(TASK, each) for each in (right, wrong) * 20))
        pool.close()
        return scores, pool.metrics()

    scores, metrics = asyncio.run(session())
    expected = [REWARDS["spatialthinker_compat"](TASK, each) for each in (right, wrong)]
    assert scores == expected * 20
    assert metrics == counts(0, 0, 0)


@pytest.mark.parametrize("text", ["hang", "hang without letting go"])
def test_a_reward_that_hangs_is_replaced_and_the_others_go_on(text, monkeypatch, tmp_path):
    (hung, *others), metrics = run([text, *["fine"] * 20], monkeypatch=monkeypatch, tmp_path=tmp_path)
    assert hung == Unscored(reason="timed out after 1 s: reward moody on task t1, 2 attempts")
    assert others == [Scored(reward=4.0)] * 20
    assert metrics == counts(timeouts=2, restarts=2, unscored=1)
    assert all_cpus_come_back()


def test_a_worker_that_dies_is_replaced_and_the_others_go_on(monkeypatch, tmp_path):
    (dead, *others), metrics = run(["die", *["fine"] * 20], monkeypatch=monkeypatch, tmp_path=tmp_path)
    assert dead == Unscored(reason="the reward worker died: reward moody on task t1, 2 attempts")
    assert others == [Scored(reward=4.0)] * 20
    assert metrics == counts(timeouts=0, restarts=2, unscored=1)


def test_a_pool_of_one_survives_its_only_worker(monkeypatch, tmp_path):
    texts = ["die", "fine", "hang", "fine"]
    scores, metrics = run(texts, monkeypatch=monkeypatch, tmp_path=tmp_path, num_workers=1)
    assert [isinstance(score, Scored) for score in scores] == [False, True, False, True]
    assert metrics == counts(timeouts=2, restarts=4, unscored=2)


def test_a_completion_whose_worker_died_once_is_scored(monkeypatch, tmp_path):
    scores, metrics = run(["die once"], monkeypatch=monkeypatch, tmp_path=tmp_path)
    assert scores == [Scored(reward=8.0)]
    assert metrics == counts(timeouts=0, restarts=1, unscored=0)


def test_standing_in_line_is_not_timed(monkeypatch, tmp_path):
    # One worker, 4 x 0.4 s: the last waits longer than the timeout of 1 s.
    scores, metrics = run(["slow"] * 4, monkeypatch=monkeypatch, tmp_path=tmp_path, num_workers=1)
    assert scores == [Scored(reward=4.0)] * 4
    assert metrics == counts(0, 0, 0)


def test_a_refusal_of_the_reward_is_counted_and_costs_no_worker(monkeypatch, tmp_path):
    scores, metrics = run(["refuse", "fine"], monkeypatch=monkeypatch, tmp_path=tmp_path)
    assert scores == [Unscored(reason="nothing to compare"), Scored(reward=4.0)]
    assert metrics == counts(timeouts=0, restarts=0, unscored=1)


def test_a_mistake_in_a_reward_ends_the_run_with_a_sentence(monkeypatch, tmp_path):
    with pytest.raises(WorkerError, match=r"moody failed on task t1: ValueError.*no such box"):
        run(["raise"], monkeypatch=monkeypatch, tmp_path=tmp_path)


def test_workers_that_find_no_cpu_are_reported_with_the_numbers():
    with pytest.raises(ResourceError, match=r"each of 3 asks Ray for 1.5 CPUs, and 0.5 of 2 are free"):
        asyncio.run(RewardPool.start(RewardConfig(num_workers=3), num_cpus=1.5, start_timeout_s=5))


def test_a_closed_pool_leaves_no_worker_behind_not_even_one_that_hangs(monkeypatch):
    monkeypatch.setitem(REWARDS, "moody", moody_reward())

    async def session():
        pool = await RewardPool.start(RewardConfig(name="moody", num_workers=2), num_cpus=0.5, start_timeout_s=60)
        hanging = asyncio.create_task(pool.score(TASK, completion("hang")))
        await asyncio.sleep(0.5)
        hanging.cancel()
        pool.close()

    asyncio.run(session())
    assert all_cpus_come_back()
