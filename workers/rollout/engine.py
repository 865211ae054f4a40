"""The one adapter to vLLM: an engine that completes tasks and takes new weights.

The one rule: what leaves this file is a finished completion or an error with a sentence; vLLM's `error` and `abort`
outcomes are never samples.
"""

import asyncio
import math
import pickle
from collections.abc import AsyncIterator, Sequence
from dataclasses import asdict
from itertools import count
from typing import Any, Self

from vllm import AsyncEngineArgs
from vllm.config.weight_transfer import WeightTransferConfig
from vllm.distributed.weight_transfer.base import WeightTransferInitRequest, WeightTransferUpdateRequest
from vllm.exceptions import VLLMClientError
from vllm.outputs import RequestOutput
from vllm.sampling_params import SamplingParams
from vllm.v1.engine.async_llm import AsyncLLM
from vllm.v1.engine.exceptions import EngineDeadError, EngineGenerateError

from spatialrl.config import RunConfig, SamplingConfig
from spatialrl.data.media.budget import Budgets
from spatialrl.data.media.frame_plan import FRAMES_PER_PATCH
from spatialrl.data.media.store import open_store
from spatialrl.data.vision import PromptReader
from spatialrl.errors import DataError, UserError, WorkerDied, WorkerError
from spatialrl.seeds import stable_seed
from spatialrl.types import Completion, Task
from workers.rollout import receive
from workers.rollout.asked import Asked, Outcome, Outcomes
from workers.rollout.prompts import engine_prompt
from workers.rollout.sampling import as_completion, is_finished, sampling_params
from workers.transfer import Endpoint, TensorMeta

NUM_ATTEMPTS = 2
SHUTDOWN_TIMEOUT_S = 2.0
"""Then it is killed: an engine has nothing to save."""
MAX_IMAGES, MAX_VIDEOS = 64, 8
"""Of one prompt."""
ERROR_LENGTH = 400
"""Characters of vLLM's own words inside one of our sentences."""
STEP_TOKENS = 8192
"""Least number of tokens the CPU engine reads in one step."""


