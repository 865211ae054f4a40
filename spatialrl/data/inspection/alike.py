"""Pairs of hashes that differ in at most 7 of 64 bits, without comparing all with all. Pure.

Four bands of 16 bits: of 7 differences at most one falls into some band. So each hash looks, band by band, for the hashes
whose band is the same or differs in one bit: 17 look-ups in a sorted array. Chunks bound the memory, a budget the time.
"""

from collections.abc import Iterator

import numpy as np

from spatialrl.data.inspection.phash import MOST_BITS, NUM_BITS

NUM_BANDS = 4
FLIPS = (0, *(1 << bit for bit in range(NUM_BITS // NUM_BANDS)))
CHUNK = 200_000
"""Comparisons at once."""
MOST_COMPARISONS = 400_000_000


class Budget:
    """`is_spent` says that pairs may be missing."""

    def __init__(self, most: int = MOST_COMPARISONS) -> None:
        self.left = most

    @property
    def is_spent(self) -> bool:
        return self.left < 0


def close_pairs(hashes: np.ndarray, *, budget: Budget) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Chunks of pairs as places in `hashes` (uint64), the smaller place first; each pair once."""
    bands = np.ascontiguousarray(hashes).view(np.uint16).reshape(-1, NUM_BANDS)
    for band in range(NUM_BANDS):
        order = np.argsort(bands[:, band], kind="stable")
        sorted_band = bands[order, band]
        for flip in FLIPS:
            wanted = bands[:, band] ^ np.uint16(flip)
            first = np.searchsorted(sorted_band, wanted, "left")
            count = np.searchsorted(sorted_band, wanted, "right") - first
            for left, right in _candidates(order, first, count):
                budget.left -= len(left)
                if budget.is_spent:
                    return
                keep = _are_close(hashes, bands, left, right, band)
                yield left[keep], right[keep]


def _candidates(order: np.ndarray, first: np.ndarray, count: np.ndarray) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """All pairs of a place and those found for it, about CHUNK at a time."""
    ends = np.cumsum(count)
    start = 0
    while start < len(count):
        before = ends[start] - count[start]
        stop = max(start + 1, int(np.searchsorted(ends, before + CHUNK, "right")))
        sizes = count[start:stop]
        left = np.repeat(np.arange(start, stop), sizes)
        inside = np.arange(len(left)) - np.repeat(ends[start:stop] - sizes - before, sizes)
        yield left, order[np.repeat(first[start:stop], sizes) + inside]
        start = stop


def _are_close(hashes: np.ndarray, bands: np.ndarray, left: np.ndarray, right: np.ndarray, band: int) -> np.ndarray:
    """In order, close, and not found by an earlier band."""
    keep = (left < right) & (np.bitwise_count(hashes[left] ^ hashes[right]) <= MOST_BITS)
    for earlier in range(band):
        keep &= np.bitwise_count(bands[left, earlier] ^ bands[right, earlier]) > 1
    return keep
