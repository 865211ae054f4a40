"""A model in this process, run by transformers, one question after the other: slow, and what the engines are held against.

The one rule: the prompt, the pixels and the tokens that may be written are those of the vLLM workers.
"""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import torch
from transformers import AutoModelForImageTextToText

from spatialrl.config import RunConfig, SamplingConfig
from spatialrl.data.vision import PromptReader
from spatialrl.errors import ConfigError
from spatialrl.types import Completion, Task


class TransformersModel:
    def __init__(self, config: RunConfig) -> None:
        self.reader = PromptReader(config.model.path, config.data)
        self.model = load_model(config)
        self.lock = asyncio.Lock()

    async def generate(
        self, task: Task, *, num_completions: int, seed: int, sampling: SamplingConfig
    ) -> AsyncIterator[Completion]:
        for sample in range(num_completions):
            async with self.lock:
                yield await asyncio.to_thread(self.complete, task, seed=seed + sample, sampling=sampling)

    @torch.inference_mode()
    def complete(self, task: Task, *, seed: int, sampling: SamplingConfig) -> Completion:
        read = self.reader.read(task, self.reader.load(task)).to(self.model.device)
        torch.manual_seed(seed)
        written = self.model.generate(
            **read,
            max_new_tokens=sampling.max_tokens,
            eos_token_id=self.reader.end_token_id,
            pad_token_id=self.reader.end_token_id,
            suppress_tokens=self.reader.banned_token_ids,
            **choosing(sampling),
        )[0].tolist()
        prompt_ids = written[: read["input_ids"].shape[1]]
        token_ids = written[len(prompt_ids) :]
        return Completion(
            prompt_ids=tuple(prompt_ids),
            token_ids=tuple(token_ids),
            text=self.reader.tokenizer.decode(token_ids, skip_special_tokens=True),
            finish_reason="stop" if token_ids[-1:] == [self.reader.end_token_id] else "length",
        )

    def close(self) -> None:
        del self.model


def load_model(config: RunConfig) -> Any:
    device = config.cluster.device
    if device == "cuda" and not torch.cuda.is_available():
        raise ConfigError("cluster.device is cuda, but torch sees no GPU here; say cluster=cpu.")
    words: dict[str, Any] = {"dtype": getattr(torch, config.model.dtype), "attn_implementation": config.model.attention}
    model: Any = AutoModelForImageTextToText.from_pretrained(config.model.path, **words)
    return model.eval().to(device)


def choosing(sampling: SamplingConfig) -> dict[str, Any]:
    """The generation config of the model folder has a say in nothing."""
    if sampling.temperature == 0:
        return {"do_sample": False, "temperature": None, "top_p": None, "top_k": None, "repetition_penalty": 1.0}
    return {
        "do_sample": True,
        "temperature": sampling.temperature,
        "top_p": sampling.top_p,
        "top_k": 0,
        "repetition_penalty": 1.0,
    }
