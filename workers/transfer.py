"""Moves named tensors from actor rank 0 to every vLLM worker process, over a process group of their own.

The group is made of a store and a backend, so torch's default group is left to whoever uses it (FSDP here, vLLM there).
Tensors travel as bytes, many to a bucket: a model of thousands of tensors costs a few dozen broadcasts. The one rule:
both sides cut buckets from the order of the tensors alone, and every bucket carries a digest of what it holds, so that
two sides that disagree stop instead of exchanging one tensor for another.
"""

import hashlib
import socket
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from math import prod
from typing import Any, TypeVar

import torch
from torch import Tensor
from torch import distributed as dist
from torch._C._distributed_c10d import Store, TCPStore

from spatialrl.errors import WorkerError

BUCKET_BYTES = 256 * 2**20
ALIGNMENT = 16
DIGEST_BYTES = 16
SENDER = 0

T = TypeVar("T")


@dataclass(frozen=True)
class TensorMeta:
    name: str
    dtype: str
    """Without `torch.`, for example bfloat16."""
    shape: tuple[int, ...]

    @classmethod
    def of(cls, name: str, tensor: Tensor) -> "TensorMeta":
        return cls(name, str(tensor.dtype).removeprefix("torch."), tuple(tensor.shape))

    @property
    def num_bytes(self) -> int:
        return prod(self.shape) * getattr(torch, self.dtype).itemsize


@dataclass(frozen=True)
class Endpoint:
    """Where the members meet."""

    backend: str
    """gloo or nccl."""
    host: str
    port: int
    world_size: int
    is_hosted: bool = False
    """Somebody outside the group already listens there; else rank 0, the sender, does."""


class TransferGroup:
    """One member of the group. `rank` 0 sends, all others receive; every call is made by all members."""

    def __init__(self, endpoint: Endpoint, *, rank: int, device: torch.device, timeout_s: float) -> None:
        self.endpoint, self.rank, self.device = endpoint, rank, device
        self.timeout = timedelta(seconds=timeout_s)
        try:
            self.store: Store | None = meet(endpoint, rank, self.timeout)
            self.group: Any = BACKENDS[endpoint.backend](self.store, endpoint, rank, self.timeout)
        except RuntimeError as error:
            raise WorkerError(self.complaint("could not join", error)) from error

    def send(self, named_tensors: Iterable[tuple[str, Tensor]]) -> None:
        for bucket in buckets(named_tensors, size=lambda named: named[1].nbytes):
            metas = [TensorMeta.of(name, tensor) for name, tensor in bucket]
            buffer = empty_buffer(metas, self.device)
            for view, (_, tensor) in zip(views(buffer, metas), bucket, strict=True):
                view.copy_(tensor)
            buffer[-DIGEST_BYTES:].copy_(digest(metas))
            self.broadcast(buffer)

    def receive(self, metas: Sequence[TensorMeta]) -> Iterator[tuple[str, Tensor]]:
        """The tensors are views of a buffer that no later one reuses, so a caller may keep them."""
        for bucket in buckets(metas, size=lambda meta: meta.num_bytes):
            buffer = empty_buffer(bucket, self.device)
            self.broadcast(buffer)
            if not torch.equal(buffer[-DIGEST_BYTES:].cpu(), digest(bucket)):
                raise WorkerError(
                    f"Rank {self.rank} expected the tensors {bucket[0].name} to {bucket[-1].name}, and the actor sent "
                    "others; actor and rollout must be given the same metadata in the same order."
                )
            for meta, view in zip(bucket, views(buffer, bucket), strict=True):
                yield meta.name, view

    def broadcast(self, buffer: Tensor) -> None:
        try:
            self.group.broadcast(buffer, SENDER).wait(self.timeout)
        except RuntimeError as error:
            raise WorkerError(self.complaint("could not exchange weights in", error)) from error

    def close(self) -> None:
        self.group = self.store = None

    def complaint(self, what: str, error: RuntimeError) -> str:
        end = self.endpoint
        group = f"the {end.backend} group of {end.world_size} at {end.host}:{end.port}"
        limit = f"within {self.timeout.total_seconds():g} s"
        return f"Weight transfer: rank {self.rank} {what} {group} {limit} ({str(error).splitlines()[0]})."


def host(backend: str, *, address: str, world_size: int, timeout_s: float) -> tuple[Store, Endpoint]:
    """Listens at a port the system chooses, for as long as the store is kept."""
    store = TCPStore(address, 0, is_master=True, wait_for_workers=False, timeout=timedelta(seconds=timeout_s))
    return store, Endpoint(backend, address, store.port, world_size, is_hosted=True)


def meet(endpoint: Endpoint, rank: int, timeout: timedelta) -> Store:
    listens = rank == SENDER and not endpoint.is_hosted
    everyone = None if endpoint.is_hosted else endpoint.world_size
    return TCPStore(
        endpoint.host,
        endpoint.port,
        everyone,
        is_master=listens,
        wait_for_workers=not endpoint.is_hosted,
        timeout=timeout,
    )


def gloo(store: Store, endpoint: Endpoint, rank: int, timeout: timedelta) -> Any:
    return dist.ProcessGroupGloo(store, rank, endpoint.world_size, timeout)


def nccl(store: Store, endpoint: Endpoint, rank: int, timeout: timedelta) -> Any:
    options = dist.ProcessGroupNCCL.Options()
    options._timeout = timeout
    return dist.ProcessGroupNCCL(store, rank, endpoint.world_size, options)


BACKENDS: dict[str, Callable[[Store, Endpoint, int, timedelta], Any]] = {"gloo": gloo, "nccl": nccl}


def buckets(items: Iterable[T], *, size: Callable[[T], int], limit: int | None = None) -> Iterator[list[T]]:
    """Consecutive items of at most `limit` bytes together; a larger item has a bucket to itself."""
    limit = BUCKET_BYTES if limit is None else limit
    bucket: list[T] = []
    filled = 0
    for item in items:
        needed = aligned(size(item))
        if bucket and filled + needed > limit:
            yield bucket
            bucket, filled = [], 0
        bucket.append(item)
        filled += needed
    if bucket:
        yield bucket


def aligned(num_bytes: int) -> int:
    return -(-num_bytes // ALIGNMENT) * ALIGNMENT


def empty_buffer(metas: Sequence[TensorMeta], device: torch.device) -> Tensor:
    size = sum(aligned(meta.num_bytes) for meta in metas) + DIGEST_BYTES
    return torch.empty(size, dtype=torch.uint8, device=device)


def views(buffer: Tensor, metas: Sequence[TensorMeta]) -> Iterator[Tensor]:
    """The part of the buffer that holds each tensor, in its own type and shape."""
    start = 0
    for meta in metas:
        yield buffer[start : start + meta.num_bytes].view(getattr(torch, meta.dtype)).view(meta.shape)
        start += aligned(meta.num_bytes)


def digest(metas: Sequence[TensorMeta]) -> Tensor:
    text = repr([(meta.name, meta.dtype, tuple(meta.shape)) for meta in metas])
    return torch.tensor(list(hashlib.blake2b(text.encode(), digest_size=DIGEST_BYTES).digest()), dtype=torch.uint8)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("", 0))
        return probe.getsockname()[1]
