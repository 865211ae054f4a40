"""The loop: collect, build, refer, update, sync, log. Strictly on-policy; it knows no Ray, no GPU and no file format."""

from collections.abc import Sequence

from spatialrl.algorithms import ADVANTAGES
from spatialrl.batching import BatchPlan, build_batches, with_advantages
from spatialrl.collect import Collector
from spatialrl.config import RunConfig
from spatialrl.contrasts.apply import NO_CONTRASTS, Contrasts
from spatialrl.data.sampler import Sampler
from spatialrl.evaluate import blanked, evaluate
from spatialrl.metrics import Stopwatch, group_metrics, update_metrics
from spatialrl.protocols import ActorService, ReferenceService, WeightSync
from spatialrl.run_log import RunLog
from spatialrl.seeds import stable_seed
from spatialrl.types import Group, Task, TrainBatch


class Trainer:
    def __init__(
        self,
        config: RunConfig,
        *,
        sampler: Sampler,
        held_out: Sequence[Task],
        collector: Collector,
        actor: ActorService,
        reference: ReferenceService | None,
        weights: WeightSync,
        log: RunLog,
        contrasts: Contrasts = NO_CONTRASTS,
    ) -> None:
        self.config = config
        self.plan = BatchPlan(
            num_ranks=config.actor.num_ranks,
            micro_batch_tokens=config.actor.micro_batch_tokens,
            updates_per_step=config.actor.updates_per_step,
        )
        self.sampler = sampler
        self.held_out = held_out
        self.collector = collector
        self.actor = actor
        self.reference = reference
        self.weights = weights
        self.log = log
        self.contrasts = contrasts

    async def run(self) -> None:
        await self.weights.sync(0)
        await self.evaluate("before")
        for step in range(1, self.config.trainer.max_steps + 1):
            await self.train_step(step)
            if self.log.is_checkpoint_due(step):
                await self.save(step)
        await self.evaluate("after")

    async def train_step(self, step: int) -> None:
        self.log.at_step = step
        clock = Stopwatch(self.log.trace)
        with clock.phase("collect"):
            groups = await self.collect(step)
        batches = build_batches(groups, plan=self.plan)
        learned = await self.learn(batches, clock) if batches else {}
        self.log.rollouts(step, groups)
        self.log.step(step, group_metrics(groups) | self.collector.metrics() | learned | clock.total())

    async def collect(self, step: int) -> list[Group]:
        advantage = ADVANTAGES[self.config.algorithm.advantage]
        groups = await self.collector.collect(
            self.sampler.step(step - 1),
            num_completions=self.config.rollout.completions_per_task,
            sampling=self.config.rollout.sampling,
            seed=stable_seed(self.config.seed, "step", step),
            contrasts=self.contrasts,
        )
        return [with_advantages(group, advantage) for group in groups]

    async def learn(self, batches: Sequence[TrainBatch], clock: Stopwatch) -> dict[str, float]:
        await self.weights.make_room()
        with clock.phase("reference"):
            batches = [await self.refer(batch) for batch in batches]
        with clock.phase("update"):
            reports = [await self.actor.update(batch) for batch in batches]
        self.log.unread(reports)
        with clock.phase("sync"):
            synced = await self.weights.sync(reports[-1].version)
        return update_metrics(reports) | dict(synced)

    async def save(self, step: int) -> None:
        await self.actor.save(self.log.checkpoint_folder(step))
        self.log.saved(step)

    async def refer(self, batch: TrainBatch) -> TrainBatch:
        return batch if self.reference is None else await self.reference.attach_logprobs(batch)

    async def evaluate(self, when: str) -> None:
        """Scores the held-out tasks; at the end also with every image blanked."""
        tasks = self.held_out[: self.config.trainer.eval_tasks]
        if not tasks:
            return
        self.log.at_step = None
        self.log.doing(f"answering {len(tasks)} held-out tasks")
        max_tokens = self.config.rollout.sampling.max_tokens
        self.log.evaluation(when, await evaluate(self.collector, tasks, max_tokens=max_tokens))
        if when == "after":
            self.log.evaluation("blind", await evaluate(self.collector, blanked(tasks), max_tokens=max_tokens))
