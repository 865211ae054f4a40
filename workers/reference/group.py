"""ReferenceService: the frozen policy, spread over its own ranks, which may be fewer or more than the actor's."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import cycle, islice
from typing import Self, TypeVar

from spatialrl.config import RunConfig
from spatialrl.types import MicroBatch, TrainBatch
from workers.placement import Slot, plain_slots
from workers.ray_group import RankGroup
from workers.reference.worker import ReferenceWorker

T = TypeVar("T")


class ReferenceGroup:
    def __init__(self, ranks: RankGroup, *, timeout_s: float) -> None:
        """Use `start`: this starts nothing."""
        self.ranks = ranks
        self.timeout_s = timeout_s

    @classmethod
    async def start(cls, config: RunConfig, *, slots: Sequence[Slot] = ()) -> Self:
        ranks = await RankGroup.start(
            "reference",
            ReferenceWorker,
            config,
            slots=slots or plain_slots(config.reference.num_ranks, config.cluster),
            timeout_s=config.cluster.start_timeout_s,
        )
        return cls(ranks, timeout_s=config.reference.timeout_s)

    async def attach_logprobs(self, batch: TrainBatch) -> TrainBatch:
        micro_batches = [micro_batch for rank in batch.ranks for micro_batch in rank]
        hands = deal(micro_batches, num_hands=len(self.ranks.ranks))
        answers = await self.ranks.call_each("logprobs", [(hand,) for hand in hands], timeout_s=self.timeout_s)
        referred = iter(
            micro_batch.with_reference(tuple(logprobs))
            for micro_batch, logprobs in zip(micro_batches, collect(answers), strict=False)
        )
        return replace(batch, ranks=tuple(tuple(next(referred) for _ in rank) for rank in batch.ranks))

    def close(self) -> None:
        self.ranks.close()


def deal(micro_batches: Sequence[MicroBatch], *, num_hands: int) -> list[list[MicroBatch]]:
    """In turn, the same number to each: the first ones go round again where they don't come out even."""
    short = -len(micro_batches) % num_hands
    dealt = [*micro_batches, *islice(cycle(micro_batches), short)]
    return [dealt[hand::num_hands] for hand in range(num_hands)]


def collect(answers: Sequence[Sequence[T]]) -> Iterator[T]:
    """Back into the order in which they were dealt; those dealt twice come last."""
    for turn in zip(*answers, strict=True):
        yield from turn
