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

GRACE_S = 2.0
"""After one side failed, the other has this long to say why."""


class Sender(Protocol):
    """The side of the actor."""

    async def weight_metas(self) -> list[TensorMeta]: ...

    async def open_transfer(self, endpoint: Endpoint, timeout_s: float) -> None: ...

    async def send_weights(self) -> None: ...

    async def begin_loan(self) -> None: ...

    async def lend(self) -> Sequence[Any]: ...


class Receivers(Protocol):
    """The side of the rollout."""

    is_asleep: bool

    @property
    def num_processes(self) -> int: ...

    async def open_transfer(self, endpoint: Endpoint, *, first_rank: int, timeout_s: float) -> None: ...

    async def call(self, method: str, *args: Any, timeout_s: float) -> None: ...

    async def sleep(self) -> None: ...

    async def wake(self, *tags: str) -> None: ...

    def fail(self, reason: str) -> None: ...


class Broadcast:
    """Actor rank 0 sends to every rollout process: gloo on CPU, NCCL between GPUs. The group is opened once."""

    def __init__(self, backend: str, *, actor: Sender, rollout: Receivers, timeout_s: float) -> None:
        self.backend, self.actor, self.rollout, self.timeout_s = backend, actor, rollout, timeout_s

    async def open(self) -> None:
        self.store, endpoint = host(
            self.backend,
            address=ray.util.get_node_ip_address(),
            world_size=1 + self.rollout.num_processes,
            timeout_s=self.timeout_s,
        )
        await together(
            timeout_s=self.timeout_s,
            actor=self.actor.open_transfer(endpoint, self.timeout_s),
            rollout=self.rollout.open_transfer(endpoint, first_rank=1, timeout_s=self.timeout_s),
        )

    async def transfer(self, metas: Sequence[TensorMeta]) -> None:
        await together(
            timeout_s=self.timeout_s,
            actor=self.actor.send_weights(),
            rollout=self.rollout.call("receive_weights", metas, timeout_s=self.timeout_s),
        )


class Lending:
    """Each actor rank lends its GPU's copy to the rollout worker there, as CUDA IPC handles, bucket by bucket."""

    def __init__(self, *, actor: Sender, rollout: Receivers, timeout_s: float) -> None:
        self.actor, self.rollout, self.timeout_s = actor, rollout, timeout_s

    async def open(self) -> None:
        """There is nobody to meet."""

    async def transfer(self, metas: Sequence[TensorMeta]) -> None:
        await self.actor.begin_loan()
        num_lent = 0
        while loans := await self.actor.lend():
            await self.rollout.call("borrow_weights", loans, timeout_s=self.timeout_s)
            num_lent += len(loans)
        if num_lent != len(metas):
            raise WorkerError(f"the actor lent {num_lent} of {len(metas)} weights.")


class TransferWeightSync:
    def __init__(self, config: RunConfig, *, actor: Sender, rollout: Receivers) -> None:
        self.actor = actor
        self.rollout = rollout
        self.timeout_s = config.rollout.timeout_s
        self.is_shared = config.cluster.placement == "colocated" and config.cluster.device == "cuda"
        """Rollout and actor sit on the same GPUs."""
        self.route = make_route(config, actor=actor, rollout=rollout)
        self.metas: Sequence[TensorMeta] = ()
        """Empty before the first sync; the same in all of them."""

    async def make_room(self) -> None:
        if self.is_shared:
            await self.rollout.sleep()

    async def sync(self, version: int) -> Mapping[str, float]:
        """A failure ends the rollout workers and is raised."""
        started = time.monotonic()
        try:
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
        if not self.metas:
            metas = await self.actor.weight_metas()
            await self.route.open()
            self.metas = metas

    async def transact(self, version: int) -> float:
        """Returns the seconds of the transfer itself."""
        was_asleep = self.rollout.is_asleep
        await self.on_rollout("pause")
        if was_asleep:
            await self.rollout.wake("weights")
        await self.on_rollout("begin_update")
        started = time.monotonic()
        await self.route.transfer(self.metas)
        transfer_s = time.monotonic() - started
        if was_asleep:
            await self.rollout.wake("kv_cache", "scheduling")
        await self.on_rollout("finish_update", version)
        await self.on_rollout("resume")
        return transfer_s

    async def on_rollout(self, method: str, *args: Any) -> None:
        await self.rollout.call(method, *args, timeout_s=self.timeout_s)


def make_route(config: RunConfig, *, actor: Sender, rollout: Receivers) -> Broadcast | Lending:
    timeout_s = config.rollout.timeout_s
    if config.cluster.device == "cpu":
        return Broadcast("gloo", actor=actor, rollout=rollout, timeout_s=timeout_s)
    if config.cluster.placement == "colocated":
        return Lending(actor=actor, rollout=rollout, timeout_s=timeout_s)
    return Broadcast("nccl", actor=actor, rollout=rollout, timeout_s=timeout_s)


async def together(*, timeout_s: float, **sides: Awaitable[None]) -> None:
    """The sides of one exchange: each waits for the other, so the first failure ends both."""
    jobs = {name: asyncio.ensure_future(side) for name, side in sides.items()}
    try:
        await asyncio.wait(jobs.values(), timeout=timeout_s, return_when=asyncio.FIRST_EXCEPTION)
        if any(job.done() and job.exception() for job in jobs.values()):
            await asyncio.wait(jobs.values(), timeout=GRACE_S)
        raise_failures(jobs, timeout_s=timeout_s)
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
        raise WorkerError(f"{' and '.join(waiting)} not done within {timeout_s:g} s.")
