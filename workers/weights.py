"""WeightSync: moves the actor's weights into every rollout worker, as one transaction.

pause -> start -> send on the actor's ranks while the rollout receives -> finish, new version, no caches -> resume. The
one rule: a step that fails or is late ends the run with a sentence that says who is missing; rollout workers with half
of the new weights never write another token, and nobody is left waiting for them.
"""

import asyncio
import time
from collections.abc import Awaitable, Mapping, Sequence
from typing import Any, Protocol

import ray

from spatialrl.config import RunConfig
from spatialrl.errors import UserError, WorkerError
from workers.transfer import Endpoint, TensorMeta, host

BACKENDS = {"cpu": "gloo", "cuda": "nccl"}
GRACE_S = 2.0
"""After one side failed, the other has this long to say why."""


class Sender(Protocol):
    """The side of the actor."""

    async def weight_metas(self) -> list[TensorMeta]: ...

    async def open_transfer(self, endpoint: Endpoint, timeout_s: float) -> None: ...

    async def send_weights(self) -> None: ...


class Receivers(Protocol):
    """The side of the rollout."""

    @property
    def num_processes(self) -> int: ...

    async def open_transfer(self, endpoint: Endpoint, *, first_rank: int, timeout_s: float) -> None: ...

    async def call(self, method: str, *args: Any, timeout_s: float) -> None: ...

    def fail(self, reason: str) -> None: ...


class TransferWeightSync:
    def __init__(self, config: RunConfig, *, actor: Sender, rollout: Receivers) -> None:
        self.actor = actor
        self.rollout = rollout
        self.backend = BACKENDS[config.cluster.device]
        self.timeout_s = config.rollout.timeout_s
        self.metas: Sequence[TensorMeta] = ()
        """Empty until the group is open; it is opened once."""

    async def sync(self, version: int) -> Mapping[str, float]:
        started = time.monotonic()
        try:
            if not self.metas:
                await self.open()
            paused = time.monotonic()
            transfer_s = await self.transact(version)
        except UserError as error:
            reason = f"Weight sync to version {version}: {error}"
            self.rollout.fail(reason)
            raise WorkerError(reason) from error
        ended = time.monotonic()
        return {
            "sync/pause_s": ended - paused,
            "sync/transfer_s": transfer_s,
            "sync/total_s": ended - started,
            "sync/bytes": float(sum(meta.num_bytes for meta in self.metas)),
        }

    async def open(self) -> None:
        metas = await self.actor.weight_metas()
        self.store, endpoint = host(
            self.backend,
            address=ray.util.get_node_ip_address(),
            world_size=1 + self.rollout.num_processes,
            timeout_s=self.timeout_s,
        )
        await self.both(
            actor=self.actor.open_transfer(endpoint, self.timeout_s),
            rollout=self.rollout.open_transfer(endpoint, first_rank=1, timeout_s=self.timeout_s),
        )
        self.metas = metas

    async def transact(self, version: int) -> float:
        """Returns the seconds of the transfer itself."""
        await self.on_rollout("pause")
        await self.on_rollout("begin_update")
        started = time.monotonic()
        await self.both(actor=self.actor.send_weights(), rollout=self.on_rollout("receive_weights", self.metas))
        transfer_s = time.monotonic() - started
        await self.on_rollout("finish_update", version)
        await self.on_rollout("resume")
        return transfer_s

    async def on_rollout(self, method: str, *args: Any) -> None:
        await self.rollout.call(method, *args, timeout_s=self.timeout_s)

    async def both(self, **sides: Awaitable[None]) -> None:
        """The two sides of one exchange: each waits for the other, so the first failure ends both."""
        jobs = {name: asyncio.ensure_future(side) for name, side in sides.items()}
        try:
            await asyncio.wait(jobs.values(), timeout=self.timeout_s, return_when=asyncio.FIRST_EXCEPTION)
            if any(job.done() and job.exception() for job in jobs.values()):
                await asyncio.wait(jobs.values(), timeout=GRACE_S)
            raise_failures(jobs, timeout_s=self.timeout_s)
        finally:
            for job in jobs.values():
                job.cancel()


def raise_failures(jobs: Mapping[str, asyncio.Future], *, timeout_s: float) -> None:
    failures = [error for job in jobs.values() if job.done() and (error := job.exception())]
    for error in failures:
        if not isinstance(error, UserError):
            raise error
    if failures:
        raise WorkerError(" ".join(str(error) for error in failures)) from failures[0]
    if waiting := [name for name, job in jobs.items() if not job.done()]:
        raise WorkerError(f"{' and '.join(waiting)} were not done within {timeout_s:g} s.")
