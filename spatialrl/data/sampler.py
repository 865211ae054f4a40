"""The order of tasks: seeded epochs without repetition, from one pool or from several by weight; step k is the same
whatever came before it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import lcm
from random import Random

from spatialrl.data.curriculum import easiest_first
from spatialrl.seeds import stable_seed
from spatialrl.types import Task


@dataclass(frozen=True, slots=True, kw_only=True)
class Pool:
    """Tasks that are drawn alike."""

    tasks: Sequence[Task]
    weight: float = 1.0
    """Share of the tasks of every step, beside the weights of the other pools."""
    name: str = ""
    """Pools of different names are shuffled differently."""
    curriculum: str = ""
    """The extra that orders the first epoch; empty shuffles it like the others."""


class Sampler:
    def __init__(self, pools: Sequence[Pool], *, tasks_per_step: int, seed: int) -> None:
        self.epochs = [Epochs(pool, seed=seed) for pool in pools]
        self.turns = Turns([pool.weight for pool in pools])
        self.tasks_per_step = tasks_per_step

    def step(self, number: int) -> list[Task]:
        """Tasks of step `number`, counted from 0. An epoch flows into the next inside a step."""
        first = number * self.tasks_per_step
        turns = self.turns.between(first, first + self.tasks_per_step)
        return [self.epochs[pool].task_at(position) for pool, position in turns]


class Epochs:
    """The endless row of tasks of one pool."""

    def __init__(self, pool: Pool, *, seed: int) -> None:
        self.pool = pool
        self.seed = (seed, pool.name) if pool.name else (seed,)
        self.orders: dict[int, list[int]] = {}

    def task_at(self, position: int) -> Task:
        epoch, index = divmod(position, len(self.pool.tasks))
        return self.pool.tasks[self.order(epoch)[index]]

    def order(self, epoch: int) -> list[int]:
        if epoch not in self.orders:
            order = list(range(len(self.pool.tasks)))
            Random(stable_seed(*self.seed, "epoch", epoch)).shuffle(order)
            if self.pool.curriculum and epoch == 0:
                order = easiest_first(order, self.pool.tasks, self.pool.curriculum)
            self.orders[epoch] = order
        return self.orders[epoch]


class Turns:
    """Which pool gives the next task: the one that is furthest behind its share, the first of several."""

    def __init__(self, weights: Sequence[float]) -> None:
        shares = [Fraction(str(weight)) for weight in weights]
        scale = lcm(*(share.denominator for share in shares))
        self.weights = [int(share * scale) for share in shares]
        self.start()

    def start(self) -> None:
        self.position = 0
        self.given = [0] * len(self.weights)

    def between(self, first: int, end: int) -> Iterator[tuple[int, int]]:
        """Pool, and how many tasks it had given before, for each of these turns."""
        if first < self.position:
            self.start()
        while self.position < end:
            is_wanted = self.position >= first
            pool, before = self.take()
            if is_wanted:
                yield pool, before

    def take(self) -> tuple[int, int]:
        self.position += 1
        total = sum(self.weights)
        behind = [
            weight * self.position - given * total for weight, given in zip(self.weights, self.given, strict=True)
        ]
        pool = behind.index(max(behind))
        self.given[pool] += 1
        return pool, self.given[pool] - 1
