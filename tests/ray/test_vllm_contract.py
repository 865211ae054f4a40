"""What the adapter relies on in vLLM, pinned: signatures, the life of an update, what its caches keep, what it samples."""

import asyncio
import inspect
import random
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from typing import Any

import pytest

from spatialrl.config import SamplingConfig
from spatialrl.data.vision import PromptReader
from spatialrl.errors import DataError, WorkerError
from spatialrl.types import Completion, Task
from tests.engine_under_test import EngineUnderTest, load_reference, reference_logprobs, rollout_config, started
from tests.tiny_policy import picture, tasks_of_every_modality, with_media


@pytest.fixture(scope="module")
def tasks(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Task]:
    return tasks_of_every_modality(tmp_path_factory.mktemp("media"))


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EngineUnderTest]:
    with started(rollout_config(tmp_path_factory.mktemp("models"))) as engine:
        yield engine


SIGNATURES = {
    "generate": {"prompt", "sampling_params", "request_id"},
    "pause_generation": {"mode", "clear_cache"},
    "resume_generation": set(),
    "init_weight_transfer_engine": {"request"},
    "start_weight_update": set(),
    "update_weights": {"request"},
    "finish_weight_update": {"weight_version"},
    "update_weight_version": {"new_version"},
    "get_weight_version": set(),
    "reset_mm_cache": set(),
    "reset_encoder_cache": set(),
    "reset_prefix_cache": {"reset_running_requests"},
    "sleep": {"level", "mode"},
    "wake_up": {"tags"},
    "shutdown": {"timeout"},
}


@pytest.mark.parametrize("method", SIGNATURES)
def test_vllm_takes_the_arguments_the_adapter_gives(method: str):
    from vllm.v1.engine.async_llm import AsyncLLM  # noqa: PLC0415  tests that need no vLLM collect without it

    assert SIGNATURES[method] <= inspect.signature(getattr(AsyncLLM, method)).parameters.keys()


def test_the_base_of_the_receiver_has_the_methods_it_overrides(engine: EngineUnderTest):
    from vllm.distributed.weight_transfer.base import WeightTransferEngine  # noqa: PLC0415  as above

    from workers.rollout.receive import NAME, Receiver  # noqa: PLC0415  as above

    own = {"init_transfer_engine", "start_weight_update", "update_weights", "receive_weights", "finish_weight_update"}
    assert all(callable(getattr(WeightTransferEngine, method)) for method in own)
    assert own <= vars(Receiver).keys()
    assert engine.engine.llm.vllm_config.weight_transfer_config.backend == NAME


@pytest.mark.parametrize("modality", ["text", "image", "images", "video"])
def test_the_engine_reads_the_prompt_the_actor_reads(engine: EngineUnderTest, tasks: dict[str, Task], modality: str):
    reader: PromptReader = engine.engine.reader
    (completion,) = engine.complete(tasks[modality])
    expected = reader.model_inputs(tasks[modality], reader.load(tasks[modality]))
    assert completion.prompt_ids == tuple(expected.prompt_ids)


@pytest.mark.parametrize("modality", ["text", "image", "images", "video"])
def test_logprobs_are_those_after_ban_and_temperature(engine: EngineUnderTest, tasks: dict[str, Task], modality: str):
    (completion,) = engine.complete(tasks[modality], temperature=0.7, max_tokens=32)
    model = load_reference(engine.config)
    expected = reference_logprobs(model, engine.engine.reader, tasks[modality], completion, temperature=0.7)
    assert completion.logprobs_T == pytest.approx(expected, abs=1e-4)


def sampled_vision_tokens(engine: EngineUnderTest, task: Task, banned: set[int]) -> int:
    """Among 4096 tokens of a random model that knows 400: without a ban about 50."""
    completions = engine.complete(task, num=16, max_tokens=256)
    return sum(token in banned for completion in completions for token in completion.token_ids)


def test_no_vision_token_is_ever_sampled(engine: EngineUnderTest, tasks: dict[str, Task], monkeypatch):
    banned = set(engine.engine.reader.banned_token_ids)
    assert len(banned) == 5
    assert sampled_vision_tokens(engine, tasks["image"], banned) == 0
    monkeypatch.setattr(PromptReader, "banned_token_ids", [])
    assert sampled_vision_tokens(engine, tasks["image"], banned) > 0


def nudge_vision(worker: Any, factor: float) -> None:
    for name, parameter in worker.model_runner.model.visual.named_parameters():
        if "norm" in name:
            parameter.data.mul_(factor)


@pytest.fixture(scope="module")
def album(tmp_path_factory: pytest.TempPathFactory) -> Task:
    """Its prompt spans several cached blocks, most of them made of images."""
    folder = tmp_path_factory.mktemp("album")
    return with_media("album", tuple(picture(folder, seed=10 + i) for i in range(12)))


