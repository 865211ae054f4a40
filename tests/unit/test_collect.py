import asyncio

from spatialrl.collect import Collector
from spatialrl.config import SamplingConfig
from spatialrl.trace import Trace
from tests.fakes import FakeReward, FakeRollout, make_task


def collect(rollout: FakeRollout, seed: int = 1):
    collector = Collector(rollout=rollout, reward=FakeReward(), trace=Trace())
    tasks = [make_task("a"), make_task("b")]
    return asyncio.run(collector.collect(tasks, num_completions=3, sampling=SamplingConfig(), seed=seed))


def test_groups_come_in_the_order_of_the_tasks_and_completions_in_an_order_of_their_own():
    groups = collect(FakeRollout())
    assert [group.task.id for group in groups] == ["a", "b"]
    assert [t.completion.text for t in groups[0].trajectories_G] == ["0", "1", "2"]


def test_every_task_of_every_step_has_its_own_seed():
    rollout = FakeRollout()
    collect(rollout, seed=1)
    collect(rollout, seed=2)
    seeds = [seed for _, seed in rollout.asked]
    assert len(set(seeds)) == 4