class Engine:
    def __init__(self, config: RunConfig) -> None:
        """Use `start`, in a process whose environment was set before this file was imported."""
        self.config = config
        self.reader = PromptReader(config.model.path, config.data, store=open_store(config))
        self.request_ids = count()
        self.llm = start_llm(config, self.reader.budgets)

    @classmethod
    async def start(cls, config: RunConfig) -> Self:
        """The weights of the model folder are version 0."""
        engine = cls(config)
        await engine.llm.update_weight_version("0")
        return engine

    async def generate(
        self, task: Task, *, num_completions: int, seed: int, sampling: SamplingConfig
    ) -> AsyncIterator[Completion]:
        """Each completion the moment it is done. One request per completion: as fast as one request for all of them,
        because prompt and media are read once and cached, and no completion waits for the longest."""
        prompt = await asyncio.to_thread(engine_prompt, self.reader, task)
        params = [self.params(sampling, seed=stable_seed(seed, sample)) for sample in range(num_completions)]
        jobs = [asyncio.ensure_future(self.complete(task, prompt, params=one)) for one in params]
        try:
            for job in asyncio.as_completed(jobs):
                yield await job
        finally:
            for job in jobs:
                job.cancel()

    async def answer(self, asked: Sequence[Asked]) -> AsyncIterator[Outcomes]:
        """One completion of each, without log-probs; those that are done together come together."""
        done: asyncio.Queue[tuple[int, Outcome]] = asyncio.Queue()
        jobs = [asyncio.ensure_future(self.answer_one(one, place, done)) for place, one in enumerate(asked)]
        missing = len(jobs)
        try:
            while missing:
                outcomes = [await done.get()]
                while not done.empty():
                    outcomes.append(done.get_nowait())
                missing -= len(outcomes)
                yield outcomes
        finally:
            for job in jobs:
                job.cancel()

    async def answer_one(self, asked: Asked, place: int, done: "asyncio.Queue[tuple[int, Outcome]]") -> None:
        outcome: Outcome = WorkerError(f"The rollout worker broke on task {asked.task.id}; its log says why.")
        try:
            prompt = await asyncio.to_thread(engine_prompt, self.reader, asked.task)
            params = self.params(asked.sampling, seed=stable_seed(asked.seed, 0), with_logprobs=False)
            outcome = await self.complete(asked.task, prompt, params=params)
        # Door: the error of one question is no error of those that were asked with it.
        except UserError as error:
            outcome = error
        finally:
            done.put_nowait((place, outcome))

    def params(self, sampling: SamplingConfig, *, seed: int, with_logprobs: bool = True) -> SamplingParams:
        return sampling_params(sampling, reader=self.reader, seed=seed, with_logprobs=with_logprobs)

    async def complete(self, task: Task, prompt: Any, *, params: SamplingParams) -> Completion:
        reasons = []
        for _ in range(NUM_ATTEMPTS):
            answer = await self.ask(task, prompt, params)
            output = answer.outputs[0]
            if is_finished(output):
                return as_completion(output, prompt_ids=answer.prompt_token_ids or (), reader=self.reader)
            reasons.append(str(output.finish_reason))
        raise WorkerError(f"vLLM gave up {NUM_ATTEMPTS} times on task {task.id} (reasons: {', '.join(reasons)}).")

    async def ask(self, task: Task, prompt: Any, params: SamplingParams) -> RequestOutput:
        """With FINAL_ONLY there is one output."""
        try:
            async for output in self.llm.generate(prompt, params, f"{task.id}-{next(self.request_ids)}"):
                return output
        except VLLMClientError as error:
            raise DataError(
                f"Task {task.id} does not fit the model: {shortened(error)} "
                f"Raise model.max_tokens ({self.config.model.max_tokens}) or lower data.max_pixels "
                f"({self.config.data.max_pixels}), of videos data.video.total_pixels."
            ) from error
        except EngineDeadError as error:
            raise WorkerDied(
                f"vLLM's engine died while it wrote task {task.id}; the end of the rollout worker's log says why."
            ) from error
        except EngineGenerateError as error:
            raise WorkerError(f"vLLM failed on task {task.id}: {shortened(error.__cause__ or error)}") from error
        raise WorkerError(f"vLLM returned nothing for task {task.id}.")

    async def pause(self) -> None:
        """Completions in flight are kept; they go on after `resume`."""
        await self.llm.pause_generation(mode="keep", clear_cache=False)

    async def open_transfer(self, endpoint: Endpoint, *, first_rank: int, timeout_s: float) -> None:
        info = {"endpoint": asdict(endpoint), "first_rank": first_rank, "timeout_s": timeout_s}
        await self.llm.init_weight_transfer_engine(WeightTransferInitRequest(init_info=info))

    async def begin_update(self) -> None:
        await self.llm.start_weight_update()

    async def receive_weights(self, metas: Sequence[TensorMeta]) -> None:
        info = {"metas": [(meta.name, meta.dtype, list(meta.shape)) for meta in metas]}
        await self.llm.update_weights(WeightTransferUpdateRequest(update_info=info))

    async def borrow_weights(self, loans: Sequence[receive.Loan]) -> None:
        """Some of the weights, from an actor on the same GPUs."""
        await self.llm.update_weights(WeightTransferUpdateRequest(update_info={"loans": pickle.dumps(list(loans))}))

    async def finish_update(self, version: int) -> None:
        """Afterwards nothing computed with the old weights is left, and completions carry the new version."""
        await self.llm.finish_weight_update(str(version))
        await self.drop_caches()
        found = await self.llm.get_weight_version()
        if found != str(version):
            raise WorkerError(f"vLLM says its weights are version {found} after an update to version {version}.")

    async def drop_caches(self) -> None:
        """Prefix and encoder caches both hold what old weights computed; each keeps the other's stale entries alive."""
        await self.llm.reset_mm_cache()
        await self.llm.reset_encoder_cache()
        await self.llm.reset_prefix_cache(reset_running_requests=True)

    async def resume(self) -> None:
        await self.llm.resume_generation()

    async def sleep(self) -> None:
        """Gives weights and KV cache back to the GPU; an update fills the weights again."""
        await self.llm.sleep(level=2, mode="wait")

    async def wake(self, tags: Sequence[str]) -> None:
        """`weights` before an update, `kv_cache` and `scheduling` after it."""
        await self.llm.wake_up(list(tags))

    def close(self) -> None:
        if self.reader.store is not None:
            self.reader.store.close(wait_s=0)
        self.llm.shutdown(timeout=SHUTDOWN_TIMEOUT_S)
        del self.llm


