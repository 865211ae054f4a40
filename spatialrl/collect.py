"""From one task to one judged group, beside its twins where contrasts ask for them. A completion goes to the reward pool
the moment it is written."""

import asyncio
import time
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from spatialrl.config import SamplingConfig
from spatialrl.contrasts.apply import NO_CONTRASTS, Contrasts, TwinAnswers
from spatialrl.errors import MediaError, first_of
from spatialrl.protocols import RewardService, RolloutService
from spatialrl.seeds import stable_seed
from spatialrl.trace import Trace
from spatialrl.types import Completion, Group, Task, Trajectory


class Collector:
    """Each task is one coroutine: scoring one group overlaps generating another."""

    def __init__(
        self,
        *,
        rollout: RolloutService,
        reward: RewardService,
        trace: Trace,
        drop: Callable[[str, str], None] | None = None,
    ) -> None:
        """`drop` is told the id of every task whose media can't be read, and the reason; without it such a task is an error."""
        self.drop = drop
        self.num_dropped = 0
        self.rollout = rollout
        self.reward = reward
        self.trace = trace
        self.last_written_at = 0.0
        self.exposed_s = 0.0

    async def collect(
        self,
        tasks_P: Sequence[Task],
        *,
        num_completions: int,
        sampling: SamplingConfig,
        seed: int,
        contrasts: Contrasts = NO_CONTRASTS,
    ) -> list[Group]:
        """Groups in the order of `tasks_P`, without those that were dropped; the first failure cancels the rest."""
        self.last_written_at = time.monotonic()
        async with asyncio.TaskGroup() as running:
            jobs = [
                running.create_task(
                    self.group_or_none(
                        task,
                        num_completions=num_completions,
                        sampling=sampling,
                        seed=stable_seed(seed, task.id),
                        contrasts=contrasts,
                    )
                )
                for task in tasks_P
            ]
        self.exposed_s += time.monotonic() - self.last_written_at
        return [group for job in jobs if (group := job.result()) is not None]

    async def group_or_none(self, task: Task, **words: Any) -> Group | None:
        """None of a task that is dropped, with the twins beside it."""
        try:
            return await self.collect_group(task, **words)
        except BaseExceptionGroup as failures:
            broken, others = failures.split(MediaError)
            if self.drop is None or broken is None or others is not None:
                raise
            self.num_dropped += 1
            self.drop(task.id, str(first_of(broken)))
            return None

    def metrics(self) -> dict[str, float]:
        """Of what was collected since the last time this was asked: what the rewards say of themselves, and how long
        the loop waited for nothing but scores, after the last completion was written."""
        exposed_s, self.exposed_s = self.exposed_s, 0.0
        return {**self.reward.metrics(), "time/reward_exposed_s": exposed_s, "data/dropped_tasks": self.num_dropped}

    async def collect_group(
        self, task: Task, *, num_completions: int, sampling: SamplingConfig, seed: int, contrasts: Contrasts
    ) -> Group:
        answer = partial(self.answer, sampling=sampling)
        twins = contrasts.twins(task, seed=seed)
        async with asyncio.TaskGroup() as sides:
            ours = sides.create_task(answer(task, num_completions=num_completions, seed=seed))
            theirs = {
                name: sides.create_task(
                    answer(
                        twin.task, num_completions=twin.num_completions(num_completions), seed=stable_seed(seed, name)
                    )
                )
                for name, twin in twins.items()
            }
        answers = [TwinAnswers(name, twin, theirs[name].result()) for name, twin in twins.items()]
        return contrasts.group(task, ours.result(), answers)

    async def answer(
        self, task: Task, *, num_completions: int, sampling: SamplingConfig, seed: int
    ) -> tuple[Trajectory, ...]:
        """Completions of one task with their scores, in an order of their own."""
        completions = self.rollout.generate(task, num_completions=num_completions, seed=seed, sampling=sampling)
        with self.trace.span("rollout", task.family or task.id):
            scoring = [asyncio.ensure_future(self.judge(task, completion)) async for completion in completions]
        with self.trace.span("reward", task.family or task.id):
            trajectories = await asyncio.gather(*scoring)
        return tuple(sorted(trajectories, key=lambda t: t.completion.token_ids))

    async def judge(self, task: Task, completion: Completion) -> Trajectory:
        self.last_written_at = time.monotonic()
        score = await self.reward.score(task, completion)
        return Trajectory(task=task, completion=completion, score=score)
