"""Weights for rollout workers on the same GPUs: not copied, but lent, bucket by bucket, as CUDA IPC handles.

Every rank holds each gathered tensor on its own GPU and lends that copy, so a handle is named after the GPU it is good
for. The one rule: a bucket is kept until the next is asked for; by then its receivers must have read it.
"""

from collections.abc import Iterable, Iterator, Sequence

import torch
from torch import Tensor
from torch.multiprocessing.reductions import reduce_tensor

from workers.transfer import TensorMeta, buckets

Handles = dict[str, tuple]
"""From the UUID of a GPU to the arguments of torch's rebuild_cuda_tensor, as vLLM's own IPC engine takes them."""
Loan = tuple[TensorMeta, Handles]


class Lender:
    def __init__(self, weights: Iterable[tuple[str, Tensor]]) -> None:
        self.buckets: Iterator[list[tuple[str, Tensor]]] = buckets(weights, size=lambda named: named[1].nbytes)
        self.lent: list[tuple[str, Tensor]] = []

    def next_bucket(self) -> list[Loan]:
        """Empty after the last. Gathering is collective: all ranks ask together."""
        self.lent = [(name, weight.contiguous()) for name, weight in next(self.buckets, [])]
        torch.cuda.synchronize()
        torch.cuda.ipc_collect()
        gpu = str(torch.cuda.get_device_properties(torch.cuda.current_device()).uuid)
        return [(TensorMeta.of(name, weight), {gpu: reduce_tensor(weight)[1]}) for name, weight in self.lent]


def merge_loans(ranks: Sequence[Sequence[Loan]]) -> list[Loan]:
    """One entry per tensor with the handles of all GPUs."""
    merged = []
    for same in zip(*ranks, strict=True):
        handles: Handles = {}
        for _, of_rank in same:
            handles |= of_rank
        merged.append((same[0][0], handles))
    return merged
