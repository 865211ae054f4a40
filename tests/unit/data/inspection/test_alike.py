"""All pairs that are close, found without comparing all with all."""

import tracemalloc

import numpy as np
import pytest

from spatialrl.data.inspection.alike import Budget, close_pairs


def pairs(hashes: list[int] | np.ndarray, *, budget: Budget | None = None) -> list[tuple[int, int]]:
    found = close_pairs(np.array(hashes, np.uint64), budget=budget or Budget())
    return sorted(pair for left, right in found for pair in zip(left.tolist(), right.tolist(), strict=True))


def flipped(value: int, places: list[int]) -> int:
    for place in places:
        value ^= 1 << place
    return value


@pytest.mark.parametrize(
    "places",
    [[], [0], [63], [0, 1, 16, 17, 32, 33, 48], [0, 1, 2, 3, 4, 5, 6], [15, 16, 31, 32, 47, 48, 63]],
)
def test_up_to_seven_bits_are_close_wherever_they_are(places: list[int]):
    assert pairs([2**63 + 12345, flipped(2**63 + 12345, places)]) == [(0, 1)]


def test_eight_bits_are_not():
    assert pairs([0, flipped(0, [0, 1, 16, 17, 32, 33, 48, 49])]) == []


def test_it_finds_what_comparing_all_with_all_finds():
    dice = np.random.default_rng(1)
    hashes = dice.integers(0, 2**63, 300, dtype=np.uint64)
    for index in range(100, 300):
        near = [int(place) for place in dice.choice(64, dice.integers(0, 12), replace=False)]
        hashes[index] = flipped(int(hashes[index % 100]), near)
    distance = np.bitwise_count(hashes[:, None] ^ hashes[None, :])
    expected = [(int(a), int(b)) for a, b in np.argwhere(distance <= 7) if a < b]
    assert len(expected) > 100
    assert pairs(hashes) == expected


def test_the_same_hash_many_times_is_compared_in_chunks():
    """2,000 equal hashes have 4 million candidates, 64 MB as two numbers of 8 bytes; only a part is held at once."""
    tracemalloc.start()
    count = sum(len(left) for left, _ in close_pairs(np.full(2000, 7, np.uint64), budget=Budget()))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert count == 2000 * 1999 // 2
    assert peak < 20e6


def test_a_spent_budget_is_told():
    budget = Budget(100)
    pairs(np.full(3000, 7, np.uint64), budget=budget)
    assert budget.is_spent
    budget = Budget(100)
    assert pairs([1, 1, 2**40], budget=budget)
    assert not budget.is_spent


def test_nothing_has_no_pairs():
    assert pairs([]) == []
