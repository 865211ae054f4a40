"""Supervised cold start on the same actor workers: only the response is learned, packed, normalised over the batch."""

from spatialrl.batching import BatchPlan, pack
from spatialrl.config import RunConfig
from spatialrl.data.sampler import Sampler
from spatialrl.demonstrations import DemonstrationReader
from spatialrl.metrics import Stopwatch, update_metrics
from spatialrl.protocols import ActorService
from spatialrl.run_log import RunLog


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
        for step in range(1, self.config.sft.max_steps + 1):
            await self.train_step(step)
        await self.actor.save(self.log.checkpoint_folder(self.config.sft.max_steps))
        self.log.saved(self.config.sft.max_steps)

    async def train_step(self, step: int) -> None:
        clock = Stopwatch(self.log.trace)
        with clock.phase("read"):
            trajectories = self.demonstrations.read(self.sampler.step(step - 1))
        batch = pack(trajectories, plan=self.plan)
        with clock.phase("update"):
            report = await self.actor.update(batch)
        self.log.step(step, update_metrics([report]) | clock.total())
