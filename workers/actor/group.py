"""ActorService: the ranks that train the policy, driven as one. Driver code sees batches, metrics and versions only."""

from collections.abc import Sequence
from pathlib import Path
from typing import Self

from spatialrl.config import OptimConfig, RunConfig
from spatialrl.types import StepReport, TrainBatch
from workers.actor.ipc import Loan, merge_loans
from workers.actor.metrics import join_maxima, join_means
from workers.actor.worker import ActorWorker
from workers.placement import Slot, plain_slots
from workers.ray_group import RankGroup
from workers.transfer import Endpoint, TensorMeta


class ActorGroup:
    def __init__(self, ranks: RankGroup, *, timeout_s: float) -> None:
        """Use `start`: this starts nothing."""
        self.ranks = ranks
        self.timeout_s = timeout_s
        self.version = 0
        """Of the policy: the number of updates so far."""
        self.unread: set[str] = set()
        """Tasks that were left out of any update."""

    @classmethod
    async def start(
        cls,
        config: RunConfig,
        *,
        num_steps: int,
        loss: str,
        optim: OptimConfig,
        slots: Sequence[Slot] = (),
    ) -> Self:
        """`num_steps` is the real number of optimizer steps of the run: the learning rate is planned over it. `slots`
        are the places of the ranks; without them Ray chooses."""
        ranks = await RankGroup.start(
            "actor",
            ActorWorker,
            config,
            optim,
            loss,
            num_steps,
            slots=slots or plain_slots(config.actor.num_ranks, config.cluster),
            timeout_s=config.cluster.start_timeout_s,
        )
        return cls(ranks, timeout_s=config.actor.timeout_s)

    async def update(self, batch: TrainBatch) -> StepReport:
        """Each rank is sent its own micro-batches only."""
        args = [(micro_batches, batch.num_loss_tokens) for micro_batches in batch.ranks]
        answers = await self.ranks.call_each("update", args, timeout_s=self.timeout_s)
        self.version += 1
        reports = [report for of_rank, _ in answers for report in of_rank]
        unread = {name: reason for _, of_rank in answers for name, reason in of_rank.items()}
        self.unread |= unread.keys()
        means = join_means(reports) | {"actor/tokens": float(batch.num_loss_tokens)}
        maxima = join_maxima(reports) | {"data/unread_tasks": float(len(self.unread))}
        return StepReport(version=self.version, means=means, maxima=maxima, unread=unread)

    async def save(self, folder: Path) -> None:
        await self.ranks.call("save", folder.absolute(), timeout_s=self.timeout_s)

    async def weight_metas(self) -> list[TensorMeta]:
        return (await self.ranks.call("weight_metas", timeout_s=self.timeout_s))[0]

    async def open_transfer(self, endpoint: Endpoint, timeout_s: float) -> None:
        """Returns when every member has joined: the rollout workers must be told to join at the same time."""
        await self.ranks.call("open_transfer", endpoint, timeout_s, timeout_s=timeout_s)

    async def send_weights(self) -> None:
        """Returns when the last tensor is out: the rollout workers must be receiving meanwhile."""
        await self.ranks.call("send_weights", timeout_s=self.timeout_s)

    async def begin_loan(self) -> None:
        """Starts over with the first weight; `lend` hands them out."""
        await self.ranks.call("begin_loan", timeout_s=self.timeout_s)

    async def lend(self) -> list[Loan]:
        """The next weights as CUDA IPC handles, for rollout workers on the same GPUs; empty after the last. Those of the
        call before are withdrawn."""
        return merge_loans(await self.ranks.call("lend", timeout_s=self.timeout_s))

    def close(self) -> None:
        self.ranks.close()
