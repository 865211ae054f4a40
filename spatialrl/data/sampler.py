"""The order of tasks: seeded epochs without repetition; step k is the same whatever came before it."""

from collections.abc import Sequence
from random import Random

from spatialrl.seeds import stable_seed
from spatialrl.types import Task


class Sampler:
    def __init__(self, tasks: Sequence[Task], *, tasks_per_step: int, seed: int) -> None:
        self.tasks = tasks
        self.tasks_per_step = tasks_per_step
        self.seed = seed
        self.orders: dict[int, list[int]] = {}

    def step(self, number: int) -> list[Task]:
        """Tasks of step `number`, counted from 0. An epoch flows into the next inside a step."""
        first = number * self.tasks_per_step
        return [self.task_at(position) for position in range(first, first + self.tasks_per_step)]

    def task_at(self, position: int) -> Task:
        epoch, index = divmod(position, len(self.tasks))
        return self.tasks[self.order(epoch)[index]]

    def order(self, epoch: int) -> list[int]:
        if epoch not in self.orders:
            order = list(range(len(self.tasks)))
            Random(stable_seed(self.seed, "epoch", epoch)).shuffle(order)
            self.orders[epoch] = order
        return self.orders[epoch]