def test_only_prefix_and_encoder_cache_together_forget_the_old_weights(engine: EngineUnderTest, album: Task):
    llm = engine.engine.llm

    def logprobs() -> tuple[float, ...]:
        return engine.complete(album, max_tokens=4, temperature=0.0)[0].logprobs_T

    async def prefix() -> None:
        await llm.reset_prefix_cache(reset_running_requests=True)

    async def encoder() -> None:
        await llm.reset_encoder_cache()

    def after(*resets: Any) -> tuple[float, ...]:
        engine.run(engine.engine.drop_caches())
        engine.in_model_process(nudge_vision, 0.5)
        logprobs()
        engine.in_model_process(nudge_vision, 2.0)
        for reset in resets:
            engine.run(reset())
        return logprobs()

    fresh = after(engine.engine.drop_caches)
    assert max(abs(a - b) for a, b in zip(after(), fresh, strict=True)) > 1e-3
    assert max(abs(a - b) for a, b in zip(after(prefix), fresh, strict=True)) > 1e-3
    assert max(abs(a - b) for a, b in zip(after(encoder), fresh, strict=True)) > 1e-3
    assert after(prefix, encoder) == pytest.approx(fresh, abs=1e-5)


def test_a_pause_keeps_what_is_being_written_and_says_who_wrote_what(engine: EngineUnderTest, album: Task):
    """Also where the prompt was cached, so that vLLM withheld its pixels from the model runner."""

    async def write_through_an_update() -> list[Completion]:
        adapter = engine.engine
        words = {"num_completions": 4, "seed": 1, "sampling": SamplingConfig(max_tokens=500)}
        writing = asyncio.ensure_future(collect(adapter.generate(album, **words)))
        await asyncio.sleep(0.4)
        await adapter.pause()
        await adapter.llm.update_weight_version("7")
        await adapter.drop_caches()
        assert not writing.done()
        await adapter.resume()
        completions = await writing
        await adapter.llm.update_weight_version("0")
        return completions

    engine.complete(album)
    completions = [c for c in engine.run(write_through_an_update()) if len(c.version_spans) > 1]
    assert completions
    for completion in completions:
        assert [span.version for span in completion.version_spans] == [0, 7]
        assert completion.version_spans[0].start == 0
        assert completion.version_spans[-1].end == len(completion.token_ids) == len(completion.logprobs_T)
        assert all(left.end == right.start for left, right in pairwise(completion.version_spans))
    model = load_reference(engine.config)
    expected = reference_logprobs(model, engine.engine.reader, album, completions[0])
    assert completions[0].logprobs_T == pytest.approx(expected, abs=1e-4)


def test_more_prompts_than_one_step_holds_do_not_end_the_engine(engine: EngineUnderTest, album: Task):
    """Forty of 250 tokens, none of them cached, against 8192 a step: half a prompt can't be read on CPU."""

    async def ask_all() -> list[list[Completion]]:
        dice = random.Random(0)
        shuffled = [with_media(f"album {i}", tuple(dice.sample(album.media, k=len(album.media)))) for i in range(40)]
        words = {"num_completions": 1, "seed": 1, "sampling": SamplingConfig(max_tokens=4)}
        return await asyncio.gather(*(collect(engine.engine.generate(task, **words)) for task in shuffled))

    answers = engine.run(ask_all())
    assert sum(len(completion.prompt_ids) for (completion,) in answers) > 8192


async def collect(stream: Any) -> list[Any]:
    return [item async for item in stream]


def test_a_lost_image_is_asked_again_and_never_a_sample(engine: EngineUnderTest, tasks: dict[str, Task], monkeypatch):
    """vLLM's two multimodal caches disagree: it answers `error` with no tokens, once."""
    outcomes = []

    def note(output: Any) -> bool:
        outcomes.append((output.finish_reason, len(output.token_ids)))
        return output.finish_reason != "error"

    engine.complete(tasks["images"])
    engine.run(engine.engine.llm.engine_core.reset_mm_cache_async())
    monkeypatch.setattr("workers.rollout.engine.is_finished", note)
    (completion,) = engine.complete(tasks["images"])
    assert outcomes == [("error", 0), (completion.finish_reason, len(completion.token_ids))]


def test_an_engine_that_gives_up_twice_says_so(engine: EngineUnderTest, tasks: dict[str, Task], monkeypatch):
    monkeypatch.setattr("workers.rollout.engine.is_finished", lambda output: False)
    with pytest.raises(WorkerError, match="gave up 2 times on task text"):
        engine.complete(tasks["text"])


def test_a_prompt_longer_than_the_model_is_named(engine: EngineUnderTest, tmp_path):
    pictures = tuple(picture(tmp_path, seed=i) for i in range(64))
    with pytest.raises(DataError, match=r"Task gallery does not fit .* model\.max_tokens \(1024\)"):
        engine.complete(with_media("gallery", pictures))


def test_blank_and_real_pixels_are_told_apart(engine: EngineUnderTest, tasks: dict[str, Task]):
    image = tasks["image"]
    blank = replace(image, media=tuple(replace(medium, blank=True) for medium in image.media))
    seen, unseen = (engine.complete(task, temperature=0.0)[0] for task in (image, blank))
    assert seen.prompt_ids == unseen.prompt_ids
    assert seen.logprobs_T != unseen.logprobs_T
