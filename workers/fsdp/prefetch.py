"""Reads the next micro-batch's images while the model computes on this one."""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor

from spatialrl.types import MicroBatch
from workers.fsdp.packing import PackedRow, Packer


def packed_rows(packer: Packer, micro_batches: Sequence[MicroBatch]) -> Iterator[tuple[MicroBatch, PackedRow]]:
    """Each micro-batch with its row, in order. One row is read ahead, so that two are in memory at most."""
    with ThreadPoolExecutor(max_workers=1) as reader:
        ahead = reader.submit(packer.pack, micro_batches[0].trajectories)
        for index, micro_batch in enumerate(micro_batches):
            row = ahead.result()
            if index + 1 < len(micro_batches):
                ahead = reader.submit(packer.pack, micro_batches[index + 1].trajectories)
            yield micro_batch, row
