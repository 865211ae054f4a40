"""Reads ahead, so that the model does not wait for media: while it computes on one row the next is packed, and media of
the rows behind that are decoded into the node's store. The one rule: both queues are bounded.
"""

import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor

from spatialrl.types import MicroBatch
from workers.fsdp.packing import PackedRow, Packer

ROWS_DECODED = 4
"""Behind the one that is being packed. Packed rows take memory of the device, so there are two of them at most."""
NUM_DECODERS = 2


def packed_rows(packer: Packer, micro_batches: Sequence[MicroBatch]) -> Iterator[tuple[MicroBatch, PackedRow]]:
    """Each micro-batch with its row, in order. How long they were waited for is added to `packer.waited_s`."""
    reader, decoders = ThreadPoolExecutor(1), ThreadPoolExecutor(NUM_DECODERS)
    try:
        for micro_batch in micro_batches[1 : 1 + ROWS_DECODED]:
            decoders.submit(packer.warm_up, micro_batch.trajectories)
        ahead = reader.submit(packer.pack, micro_batches[0].trajectories)
        for index, micro_batch in enumerate(micro_batches):
            start = time.monotonic()
            row = ahead.result()
            packer.waited_s += time.monotonic() - start
            if index + 1 < len(micro_batches):
                ahead = reader.submit(packer.pack, micro_batches[index + 1].trajectories)
            if index + 1 + ROWS_DECODED < len(micro_batches):
                decoders.submit(packer.warm_up, micro_batches[index + 1 + ROWS_DECODED].trajectories)
            yield micro_batch, row
    finally:
        decoders.shutdown(cancel_futures=True)
        reader.shutdown(cancel_futures=True)
