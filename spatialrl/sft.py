"""Supervised cold start on the same actor workers: only the response is learned, packed, normalised over the batch."""

import asyncio

from spatialrl.batching import BatchPlan, pack
from spatialrl.config import RunConfig
from spatialrl.data.sampler import Sampler
from spatialrl.demonstrations import DemonstrationReader
from spatialrl.metrics import Stopwatch, update_metrics
from spatialrl.protocols import ActorService
from spatialrl.run_log import RunLog
from spatialrl.types import TrainBatch


class SupervisedTrainer:
    def __init__(
        self,
        config: RunConfig,
        *,
        sampler: Sampler,
        demonstrations: DemonstrationReader,
        actor: ActorService,
        log: RunLog,
    ) -> None:
        self.config = config
        self.plan = BatchPlan(num_ranks=config.actor.num_ranks, micro_batch_tokens=config.actor.micro_batch_tokens)
        self.sampler = sampler
        self.demonstrations = demonstrations
        self.actor = actor
        self.log = log

    async def run(self) -> None:
        """The next batch is read while this one is learned."""
        upcoming = asyncio.create_task(self.read(1))
        try:
            for step in range(1, self.config.sft.max_steps + 1):
                batch = await upcoming
                upcoming = asyncio.create_task(self.read(step + 1))
                await self.train_step(step, batch)
                if self.log.is_checkpoint_due(step):
                    await self.save(step)
        finally:
            upcoming.cancel()

    async def read(self, step: int) -> TrainBatch:
        tasks = self.sampler.step(step - 1)
        return pack(await asyncio.to_thread(self.demonstrations.read, tasks), plan=self.plan)

    async def train_step(self, step: int, batch: TrainBatch) -> None:
        clock = Stopwatch(self.log.trace)
        with clock.phase("update"):
            report = await self.actor.update(batch)
        self.log.at_step = step
        self.log.unread([report])
        self.log.step(step, update_metrics([report]) | clock.total())

    async def save(self, step: int) -> None:
        await self.actor.save(self.log.checkpoint_folder(step))
        self.log.saved(step)
