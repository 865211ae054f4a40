"""A medium that breaks between rollout and update: the actor goes on without its task, or ends with its reason."""

import asyncio
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch
from torch.distributed.tensor import DTensor

from spatialrl.config import AlgorithmConfig
from spatialrl.data.vision import PromptReader
from spatialrl.errors import MediaError
from spatialrl.types import MicroBatch, Task, TrainBatch, Trajectory
from tests.tiny_policy import picture, trajectories, with_media
from workers.actor.group import ActorGroup
from workers.actor.update import Objective, accumulate_gradients
from workers.fsdp.forward import Policy
from workers.fsdp.packing import Packer
from workers.fsdp.prefetch import packed_rows

OBJECTIVE = Objective(algorithm=AlgorithmConfig(), loss="clipped")


@pytest.fixture
def broken(reader: PromptReader, tmp_path: Path) -> list[Trajectory]:
    medium = picture(tmp_path, seed=9)
    found = trajectories(reader, with_media("broken", (medium,)), lengths=[4, 5])
    Path(medium.path).write_bytes(b"no image")
    return found


def packer(reader: PromptReader, bad_media: str) -> Packer:
    return Packer(reader, attention="sdpa", device=torch.device("cpu"), bad_media=bad_media)


def gradient(policy: Policy, packer: Packer, *rows: list[Trajectory]) -> torch.Tensor:
    micro_batches = [MicroBatch(trajectories=tuple(row)) for row in rows]
    accumulate_gradients(policy, packer, OBJECTIVE, micro_batches, num_loss_tokens=20, world_size=1, version=0)
    gradients = [p.grad for p in policy.parameters() if p.grad is not None]
    found = torch.cat([(g.full_tensor() if isinstance(g, DTensor) else g).flatten() for g in gradients])
    policy.zero_grad()
    return found


def test_what_is_dropped_adds_nothing_to_the_gradient(
    policy: Policy, reader: PromptReader, tasks: dict[str, Task], broken: list[Trajectory]
):
    good = trajectories(reader, tasks["image"], lengths=[6, 3])
    dropping = packer(reader, "drop")
    ours = gradient(policy, dropping, [*broken, *good], broken)
    assert torch.allclose(ours, gradient(policy, packer(reader, "fail"), good), atol=1e-8)
    assert list(dropping.unread) == ["broken"]
    assert "is not an image" in dropping.unread["broken"]


def test_a_report_names_what_any_rank_left_out_and_counts_it_over_the_run():
    """Two ranks with a task each, and one of them again: two in all."""
    answers = iter([[({}, {"a": "a is gone"}), ({}, {"b": "b is gone"})], [({}, {"a": "a is gone"}), ({}, {})]])

    class Ranks:
        async def call_each(self, *_: object, timeout_s: float) -> list[tuple[list[Any], dict[str, str]]]:
            return [([metrics], unread) for metrics, unread in next(answers)]

    actor = ActorGroup(Ranks(), timeout_s=1.0)  # type: ignore[arg-type]
    batch = TrainBatch(ranks=((), ()), num_loss_tokens=1)
    reports = [asyncio.run(actor.update(batch)) for _ in range(2)]
    assert [dict(report.unread) for report in reports] == [{"a": "a is gone", "b": "b is gone"}, {"a": "a is gone"}]
    assert [report.maxima["data/unread_tasks"] for report in reports] == [2, 2]


def test_without_leave_to_drop_the_task_is_named(reader: PromptReader, broken: list[Trajectory]):
    with pytest.raises(MediaError, match=r"Task broken: .*picture_9\.png is not an image"):
        packer(reader, "fail").pack(broken)


def test_rows_come_in_their_order_however_many_there_are(reader: PromptReader, tasks: dict[str, Task]):
    rows = [
        MicroBatch(trajectories=tuple(trajectories(reader, replace(tasks["image"], id=f"t{n}"), lengths=[3])))
        for n in range(9)
    ]
    assert [row.trajectories for _, row in packed_rows(packer(reader, "fail"), rows)] == [r.trajectories for r in rows]
