"""The reward pool on real Ray actors, with a user's reward that does whatever the completion says."""

import asyncio
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
import ray

from spatialrl.config import RewardConfig
from spatialrl.errors import ResourceError, WorkerError
from spatialrl.rewards import REWARDS
from spatialrl.types import Completion, Media, Score, Scored, Task, Unscored
from tests.ray.conftest import spatialrl
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

MOODY = """
import asyncio, ctypes, mmap, os, re, signal, subprocess, sys, time
from pathlib import Path

kept = []

def moody(task, completion, flag=""):
    word = completion.text.split(":")[0]
    if word == "hang":
        time.sleep(60)
    if word == "hang without letting go":
        re.match("(a+)+$", "a" * 60 + "b")
    if word == "hang on a child":
        subprocess.run(["sleep", "61.5"])
    if word == "die" or (word == "die once" and not Path(flag).exists()):
        Path(flag).touch()
        os._exit(1)
    if word == "segfault":
        ctypes.string_at(0)
    if word == "eat":
        kept.append(bytearray(500 << 20))
    if word == "eat in bites":
        while True:
            kept.append(bytearray(20 << 20))
    if word == "eat in C":
        mmap.mmap(-1, 500 << 20, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
    if word == "leak":
        kept.append(bytearray(30 << 20))
    if word == "raise":
        raise ValueError("no such box")
    if word == "refuse":
        from spatialrl.types import Unscored
        return Unscored(reason="nothing to compare")
    if word == "slow":
        time.sleep(0.4)
    if word == "modules":
        return {"reward": len({"torch", "transformers", "vllm", "hydra"} & set(sys.modules)), "pid": os.getpid()}
    return float(len(completion.text))

def in_batch(tasks, completions, flag=""):
    return [{"reward": moody(t, c, flag), "batch": len(tasks)} for t, c in zip(tasks, completions)]

async def patient(task, completion):
    await asyncio.sleep(0.5)
    return float(len(completion.text))
"""


@pytest.fixture(scope="module", autouse=True)
def cluster():
    ray.init("local", num_cpus=2, include_dashboard=False, log_to_driver=False)
    yield
    ray.shutdown()


@pytest.fixture
def moody(tmp_path: Path) -> Callable[..., RewardConfig]:
    """Config of the reward above; `function` is one of its functions."""
    path = tmp_path / "moody.py"
    path.write_text(MOODY)

    def config(*, function: str = "moody", flag: bool = True, **changes: Any) -> RewardConfig:
        args = {"function": f"{path}:{function}"} | ({"flag": str(tmp_path / "died")} if flag else {})
        common = {"num_workers": 2, "cpus_per_worker": 0.5, "timeout_s": 2.0, "memory_mb": 200, "cache_size": 0}
        return RewardConfig(name="user", args=args, **{**common, **changes})

    return config


def completion(text: str) -> Completion:
    return Completion(prompt_ids=(1, 2), token_ids=(3,), text=text, logprobs_T=(-0.5,))


Outcome = tuple[list[Score], dict[str, float]]


def run(config: RewardConfig, *batches: Sequence[str]) -> Outcome:
    """Scores the texts of each batch at once; returns the scores of the last in order, and the counts of all."""

    async def session() -> Outcome:
        pool = await RewardPool.start(config, start_timeout_s=60)
        try:
            scores: list[Score] = []
            for texts in batches:
                scores = list(await asyncio.gather(*(pool.score(TASK, completion(text)) for text in texts)))
            return scores, dict(pool.metrics())
        finally:
            pool.close()

    return asyncio.run(asyncio.wait_for(session(), timeout=240))


def counts(metrics: Mapping[str, float]) -> tuple[float, float, float]:
    return metrics["reward/timeouts"], metrics["reward/restarts"], metrics["reward/retries"]


def codes(scores: Sequence[Score]) -> list[str]:
    return [score.code if isinstance(score, Unscored) else "scored" for score in scores]


def all_cpus_come_back() -> bool:
    deadline = time.monotonic() + 20
    while ray.available_resources().get("CPU", 0) < 2 and time.monotonic() < deadline:
        time.sleep(0.2)
    return ray.available_resources().get("CPU", 0) == 2


