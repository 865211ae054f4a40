"""Weights sent by a plain torch process, without Ray, arrive in vLLM: it then computes what transformers computes."""

import asyncio
import multiprocessing
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import torch

from spatialrl.errors import WorkerError
from spatialrl.types import Task
from tests.engine_under_test import (
    EngineUnderTest,
    load_reference,
    perturb,
    reference_logprobs,
    rollout_config,
    started,
)
from tests.tiny_policy import tasks_of_every_modality
from workers import transfer
from workers.transfer import Endpoint, TensorMeta, TransferGroup, free_port, host

CPU = torch.device("cpu")
TIMEOUT_S = 60.0
BOUND = 1e-4


def made_up_tensors() -> list[tuple[str, torch.Tensor]]:
    """Mixed types, an empty one, a scalar and one larger than a bucket."""
    dice = torch.Generator().manual_seed(0)
    small = [(f"w{i}", torch.randn(37, 53, generator=dice)) for i in range(40)]
    mixed = [(name, tensor.bfloat16() if i % 2 else tensor) for i, (name, tensor) in enumerate(small)]
    return [
        *mixed,
        ("large", torch.randn(900, 100, generator=dice)),
        ("one", torch.tensor(3.5)),
        ("none", torch.zeros(0, 4)),
    ]


@contextmanager
def sender_of_made_up(endpoint: Endpoint, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """On a thread; buckets hold a dozen tensors."""
    monkeypatch.setattr(transfer, "BUCKET_BYTES", 100_000)

    def send() -> None:
        TransferGroup(endpoint, rank=0, device=CPU, timeout_s=TIMEOUT_S).send(made_up_tensors())

    with ThreadPoolExecutor() as threads:
        sending = threads.submit(send)
        yield
        sending.exception(TIMEOUT_S)


def send_perturbed(folder: str, endpoint: Endpoint, seeds: list[int]) -> None:
    """One update per seed, each on top of the one before, as the optimizer would."""
    from transformers import AutoModelForImageTextToText  # noqa: PLC0415  in a process of its own

    model = AutoModelForImageTextToText.from_pretrained(folder, dtype=torch.float32)
    group = TransferGroup(endpoint, rank=0, device=CPU, timeout_s=TIMEOUT_S)
    for seed in seeds:
        group.send((name, p.detach()) for name, p in perturb(model, seed=seed).named_parameters())


@contextmanager
def process(function: Any, *args: Any) -> Iterator[None]:
    worker = multiprocessing.get_context("spawn").Process(target=function, args=args, daemon=True)
    worker.start()
    yield
    worker.join(TIMEOUT_S)
    assert worker.exitcode == 0


def metas_of(tensors: list[tuple[str, torch.Tensor]]) -> list[TensorMeta]:
    return [TensorMeta.of(name, tensor) for name, tensor in tensors]


@pytest.mark.parametrize("is_hosted", [False, True])
def test_tensors_arrive_as_they_were_sent(is_hosted: bool, monkeypatch: pytest.MonkeyPatch):
    store, endpoint = host("gloo", address="127.0.0.1", world_size=2, timeout_s=TIMEOUT_S)
    if not is_hosted:
        endpoint = Endpoint("gloo", "127.0.0.1", free_port(), 2)
    with sender_of_made_up(endpoint, monkeypatch):
        group = TransferGroup(endpoint, rank=1, device=CPU, timeout_s=TIMEOUT_S)
        sent = made_up_tensors()
        for (name, tensor), (expected_name, expected) in zip(group.receive(metas_of(sent)), sent, strict=True):
            assert name == expected_name
            assert tensor.dtype == expected.dtype
            assert torch.equal(tensor, expected)
    del store


def test_two_sides_that_disagree_on_the_order_stop(monkeypatch: pytest.MonkeyPatch):
    endpoint = Endpoint("gloo", "127.0.0.1", free_port(), 2)
    swapped = metas_of(made_up_tensors())
    swapped[0], swapped[2] = swapped[2], swapped[0]
    with sender_of_made_up(endpoint, monkeypatch):
        group = TransferGroup(endpoint, rank=1, device=CPU, timeout_s=TIMEOUT_S)
        with pytest.raises(WorkerError, match="the actor sent others"):
            list(group.receive(swapped))
        group.close()


def test_a_sender_that_never_comes_is_missed_in_time():
    store, endpoint = host("gloo", address="127.0.0.1", world_size=2, timeout_s=1.0)
    with pytest.raises(WorkerError, match=r"rank 1 could not join the gloo group of 2 .* within 1 s"):
        TransferGroup(endpoint, rank=1, device=CPU, timeout_s=1.0)
    del store


@pytest.fixture(scope="module")
def tasks(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Task]:
    return tasks_of_every_modality(tmp_path_factory.mktemp("media"))


@pytest.fixture(scope="module", params=["tied", "untied"])
def engine(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[EngineUnderTest]:
    folder: Path = tmp_path_factory.mktemp(request.param)
    with started(rollout_config(folder, tied=request.param == "tied")) as engine:
        yield engine


async def receive(engine: Any, version: int, metas: list[TensorMeta]) -> None:
    await engine.pause()
    await engine.begin_update()
    await engine.receive_weights(metas)
    await engine.finish_update(version)
    await engine.resume()


def forget_to_repair(worker: Any) -> None:
    from workers.rollout import repairs  # noqa: PLC0415  runs in the engine's process

    repairs.repair_lm_head = lambda model: None


def gaps(engine: EngineUnderTest, model: Any, tasks: dict[str, Task]) -> dict[str, float]:
    """Largest difference between the engine's log-probs and transformers', per modality."""
    found = {}
    for name, task in tasks.items():
        (completion,) = engine.complete(task)
        expected = reference_logprobs(model, engine.engine.reader, task, completion)
        found[name] = max(abs(a - b) for a, b in zip(completion.logprobs_T, expected, strict=True))
    return found


def test_after_an_update_vllm_computes_what_transformers_computes(engine: EngineUnderTest, tasks: dict[str, Task]):
    """With the LM head's repair; and without it, where the head is tied, it does not."""
    model = load_reference(engine.config)
    is_tied = model.config.tie_word_embeddings
    metas = metas_of(list(model.named_parameters()))
    assert max(gaps(engine, model, tasks).values()) < BOUND

    store, endpoint = host("gloo", address="127.0.0.1", world_size=2, timeout_s=TIMEOUT_S)
    with process(send_perturbed, engine.config.model.path, endpoint, [1, 2]):
        engine.run(engine.engine.open_transfer(endpoint, first_rank=1, timeout_s=TIMEOUT_S))

        engine.run(receive(engine.engine, 1, metas))
        assert min(gaps(engine, model, tasks).values()) > 0.01
        perturb(model, seed=1)
        assert max(gaps(engine, model, tasks).values()) < BOUND
        (completion,) = engine.complete(tasks["text"])
        assert [span.version for span in completion.version_spans] == [1]

        engine.in_model_process(forget_to_repair)
        engine.run(receive(engine.engine, 2, metas))
        perturb(model, seed=2)
        assert (max(gaps(engine, model, tasks).values()) > 0.01) == is_tied
    del store


def test_an_update_without_a_sender_ends_within_its_deadline(engine: EngineUnderTest):
    store, endpoint = host("gloo", address="127.0.0.1", world_size=2, timeout_s=2.0)
    with pytest.raises(Exception, match="could not join"):
        engine.run(asyncio.wait_for(engine.engine.open_transfer(endpoint, first_rank=1, timeout_s=2.0), 30))
    del store
