"""Random draws for one thing that is made. Each has its own stream, derived by hashing its name, so that things can be made
in any order and in any process; only the generator's plain `random()` is used, whose bits are the same everywhere.
"""

import hashlib
from collections.abc import Sequence
from typing import TypeVar

import numpy as np

Item = TypeVar("Item")


class Dice:
    def __init__(self, *name: object):
        digest = hashlib.sha256("/".join(map(str, name)).encode()).digest()
        self._generator = np.random.Generator(np.random.PCG64(int.from_bytes(digest[:16], "big")))

    def uniform(self, low: float, high: float, *, decimals: int = 3) -> float:
        """Between low and high, rounded: in metres, to the millimetre."""
        return round(low + (high - low) * float(self._generator.random()), decimals)

    def chance(self, probability: float) -> bool:
        return float(self._generator.random()) < probability

    def below(self, limit: int) -> int:
        """A whole number from 0 to limit - 1."""
        return int(float(self._generator.random()) * limit)

    def between(self, low: int, high: int) -> int:
        """A whole number from low to high, both included."""
        return low + self.below(high - low + 1)

    def choice(self, items: Sequence[Item]) -> Item:
        return items[self.below(len(items))]

    def shuffled(self, items: Sequence[Item]) -> list[Item]:
        rest = list(items)
        return [rest.pop(self.below(len(rest))) for _ in range(len(rest))]

    def sample(self, items: Sequence[Item], count: int) -> list[Item]:
        """Distinct items, at most as many as there are."""
        return self.shuffled(items)[:count]


def stable_order(*name: object, count: int) -> list[int]:
    """0 to count - 1 in an order that only depends on the name."""
    return Dice(*name).shuffled(range(count))