def test_the_pool_gives_the_score_of_the_reward_function():
    right = completion('<observe></observe><scene>{"objects": []}</scene><think></think><answer>(A) left</answer>')
    wrong = completion("left")

    async def session():
        pool = await RewardPool.start(RewardConfig(num_workers=2, cpus_per_worker=0.5), start_timeout_s=60)
        scores = await asyncio.gather(*(pool.score(TASK, each) for each in (right, wrong) * 20))
        again = await asyncio.gather(*(pool.score(TASK, each) for each in (right, wrong)))
        pool.close()
        return scores, again, pool.metrics()

    scores, again, metrics = asyncio.run(session())
    expected = [REWARDS["spatialthinker_compat"](TASK, each) for each in (right, wrong)]
    assert scores == expected * 20
    assert again == expected
    assert counts(metrics) == (0, 0, 0)
    assert metrics["reward/cache_hits"] == 2


REASONS = {
    "hang": "timed out after 2 s",
    "hang without letting go": "timed out after 2 s",
    "die": "the reward worker died",
    "segfault": "the reward worker died",
    "eat": "allocated more than 200 MB",
    "eat in bites": "allocated more than 200 MB",
    "eat in C": "allocated more than 200 MB",
}


def test_a_completion_that_ends_its_worker_twice_is_unscored_and_the_others_go_on(moody):
    fine = ["fine"] * 5
    scores, metrics = run(moody(max_batch=1), [text for bad in REASONS for text in (bad, *fine)])
    bad = [score for score in scores if isinstance(score, Unscored)]
    assert [score.reason for score in bad] == [
        f"{reason} in both of two attempts: reward user on task t1" for reason in REASONS.values()
    ]
    assert [score.code for score in bad] == ["timeout"] * 2 + ["died"] * 2 + ["memory"] * 3
    assert scores.count(Scored(reward=4.0)) == len(fine) * len(REASONS)
    assert counts(metrics) == (2 * 2, 2 * len(REASONS), len(REASONS))
    assert all_cpus_come_back()


def test_the_others_of_a_batch_lose_nothing(moody):
    texts = [*["fine"] * 5, "eat", *["good"] * 5]
    scores, metrics = run(moody(function="in_batch", num_workers=1), texts)
    assert codes(scores) == [*["scored"] * 5, "memory", *["scored"] * 5]
    # Each was alone in its second attempt.
    assert [score.parts["batch"] for score in scores if isinstance(score, Scored)] == [1.0] * 10
    assert counts(metrics) == (0, 2, 11)


def test_several_bad_completions_of_one_batch_are_told_apart(moody):
    texts = ["fine", "die", "hang", "eat", "fine", "segfault"]
    scores, metrics = run(moody(function="in_batch", num_workers=1), texts)
    assert codes(scores) == ["scored", "died", "timeout", "memory", "scored", "died"]
    # Once for the batch, which the first of them ended, and once for each of the four.
    assert counts(metrics) == (1, 5, 6)


def test_a_pool_of_one_survives_its_only_worker(moody):
    scores, metrics = run(moody(num_workers=1, max_batch=1), ["die", "fine", "hang", "fine"])
    assert codes(scores) == ["died", "scored", "timeout", "scored"]
    assert counts(metrics) == (2, 4, 2)


def test_a_completion_whose_worker_died_once_is_scored(moody):
    scores, metrics = run(moody(), ["die once"])
    assert scores == [Scored(reward=8.0)]
    assert counts(metrics) == (0, 1, 1)


def test_a_child_process_of_a_reward_ends_with_its_worker(moody):
    scores, _ = run(moody(), ["hang on a child"])
    assert codes(scores) == ["timeout"]
    deadline = time.monotonic() + 10
    while (left := sleepers()) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert left == []


def sleepers() -> list[str]:
    found = []
    for process in Path("/proc").iterdir():
        try:
            if process.name.isdigit() and (process / "cmdline").read_bytes() == b"sleep\x0061.5\0":
                found.append(process.name)
        except OSError:
            continue
    return found


def test_a_reward_that_leaks_gets_new_workers_between_calls_and_no_completion_suffers(moody):
    # Room for 200 MB: after the fourth leak of 30 MB more than half of what the first left is gone.
    scores, metrics = run(moody(num_workers=1, max_batch=1), ["leak"] * 8)
    assert scores == [Scored(reward=4.0)] * 8
    assert counts(metrics) == (0, 2, 0)


def test_standing_in_line_is_not_timed(moody):
    # One worker, 8 x 0.4 s: the last waits longer than the timeout of 2 s.
    scores, metrics = run(moody(num_workers=1, max_batch=1), ["slow"] * 8)
    assert scores == [Scored(reward=4.0)] * 8
    assert counts(metrics) == (0, 0, 0)
    assert metrics["reward/queue_max"] == 8
    assert metrics["reward/latency_p99_s"] > metrics["reward/latency_p50_s"] > 0.4


