"""Several Ray actors that run one program together: the same method on all ranks, each with its own arguments.

The one rule: the first rank that fails ends the call with its reason, even while its peers wait for it in a collective,
and ends the group, whose ranks are out of step from then on. Every call has a deadline.
"""

import asyncio
from collections.abc import Sequence
from typing import Any, Self

import ray
from ray.exceptions import RayActorError, RayError, RayTaskError

from spatialrl.errors import UserError, WorkerError
from workers.placement import Slot
from workers.transfer import free_port


class Rank:
    """What every rank's class has: an address where the others can meet it."""

    def address(self) -> tuple[str, int]:
        return ray.util.get_node_ip_address(), free_port()


class RankGroup:
    def __init__(self, name: str, ranks: Sequence[Any]) -> None:
        """Use `start`: this starts nothing. `name` is how errors call the group."""
        self.name = name
        self.ranks = list(ranks)

    @classmethod
    async def start(
        cls, name: str, worker_class: type[Rank], *args: Any, slots: Sequence[Slot], timeout_s: float
    ) -> Self:
        """Makes one `worker_class(*args, rank=, world_size=)` per slot and calls `start(host, port)` on all."""
        remote = ray.remote(worker_class)
        size = len(slots)
        group = cls(
            name,
            [remote.options(**slot.options()).remote(*args, rank=i, world_size=size) for i, slot in enumerate(slots)],
        )
        (address,) = await group.wait("address", [group.ranks[0].address.remote()], timeout_s=timeout_s)
        await group.call("start", *address, timeout_s=timeout_s)
        return group

    async def call(self, method: str, *args: Any, timeout_s: float) -> list[Any]:
        """The same arguments for every rank; results in the order of ranks."""
        return await self.call_each(method, [args] * len(self.ranks), timeout_s=timeout_s)

    async def call_each(self, method: str, args_of_ranks: Sequence[tuple], *, timeout_s: float) -> list[Any]:
        if not self.ranks:
            raise WorkerError(f"The {self.name} workers are gone: an earlier call failed or closed them.")
        pairs = zip(self.ranks, args_of_ranks, strict=True)
        return await self.wait(
            method, [getattr(rank, method).remote(*args) for rank, args in pairs], timeout_s=timeout_s
        )

    async def wait(self, method: str, refs: Sequence[Any], *, timeout_s: float) -> list[Any]:
        futures = [asyncio.wrap_future(ref.future()) for ref in refs]
        try:
            await asyncio.wait(futures, timeout=timeout_s, return_when=asyncio.FIRST_EXCEPTION)
            self.raise_failure(method, futures, timeout_s=timeout_s)
        except BaseException:
            self.close()
            raise
        return [future.result() for future in futures]

    def raise_failure(self, method: str, futures: Sequence[asyncio.Future], *, timeout_s: float) -> None:
        failures = {rank: future.exception() for rank, future in enumerate(futures) if future.done()}
        causes = {rank: (cause_of(error), error) for rank, error in failures.items() if error is not None}
        # A sentence of ours says more than the broken connection of a peer.
        for rank, (cause, error) in sorted(causes.items(), key=lambda item: not isinstance(item[1][0], UserError)):
            if isinstance(cause, UserError):
                raise type(cause)(f"{self.name} rank {rank}: {cause}") from error
            raise WorkerError(f"{self.name} rank {rank} failed in {method}: {describe(cause)}") from error
        if waiting := [rank for rank, future in enumerate(futures) if not future.done()]:
            raise WorkerError(f"{self.name}: {method} was not done within {timeout_s:g} s by ranks {waiting}.")

    def close(self) -> None:
        for rank in self.ranks:
            ray.kill(rank)
        self.ranks = []


def cause_of(error: BaseException) -> BaseException:
    return error.cause if isinstance(error, RayTaskError) and error.cause is not None else error


def describe(cause: BaseException) -> str:
    lines = str(cause).strip().splitlines() or ["no message"]
    if isinstance(cause, RayActorError) and cause.actor_init_failed:
        return f"it could not be made: {lines[-1]}"
    if isinstance(cause, RayActorError):
        return "its process died; the end of its log says why (out of memory is the usual reason)."
    return lines[0] if isinstance(cause, RayError) else f"{lines[0]} ({type(cause).__name__})"
