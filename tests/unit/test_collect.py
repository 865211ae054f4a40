import asyncio
from dataclasses import dataclass

from spatialrl.collect import Collector
from spatialrl.config import RewardConfig, SamplingConfig
from spatialrl.contrasts.apply import NO_CONTRASTS, Contrasts
from spatialrl.trace import Trace
from spatialrl.types import Completion, FramePlan, Media, Score, Scored, Task
from tests.fakes import FakeReward, FakeRollout, make_image, make_task

PLAN = FramePlan(indices=(0, 2, 4, 6), source_fps=4.0, num_source_frames=8)
FILM = make_task("film", media=(Media(kind="video", path="a.mp4", width=112, height=112, frames=PLAN),))
SIDE = make_task("side", question="Left or right?", options=("left", "right"), media=(make_image(),))


def collect(
    rollout: FakeRollout,
    seed: int = 1,
    *,
    tasks: tuple[Task, ...] = (make_task("a"), make_task("b")),
    num_completions: int = 3,
    contrasts: Contrasts = NO_CONTRASTS,
):
    collector = Collector(rollout=rollout, reward=FakeReward(), trace=Trace())
    words = {"num_completions": num_completions, "sampling": SamplingConfig(), "contrasts": contrasts}
    return asyncio.run(collector.collect(tasks, seed=seed, **words))


def with_contrasts(**settings: dict) -> Contrasts:
    return Contrasts(RewardConfig(contrasts=settings), tasks=())


def rewards(trajectories) -> list[float]:
    return [t.score.reward for t in trajectories if isinstance(t.score, Scored)]


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


def test_half_as_many_answers_to_shuffled_frames_are_asked_for_and_compared_with():
    rollout = FakeRollout()
    (group,) = collect(rollout, tasks=(FILM,), num_completions=4, contrasts=with_contrasts(temporal={}))
    # Ours are 0, 1, 2, 3 with mean 1.5; the shuffled are 0 and 1.
    assert rewards(group.trajectories_G) == [0.0, 1.3, 2.3, 3.3]
    assert rewards(group.beside) == [0.0, 1.0]
    assert sorted(name for name, _ in rollout.asked) == ["film", "film/shuffled"]
    assert len({seed for _, seed in rollout.asked}) == 2


def test_the_frames_are_shuffled_anew_in_every_step_and_alike_for_the_same_seed():
    def order(seed: int) -> tuple[int, ...]:
        (group,) = collect(FakeRollout(), seed, tasks=(FILM,), contrasts=with_contrasts(temporal={}))
        plan = group.beside[0].task.media[0].frames
        assert plan is not None
        assert plan.order not in ((), (0, 1, 2, 3))
        return plan.order

    assert order(1) == order(1)
    assert len({order(seed) for seed in range(30)}) > 10


def test_a_mirrored_twin_has_as_many_answers_in_the_same_group():
    (group,) = collect(FakeRollout(), tasks=(SIDE,), contrasts=with_contrasts(mirrored={}))
    assert [t.task.id for t in group.trajectories_G] == ["side"] * 3 + ["side/mirrored"] * 3
    assert group.beside == ()


def test_a_task_without_a_twin_is_asked_alone():
    rollout = FakeRollout()
    groups = collect(rollout, contrasts=with_contrasts(temporal={}, mirrored={}))
    assert [name for name, _ in rollout.asked] == ["a", "b"]
    assert [len(group.trajectories_G) for group in groups] == [3, 3]


@dataclass
class SlowReward(FakeReward):
    """Has the score of each completion some turns of the loop after it was written."""

    async def score(self, task: Task, completion: Completion) -> Score:
        await asyncio.sleep(0.05)
        return await super().score(task, completion)


def test_the_wait_for_scores_after_the_last_completion_is_told_once():
    collector = Collector(rollout=FakeRollout(), reward=SlowReward(), trace=Trace())
    asyncio.run(collector.collect([make_task()], num_completions=3, sampling=SamplingConfig(), seed=1))
    told = collector.metrics()
    # All three wait side by side.
    assert told["time/reward_exposed_s"] > 0.045
    assert told["reward/asked"] == 3
    assert collector.metrics() == {"time/reward_exposed_s": 0.0, "reward/asked": 0.0, "data/dropped_tasks": 0}
