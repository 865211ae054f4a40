import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest

from spatialrl.config import ClusterConfig, RunConfig
from spatialrl.errors import WorkerError
from workers.transfer import Endpoint, TensorMeta
from workers.weights import TransferWeightSync

META = TensorMeta(name="w", dtype="float32", shape=(2,))


@dataclass
class FakeSender:
    """Lends one weight, then nothing."""

    loans: list[str] = field(default_factory=lambda: ["w"])

    async def weight_metas(self) -> list[TensorMeta]:
        return [META]

    async def open_transfer(self, endpoint: Endpoint, timeout_s: float) -> None:
        raise AssertionError("nothing to open between processes of one GPU")

    async def send_weights(self) -> None:
        raise AssertionError("lent, not sent")

    async def begin_loan(self) -> None: ...

    async def lend(self) -> Sequence[Any]:
        return [self.loans.pop()] if self.loans else []


@dataclass
class FakeReceivers:
    """Writes down what it was asked, in order."""

    asked: list[str] = field(default_factory=list)
    is_asleep: bool = False
    num_processes: int = 1

    async def open_transfer(self, endpoint: Endpoint, *, first_rank: int, timeout_s: float) -> None: ...

    async def call(self, method: str, *args: Any, timeout_s: float) -> None:
        self.asked.append(method)

    async def sleep(self) -> None:
        self.is_asleep = True
        self.asked.append("sleep")

    async def wake(self, *tags: str) -> None:
        self.is_asleep = False
        self.asked.append(f"wake {' '.join(tags)}")

    def fail(self, reason: str) -> None:
        self.asked.append("fail")


def colocated(rollout: FakeReceivers, sender: FakeSender) -> TransferWeightSync:
    cluster = ClusterConfig(device="cuda", placement="colocated")
    return TransferWeightSync(RunConfig(cluster=cluster), actor=sender, rollout=rollout)


def update(weights: TransferWeightSync) -> None:
    async def run() -> None:
        await weights.make_room()
        await weights.sync(1)

    asyncio.run(run())


def test_colocated_workers_sleep_during_the_update_and_wake_room_by_room():
    rollout = FakeReceivers()
    update(colocated(rollout, FakeSender()))
    assert rollout.asked == [
        "sleep",
        "pause",
        "wake weights",
        "begin_update",
        "borrow_weights",
        "wake kv_cache scheduling",
        "finish_update",
        "resume",
    ]


def test_workers_on_gpus_of_their_own_stay_awake():
    rollout = FakeReceivers()
    weights = TransferWeightSync(RunConfig(), actor=FakeSender(), rollout=rollout)
    asyncio.run(weights.make_room())
    assert rollout.asked == []


def test_a_weight_that_was_not_lent_ends_the_rollout():
    rollout = FakeReceivers()
    with pytest.raises(WorkerError, match="lent 0 of 1"):
        update(colocated(rollout, FakeSender(loans=[])))
    assert rollout.asked[-1] == "fail"
