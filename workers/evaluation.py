"""`spatialrl eval benchmark=NAME model.path=PATH`: the hands of an evaluation. Hires whoever answers, once for all
benchmarks, and lets them go."""

import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, nullcontext
from dataclasses import replace
from typing import TYPE_CHECKING

from spatialrl.benchmarks.identity import endpoint_identity, model_identity
from spatialrl.benchmarks.order import read_order
from spatialrl.benchmarks.prompting import AS_IS
from spatialrl.benchmarks.results_table import plan, table
from spatialrl.benchmarks.run import run_benchmark, try_out
from spatialrl.benchmarks.settings import ENDPOINTS
from spatialrl.benchmarks.spec import Benchmark
from spatialrl.benchmarks.verbs import asks_no_model, look_at_answers
from spatialrl.config import RunConfig
from spatialrl.protocols import RolloutService
from workers.cluster import join_ray
from workers.ending import run_until_signal
from workers.placement import check_engine, place
from workers.rollout.answers import AnswerPool

if TYPE_CHECKING:
    from spatialrl.benchmarks.backends.transformers_model import TransformersModel


def eval(words: list[str]) -> None:
    """Benchmarks, or what can be done with answers that are there."""
    if asks_no_model(words):
        look_at_answers(words)
        return
    config, benchmarks = read_order(words)
    if config.dry_run:
        sys.stdout.write(plan(config, benchmarks) + "\n")
        return
    for benchmark in benchmarks:
        try_out(benchmark, config)
    if config.eval.backend == "vllm":
        check_engine()
    with join_ray(config.cluster) if config.eval.backend == "vllm" else nullcontext():
        run_until_signal(evaluate(config, benchmarks))


async def evaluate(config: RunConfig, benchmarks: Sequence[Benchmark]) -> None:
    is_local = config.eval.backend not in ENDPOINTS
    model = model_identity(config.model.path) if is_local else endpoint_identity(config.eval.endpoint)
    async with answering(config) as rollout:
        results = [await run_benchmark(benchmark, config, rollout=rollout, model=model) for benchmark in benchmarks]
    sys.stdout.write(table(results) + "\n")


@asynccontextmanager
async def answering(config: RunConfig) -> AsyncIterator[RolloutService]:
    """Prompts are made here, so that the back-end hands them on as they are."""
    config = replace(config, data=replace(config.data, template=AS_IS))
    if config.eval.backend in ENDPOINTS:
        from spatialrl.benchmarks.backends.endpoint_model import endpoint_model  # noqa: PLC0415  loads numpy and Pillow

        async with endpoint_model(config) as service:
            yield service
        return
    service = await start_local(config)
    try:
        yield service
    finally:
        service.close()


async def start_local(config: RunConfig) -> "AnswerPool | TransformersModel":
    if config.eval.backend == "transformers":
        from spatialrl.benchmarks.backends.transformers_model import TransformersModel  # noqa: PLC0415  loads torch

        return TransformersModel(config)
    placement = place(config, verb="eval")
    return await AnswerPool.start(config, slots=placement.slots["rollout"])