def start_llm(config: RunConfig, budgets: Budgets) -> AsyncLLM:
    receive.register()
    try:
        return AsyncLLM.from_engine_args(engine_args(config, budgets))
    except (ValueError, RuntimeError, OSError) as error:
        raise WorkerError(f"vLLM could not start on {config.model.path}: {shortened(error)}") from error


def engine_args(config: RunConfig, budgets: Budgets) -> AsyncEngineArgs:
    return AsyncEngineArgs(
        model=config.model.path,
        dtype=config.model.dtype,  # type: ignore[arg-type]
        max_model_len=config.model.max_tokens,
        max_num_seqs=config.rollout.max_num_seqs,
        tensor_parallel_size=config.rollout.tensor_parallel,
        gpu_memory_utilization=config.rollout.gpu_memory_utilization,
        enforce_eager=config.rollout.enforce_eager or config.cluster.device == "cpu",
        seed=config.seed,
        logprobs_mode="processed_logprobs",
        generation_config="vllm",
        limit_mm_per_prompt=media_limits(config, budgets),  # type: ignore[arg-type]
        enable_prefix_caching=True,
        enable_sleep_mode=config.cluster.placement == "colocated" and config.cluster.device == "cuda",
        weight_transfer_config=WeightTransferConfig(backend=receive.NAME),
        disable_log_stats=True,
        use_tqdm_on_load=False,
        **(cpu_args(config) if config.cluster.device == "cpu" else {}),
    )


def media_limits(config: RunConfig, budgets: Budgets) -> dict[str, dict[str, int]]:
    """Counts, and the size of the media vLLM warms up with: ours never exceed it, the processor's own limit is larger. A
    video is as long as fits the model."""
    frame = budgets.video.per_frame(FRAMES_PER_PATCH).max_pixels
    fitting = int(config.model.max_tokens * FRAMES_PER_PATCH * budgets.video.factor**2 / frame)
    num_frames = max(FRAMES_PER_PATCH, min(config.data.video.max_frames, fitting))
    image, video = (square(pixels) for pixels in (config.data.max_pixels, frame))
    return {"image": {"count": MAX_IMAGES} | image, "video": {"count": MAX_VIDEOS, "num_frames": num_frames} | video}


def square(pixels: float) -> dict[str, int]:
    side = math.isqrt(int(pixels))
    return {"width": side, "height": side}


def cpu_args(config: RunConfig) -> dict[str, Any]:
    """On CPU vLLM can't rewind a seeded request after half a prompt, so every prompt is read in one step."""
    return {
        "enable_chunked_prefill": False,
        "async_scheduling": False,
        "max_num_batched_tokens": max(config.model.max_tokens, STEP_TOKENS),
        "distributed_executor_backend": "uni" if config.rollout.tensor_parallel == 1 else "mp",
        "kv_cache_memory_bytes": int(config.rollout.kv_cache_gb * 2**30),
        "skip_mm_profiling": True,
    }


def shortened(error: BaseException) -> str:
    text = " ".join(str(error).split()) or type(error).__name__
    return text if len(text) <= ERROR_LENGTH else text[:ERROR_LENGTH] + " ..."
