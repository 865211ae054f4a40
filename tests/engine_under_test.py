"""A real vLLM engine inside the test's own process, driven from synchronous tests; and what transformers says."""

import asyncio
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from transformers import AutoModelForImageTextToText

from spatialrl.config import RunConfig, SamplingConfig
from spatialrl.data.positions import continue_positions
from spatialrl.data.vision import PromptReader
from spatialrl.types import Completion, Task
from tests.tiny_policy import tiny_config
from workers.rollout.environment import environment

DEADLINE_S = 120


@dataclass
class EngineUnderTest:
    config: RunConfig
    engine: Any
    loop: asyncio.AbstractEventLoop

    def run(self, work: Any) -> Any:
        return self.loop.run_until_complete(asyncio.wait_for(work, DEADLINE_S))

    def complete(self, task: Task, *, num: int = 1, seed: int = 0, **sampling: Any) -> list[Completion]:
        async def collect() -> list[Completion]:
            settings = SamplingConfig(**{"max_tokens": 16, **sampling})
            words = {"num_completions": num, "seed": seed, "sampling": settings}
            return [completion async for completion in self.engine.generate(task, **words)]

        return self.run(collect())

    def in_model_process(self, function: Callable[..., Any], *args: Any) -> None:
        """Runs `function(worker, *args)` where the model lives."""
        self.run(self.engine.llm.collective_rpc(function, args=args))


def rollout_config(folder: Path, *, family: str = "qwen2_5_vl", tied: bool = True) -> RunConfig:
    config = tiny_config(folder, family=family, tied=tied)
    config.model.max_tokens = 1024
    config.rollout.kv_cache_gb = 0.25
    config.rollout.timeout_s = 60.0
    config.rollout.start_timeout_s = 180.0
    return config


@contextmanager
def started(config: RunConfig) -> Iterator[EngineUnderTest]:
    os.environ.update(environment(config) | {"VLLM_ALLOW_INSECURE_SERIALIZATION": "1"})
    from workers.rollout.engine import Engine  # noqa: PLC0415  imports vLLM, which reads the environment

    loop = asyncio.new_event_loop()
    engine = loop.run_until_complete(asyncio.wait_for(Engine.start(config), DEADLINE_S))
    try:
        yield EngineUnderTest(config, engine, loop)
    finally:
        engine.close()
        loop.run_until_complete(asyncio.sleep(0))
        loop.close()


def load_reference(config: RunConfig) -> Any:
    return AutoModelForImageTextToText.from_pretrained(config.model.path, dtype=torch.float32).eval()


@torch.no_grad()
def perturb(model: Any, *, seed: int) -> Any:
    """The same change wherever it is made."""
    dice = torch.Generator().manual_seed(seed)
    for parameter in model.parameters():
        parameter.add_(0.05 * torch.randn(parameter.shape, generator=dice))
    return model


@torch.no_grad()
def reference_logprobs(
    model: Any, reader: PromptReader, task: Task, completion: Completion, *, temperature: float = 1.0
) -> list[float]:
    """log_softmax of (logits, banned tokens at minus infinity) / temperature, by transformers."""
    inputs = reader.model_inputs(task, reader.load(task))
    assert completion.prompt_ids == tuple(inputs.prompt_ids)
    ids = torch.tensor([[*inputs.prompt_ids, *completion.token_ids]])
    positions = continue_positions(inputs.positions_T, len(completion.token_ids))
    words = {"attention_mask": torch.ones_like(ids), "position_ids": torch.from_numpy(positions)[:, None]}
    logits_T = model(input_ids=ids, **words, **inputs.pixels).logits[0, len(inputs.prompt_ids) - 1 : -1]
    logits_T[:, reader.banned_token_ids] = -torch.inf
    logprobs_T = torch.log_softmax(logits_T / temperature, dim=-1)
    return logprobs_T.gather(1, torch.tensor(completion.token_ids)[:, None])[:, 0].tolist()