def test_a_refusal_of_the_reward_costs_no_worker(moody):
    scores, metrics = run(moody(), ["refuse", "fine"])
    assert scores == [Unscored(reason="nothing to compare"), Scored(reward=4.0)]
    assert counts(metrics) == (0, 0, 0)


def test_what_was_scored_is_remembered_and_what_failed_is_not(moody):
    scores, metrics = run(moody(cache_size=10, max_batch=1), ["fine", "die"], ["fine", "die", "refuse"], ["refuse"])
    assert scores == [Unscored(reason="nothing to compare")]
    assert metrics["reward/cache_hits"] == 2
    assert counts(metrics) == (0, 4, 2)


def test_more_completions_than_places_wait_for_one(moody):
    scores, metrics = run(moody(max_pending=3), ["fine"] * 30)
    assert scores == [Scored(reward=4.0)] * 30
    assert metrics["reward/queue_max"] <= 3


def test_an_asynchronous_reward_waits_for_all_of_a_batch_at_once(moody):
    # 0.5 s each: one after the other they would take 10 s on two workers, and a call ends after 3 s.
    config = moody(function="patient", flag=False, timeout_s=3.0)
    scores, metrics = run(config, ["fine"] * 40)
    assert scores == [Scored(reward=4.0)] * 40
    assert counts(metrics) == (0, 0, 0)


@pytest.mark.parametrize("function", ["moody", "in_batch"])
def test_a_mistake_in_a_reward_ends_the_run_with_a_sentence_that_names_task_and_line(function, moody):
    told = r"Reward user failed on task t1: ValueError: no such box, .*moody.py line \d+$"
    with pytest.raises(WorkerError, match=told):
        run(moody(function=function), ["fine", "raise", "fine"])


def test_a_broken_pool_tells_everyone_who_asks(moody):
    async def session():
        pool = await RewardPool.start(moody(num_workers=1), start_timeout_s=60)
        texts = ["raise", "fine", "fine"]
        outcomes = await asyncio.gather(*(pool.score(TASK, completion(text)) for text in texts), return_exceptions=True)
        with pytest.raises(WorkerError, match="no such box"):
            await pool.score(TASK, completion("late"))
        pool.close()
        return outcomes

    assert [type(outcome) for outcome in asyncio.run(session())] == [WorkerError] * 3


def test_workers_that_find_no_cpu_are_reported_with_the_numbers():
    told = (
        r"Of 3 reward workers 1 are up, and one did not start within 5 s. Each asks Ray for 1.5 CPUs; 0.5 of 2 are free"
    )
    with pytest.raises(ResourceError, match=told):
        asyncio.run(RewardPool.start(RewardConfig(num_workers=3, cpus_per_worker=1.5), start_timeout_s=5))
    assert all_cpus_come_back()


def test_twelve_small_workers_share_the_work_and_are_light(moody):
    # Each text is another one, so that none is remembered; every worker gets its share.
    scores, _ = run(moody(num_workers=12, cpus_per_worker=0.05), [f"modules:{n}" for n in range(240)])
    assert {score.reward for score in scores if isinstance(score, Scored)} == {0.0}
    assert len({score.parts["pid"] for score in scores if isinstance(score, Scored)}) > 2
    assert all_cpus_come_back()


def test_workers_need_no_file_of_the_driver(moody, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    config = moody()
    config.args["function"] = "moody.py:moody"

    async def session():
        pool = RewardPool(config, start_timeout_s=60)
        (tmp_path / "moody.py").unlink()
        await pool._start_all()
        score = await pool.score(TASK, completion("fine"))
        pool.close()
        return score

    assert asyncio.run(session()) == Scored(reward=4.0)


def test_the_measurement_of_the_pool_prints_a_line_for_each_side():
    done = spatialrl("bench", "suite=pool", "num_completions=32", "rounds=1")
    assert done.returncode == 0, done.stderr
    sides = ("pool", "plain, one by one", "plain, in batches", "a worker holds")
    lines = [line for line in done.stdout.splitlines() if line.startswith("spatialthinker")]
    assert len(lines) == 2 * len(sides)
    for preset in ("spatialthinker", "spatialthinker_compat"):
        assert all(any(line.startswith(f"{preset}, {side}") for line in lines) for side in sides)


def test_a_closed_pool_leaves_no_worker_behind_not_even_one_that_hangs(moody):
    async def session():
        pool = await RewardPool.start(moody(timeout_s=60.0), start_timeout_s=60)
        hanging = asyncio.create_task(pool.score(TASK, completion("hang")))
        await asyncio.sleep(0.5)
        hanging.cancel()
        pool.close()

    asyncio.run(session())
    assert all_cpus_come_back()
