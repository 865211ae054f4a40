"""vLLM as a script would use it: one engine, all prompts at once, `LLM.generate`. What the evaluation is held against.

The one rule: the engine's settings, the prompts and the pixels are those of the rollout workers; nothing else of ours is in
the way.
"""

import os
import time
from collections.abc import Sequence
from dataclasses import fields
from typing import Any

from spatialrl.config import RunConfig
from spatialrl.data.vision import PromptReader
from spatialrl.types import Task
from workers.rollout.environment import environment


class OfflineWorker:
    """A Ray actor, so that vLLM is in a process of its own on both sides."""

    def __init__(self, config: RunConfig) -> None:
        self.config = config
        self.llm: Any = None

    def start(self) -> None:
        os.environ.update(environment(self.config))
        from vllm import LLM, EngineArgs  # noqa: PLC0415  reads the environment

        from workers.rollout.engine import engine_args  # noqa: PLC0415

        self.reader = PromptReader(self.config.model.path, self.config.data)
        ours = engine_args(self.config, self.reader.budgets)
        plain: dict[str, Any] = {field.name: getattr(ours, field.name) for field in fields(EngineArgs)}
        plain["weight_transfer_config"] = None
        self.llm = LLM.from_engine_args(EngineArgs(**plain))

    def drop_caches(self) -> None:
        """All of those that the rollout workers drop: an image whose encoding is kept costs no vision tower."""
        self.llm.reset_mm_cache()
        self.llm.llm_engine.reset_encoder_cache()
        self.llm.reset_prefix_cache()

    def answer(self, prompts: Sequence[Task]) -> tuple[list[str], float]:
        """The texts, and the seconds from prompts by reference to texts: reading the images is in them. vLLM's own texts lack
        what looks like the start of a character at their end; for comparison its tokens are decoded whole, as ours are."""
        from vllm import SamplingParams  # noqa: PLC0415

        from workers.rollout.prompts import engine_prompt  # noqa: PLC0415

        self.drop_caches()
        params = SamplingParams(
            temperature=0.0,
            max_tokens=self.config.eval.sampling.max_tokens,
            stop_token_ids=[self.reader.end_token_id],
        )
        begin = time.perf_counter()
        asked: list[Any] = [engine_prompt(self.reader, prompt) for prompt in prompts]
        written = self.llm.generate(asked, params, use_tqdm=False)
        took_s = time.perf_counter() - begin
        tokens = [output.outputs[0].token_ids for output in written]
        return [self.reader.tokenizer.decode(ids, skip_special_tokens=True) for ids in tokens], took_s
