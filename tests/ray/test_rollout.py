"""The rollout pool on real Ray actors with real vLLM engines."""

import asyncio
import os
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import ray

from spatialrl.config import RunConfig, SamplingConfig
from spatialrl.errors import ConfigError, DataError, WorkerError
from spatialrl.types import Completion, Task
from tests.engine_under_test import rollout_config
from tests.tiny_policy import picture, tasks_of_every_modality, with_media
from workers.rollout.pool import RolloutPool
from workers.transfer import TensorMeta
from workers.weights import TransferWeightSync

SAMPLING = SamplingConfig(max_tokens=24)
DEADLINE_S = 180


@pytest.fixture(scope="module", autouse=True)
def cluster() -> Iterator[None]:
    ray.init("local", num_cpus=2, include_dashboard=False, log_to_driver=False)
    yield
    ray.shutdown()


@pytest.fixture(scope="module")
def config(tmp_path_factory: pytest.TempPathFactory) -> RunConfig:
    return rollout_config(tmp_path_factory.mktemp("models"))


@pytest.fixture(scope="module")
def tasks(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Task]:
    return tasks_of_every_modality(tmp_path_factory.mktemp("media"))


@pytest.fixture(scope="module")
def loop() -> Iterator[asyncio.AbstractEventLoop]:
    loop = asyncio.new_event_loop()
    yield loop
    loop.close()


@pytest.fixture(scope="module")
def pool(config: RunConfig, loop: asyncio.AbstractEventLoop) -> Iterator[RolloutPool]:
    pool = loop.run_until_complete(RolloutPool.start(config))
    yield pool
    pool.close()


def run(loop: asyncio.AbstractEventLoop, work: Any) -> Any:
    return loop.run_until_complete(asyncio.wait_for(work, DEADLINE_S))


async def complete(pool: RolloutPool, task: Task, *, num: int = 8, seed: int = 0) -> list[Completion]:
    return [c async for c in pool.generate(task, num_completions=num, seed=seed, sampling=SAMPLING)]


def test_the_pool_is_imported_without_vllm():
    code = "import sys, workers.rollout.pool, workers.weights; sys.exit('vllm' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False, timeout=DEADLINE_S).returncode == 0


@pytest.mark.parametrize("modality", ["text", "image", "images", "video"])
def test_completions_differ_and_carry_a_logprob_for_every_token(pool, loop, tasks, modality: str):
    completions = run(loop, complete(pool, tasks[modality]))
    assert len({completion.token_ids for completion in completions}) == 8
    for completion in completions:
        assert len(completion.logprobs_T) == len(completion.token_ids) > 0
        assert max(completion.logprobs_T) < 0
        assert completion.finish_reason == ("length" if len(completion.token_ids) == 24 else "stop")
        assert completion.version_spans[0].version == 0


def test_the_same_seed_writes_the_same_completions(pool, loop, tasks):
    first, second, other = (run(loop, complete(pool, tasks["image"], seed=seed)) for seed in (3, 3, 4))
    assert {c.token_ids for c in first} == {c.token_ids for c in second}
    assert not {c.token_ids for c in first} & {c.token_ids for c in other}


def test_a_completion_arrives_before_the_longest_is_done(pool, loop, tasks):
    """Beside a task of 600 tokens that was asked first, one of 24 tokens is done at once."""

    async def race() -> list[str]:
        order = []

        async def ask(name: str, max_tokens: int) -> None:
            words = {
                "num_completions": 1,
                "seed": 0,
                "sampling": SamplingConfig(max_tokens=max_tokens, temperature=0.01),
            }
            async for _ in pool.generate(tasks["text"], **words):
                order.append(name)

        await asyncio.gather(ask("long", 600), ask("short", 24))
        return order

    assert run(loop, race()) == ["short", "long"]


def test_a_bad_image_is_the_users_error(pool, loop, tmp_path: Path):
    image = picture(tmp_path, seed=0)
    Path(image.path).write_bytes(b"not an image")
    with pytest.raises(DataError, match=r"picture_0\.png is not an image"):
        run(loop, complete(pool, with_media("broken", (image,))))


def test_a_consumer_that_leaves_early_leaves_nothing_behind(pool, loop, tasks):
    async def take_one() -> None:
        stream = pool.generate(tasks["image"], num_completions=8, seed=0, sampling=SamplingConfig(max_tokens=900))
        await anext(stream)
        await stream.aclose()

    run(loop, take_one())
    assert pool.router.held == [0]
    assert run(loop, unfinished_requests(pool)) == 0


def processes_of(pid: int) -> list[int]:
    """A process and its descendants."""
    children = Path(f"/proc/{pid}/task/{pid}/children")
    direct = [int(child) for child in children.read_text().split()] if children.exists() else []
    threads = Path(f"/proc/{pid}/task").glob("*/children") if children.exists() else []
    found = {int(child) for thread in threads for child in thread.read_text().split()} | set(direct)
    return [pid, *(descendant for child in found for descendant in processes_of(child))]


