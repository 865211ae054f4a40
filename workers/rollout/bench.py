"""`spatialrl bench suite=eval`: questions a second of an evaluation, beside raw vLLM on the same prompts.

Both sides have an engine with the same settings in a process of its own, and take turns, each with empty caches. Ours is the
whole of `spatialrl eval` from rows to summary; theirs is one call of `LLM.generate` with everything, from images to texts.
`num_questions=0` asks all of the benchmark.
"""

import asyncio
import sys
import time
from dataclasses import replace
from pathlib import Path
from statistics import median
from typing import Any

import ray

from spatialrl.bench.scratch import scratch
from spatialrl.benchmarks.asked import questions_of
from spatialrl.benchmarks.identity import model_identity
from spatialrl.benchmarks.order import read_order
from spatialrl.benchmarks.prompting import AS_IS
from spatialrl.benchmarks.run import run_benchmark
from spatialrl.benchmarks.samples import read_samples
from spatialrl.benchmarks.spec import Benchmark
from spatialrl.config import ClusterConfig, RunConfig
from spatialrl.types import Task
from workers.cluster import join_ray
from workers.placement import place
from workers.rollout.answers import AnswerPool
from workers.rollout.offline import OfflineWorker

Round = tuple[float, float, int]
"""Seconds of ours, seconds of theirs, answers that differ."""


def eval_suite(
    *,
    model: str = "examples/demo/checkpoint",
    benchmark: str = "scenes_images",
    num_questions: int = 0,
    max_tokens: int = 80,
    model_tokens: int = 2048,
    rounds: int = 3,
    cluster: str = "cpu",
    template: str = "compact",
    dtype: str = "float32",
    source: str = "",
) -> None:
    config, (described,) = read_order(
        [
            f"benchmark={benchmark}",
            f"model.path={model}",
            f"model.dtype={dtype}",
            f"model.max_tokens={model_tokens}",
            f"cluster={cluster}",
            "rollout.num_workers=1",
            f"template={template}",
            f"limit={num_questions}",
            f"sampling.max_tokens={max_tokens}",
            f"source={source}",
        ]
    )
    config = replace(config, data=replace(config.data, template=AS_IS))
    prompts = [question.prompt for question in questions_of(described, config)]
    with join_ray(ClusterConfig(address="local")):
        found = asyncio.run(in_turns(config, described, prompts, rounds=rounds))
    sys.stdout.write(told(found, num=len(prompts)) + "\n")


async def in_turns(config: RunConfig, benchmark: Benchmark, prompts: list[Task], *, rounds: int) -> list[Round]:
    """The first round of each warms up and is not counted."""
    slots = place(config, verb="eval").slots["rollout"]
    raw: Any = ray.remote(OfflineWorker).options(**slots[0].options()).remote(config)
    starting = raw.start.remote()
    pool = await AnswerPool.start(config, slots=slots)
    await starting
    try:
        found = [await one_round(config, benchmark, prompts, pool=pool, raw=raw) for _ in range(rounds + 1)]
    finally:
        pool.close()
        ray.kill(raw)
    return found[1:]


async def one_round(
    config: RunConfig, benchmark: Benchmark, prompts: list[Task], *, pool: AnswerPool, raw: Any
) -> Round:
    await pool.pool.call("drop_caches", timeout_s=config.rollout.timeout_s)
    with scratch() as folder:
        config = replace(config, eval=replace(config.eval, output_dir=str(folder / "answers")))
        begin = time.perf_counter()
        result = await run_benchmark(benchmark, config, rollout=pool, model=model_identity(config.model.path))
        ours_s = time.perf_counter() - begin
        ours = [sample.response for sample in read_samples(Path(result.folder) / "samples.jsonl")]
    theirs, theirs_s = await raw.answer.remote(prompts)
    return ours_s, theirs_s, sum(one != other for one, other in zip(ours, theirs, strict=True))


def told(rounds: list[Round], *, num: int) -> str:
    lines = [f"{num} questions; questions a second, and the ratio of ours to raw vLLM"]
    lines += [
        f"round {number}: spatialrl eval {num / ours:7.1f}   vLLM {num / theirs:7.1f}   ratio {theirs / ours:.2f}   "
        f"answers that differ {differ}"
        for number, (ours, theirs, differ) in enumerate(rounds, start=1)
    ]
    return "\n".join([*lines, f"median ratio {median(theirs / ours for ours, theirs, _ in rounds):.2f}"])
