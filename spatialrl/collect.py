"""From one task to one judged group. A completion goes to the reward pool the moment it is written."""

import asyncio
from collections.abc import Sequence

from spatialrl.config import SamplingConfig
from spatialrl.protocols import RewardService, RolloutService
from spatialrl.seeds import stable_seed
from spatialrl.trace import Trace
from spatialrl.types import Completion, Group, Task, Trajectory


class Collector:
    """Each task is one coroutine: scoring one group overlaps generating another."""

    def __init__(self, *, rollout: RolloutService, reward: RewardService, trace: Trace) -> None:
        self.rollout = rollout
        self.reward = reward
        self.trace = trace

    async def collect(
        self, tasks_P: Sequence[Task], *, num_completions: int, sampling: SamplingConfig, seed: int
    ) -> list[Group]:
        """Groups in the order of `tasks_P`; the first failure cancels the rest."""
        async with asyncio.TaskGroup() as running:
            jobs = [
                running.create_task(
                    self.collect_group(
                        task, num_completions=num_completions, sampling=sampling, seed=stable_seed(seed, task.id)
                    )
                )
                for task in tasks_P
            ]
        return [job.result() for job in jobs]

    async def collect_group(self, task: Task, *, num_completions: int, sampling: SamplingConfig, seed: int) -> Group:
        completions = self.rollout.generate(task, num_completions=num_completions, seed=seed, sampling=sampling)
        with self.trace.span("rollout", task.family or task.id):
            scoring = [asyncio.ensure_future(self.judge(task, completion)) async for completion in completions]
        with self.trace.span("reward", task.family or task.id):
            trajectories = await asyncio.gather(*scoring)
        in_order = sorted(trajectories, key=lambda t: t.completion.token_ids)
        return Group(task=task, trajectories_G=tuple(in_order))

    async def judge(self, task: Task, completion: Completion) -> Trajectory:
        score = await self.reward.score(task, completion)
        return Trajectory(task=task, completion=completion, score=score)