def is_running(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


async def worker_pid(pool: RolloutPool) -> int:
    return await pool.workers[0].__ray_call__.remote(lambda worker: os.getpid())


def wait_until_gone(pids: list[int], *, deadline_s: float = 20.0) -> list[int]:
    end = time.monotonic() + deadline_s
    while time.monotonic() < end and any(map(is_running, pids)):
        time.sleep(0.2)
    return [pid for pid in pids if is_running(pid)]


def test_a_missing_model_folder_is_named(config: RunConfig, loop, tmp_path: Path):
    lost = replace(config, model=replace(config.model, path=str(tmp_path / "nowhere")))
    with pytest.raises(ConfigError, match=r"Rollout worker 0: model\.path: .*nowhere"):
        run(loop, RolloutPool.start(lost))


def test_a_killed_worker_ends_its_calls_and_its_engine(pool, loop, tasks):
    """Last of those that share the pool."""

    async def write_until_it_dies() -> None:
        words = {"num_completions": 32, "seed": 0, "sampling": SamplingConfig(max_tokens=900)}
        async for _ in pool.generate(tasks["image"], **words):
            pass

    async def kill_while_it_writes() -> list[int]:
        pids = processes_of(await worker_pid(pool))
        writing = asyncio.ensure_future(write_until_it_dies())
        await asyncio.sleep(0.5)
        ray.kill(pool.workers[0])
        with pytest.raises(WorkerError, match="Rollout worker 0: its process died"):
            await writing
        return pids

    pids = run(loop, kill_while_it_writes())
    assert len(pids) > 1
    assert wait_until_gone(pids) == []


async def unfinished_requests(pool: RolloutPool) -> int:
    await asyncio.sleep(1)
    return await pool.workers[0].__ray_call__.remote(lambda worker: worker.engine.llm.get_num_unfinished_requests())


PARENT = """
import multiprocessing, time
from workers.rollout.orphans import end_with_parent

def child():
    end_with_parent()
    print(multiprocessing.current_process().pid, flush=True)
    time.sleep(600)

multiprocessing.get_context("fork").Process(target=child).start()
"""


def test_a_child_ends_with_a_parent_that_was_killed():
    """Without Ray's help: vLLM's engine process would live on."""
    with subprocess.Popen([sys.executable, "-c", PARENT], stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        child = int(parent.stdout.readline())
        assert is_running(child)
        parent.kill()
        assert wait_until_gone([child], deadline_s=5.0) == []


def fake_worker(*, pauses: bool) -> type:
    """Takes work and never finishes it. Made here, because Ray ships a nested class by value."""

    class Worker:
        async def generate(self, task: Task, **words: Any) -> AsyncIterator[Completion]:
            await asyncio.sleep(DEADLINE_S)
            yield Completion(prompt_ids=(), token_ids=(), text="")

        async def pause(self) -> None:
            await asyncio.sleep(0 if pauses else DEADLINE_S)

        async def open_transfer(self, endpoint: Any, **words: Any) -> None:
            await asyncio.sleep(DEADLINE_S)

    return Worker


class SilentSender:
    """An actor whose rank 0 never joins."""

    async def weight_metas(self) -> list[TensorMeta]:
        return [TensorMeta("weight", "float32", (1,))]

    async def open_transfer(self, endpoint: Any, timeout_s: float) -> None:
        await asyncio.sleep(DEADLINE_S)

    async def send_weights(self) -> None: ...

    async def begin_loan(self) -> None: ...

    async def lend(self) -> list[Any]:
        return []


def pool_of(config: RunConfig, *pauses: bool) -> RolloutPool:
    actors = [ray.remote(fake_worker(pauses=each)).options(num_cpus=0) for each in pauses]
    workers = [actor.remote() for actor in actors]
    ray.get([worker.__ray_ready__.remote() for worker in workers], timeout=DEADLINE_S)
    return RolloutPool(config, workers)


def with_timeout(config: RunConfig, timeout_s: float) -> RunConfig:
    return replace(config, rollout=replace(config.rollout, timeout_s=timeout_s))


def test_a_task_that_is_never_finished_ends_at_its_deadline(config: RunConfig, loop, tasks):
    pool = pool_of(with_timeout(config, 2.0), True)
    with pytest.raises(WorkerError, match=r"worker 0 did not finish task text within rollout\.timeout_s=2"):
        run(loop, complete(pool, tasks["text"]))
    assert pool.router.held == [0]
    pool.fail("the test is over")


def test_the_worker_that_is_late_is_named(config: RunConfig, loop):
    pool = pool_of(config, True, False, True)
    with pytest.raises(WorkerError, match=r"Rollout workers \[1\] were not done with pause within 5 s"):
        run(loop, pool.call("pause", timeout_s=5.0))
    pool.fail("the test is over")


def test_a_sync_without_a_sender_says_who_is_missing_and_tells_whoever_waits(config: RunConfig, loop, tasks):
    pool = pool_of(config, False)
    sync = TransferWeightSync(with_timeout(config, 2.0), actor=SilentSender(), rollout=pool)

    async def generate_and_sync() -> None:
        waiting = asyncio.ensure_future(complete(pool, tasks["text"]))
        await asyncio.sleep(0.1)
        with pytest.raises(WorkerError, match=r"Weight sync to version 1: .*within 2 s"):
            await sync.sync(1)
        for late in (waiting, complete(pool, tasks["text"])):
            with pytest.raises(WorkerError, match="Weight sync to version 1"):
                await late

    run(loop, generate_and_sync())
