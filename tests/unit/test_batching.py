import random
from collections import Counter
from dataclasses import replace

import pytest

from spatialrl.algorithms import ADVANTAGES
from spatialrl.batching import BatchPlan, build_batches, check_batch_plan, cost, num_tokens, pack, with_advantages
from spatialrl.errors import ConfigError
from spatialrl.types import Completion, Group, Scored, Task, Trajectory, Unscored


def trajectory(name="a", *, prompt=10, completion=10, reward: float | None = 1.0, advantage=1.0, mark=0):
    """`mark` becomes the first token id, so that trajectories of one length differ."""
    return Trajectory(
        task=Task(id=name, question="?", answer="1", answer_kind="number"),
        completion=Completion(prompt_ids=(0,) * prompt, token_ids=(mark,) * completion, text=""),
        score=Unscored(reason="too hard") if reward is None else Scored(reward=reward),
        advantage=advantage,
    )


def group(name, rewards, advantages=None):
    advantages = [0.0] * len(rewards) if advantages is None else advantages
    members = [
        trajectory(name, reward=r, advantage=a, mark=i)
        for i, (r, a) in enumerate(zip(rewards, advantages, strict=True))
    ]
    return Group(task=members[0].task, trajectories_G=tuple(members))


def random_trajectories(seed, *, num_tasks, completions):
    rng = random.Random(seed)
    return [
        trajectory(f"task{i}", prompt=prompt, completion=rng.randint(1, 60), mark=j, advantage=rng.choice([-1.0, 0.5]))
        for i, prompt in enumerate(rng.choices(range(5, 40), k=num_tasks))
        for j in range(completions)
    ]


def plan(num_ranks=1, micro_batch_tokens=100, updates_per_step=1):
    return BatchPlan(num_ranks=num_ranks, micro_batch_tokens=micro_batch_tokens, updates_per_step=updates_per_step)


def micro_batches(batch):
    return [micro_batch for rank in batch.ranks for micro_batch in rank]


def counted(trajectories):
    return Counter((t.task.id, t.completion.prompt_ids, t.completion.token_ids, t.advantage) for t in trajectories)


def members(batches):
    """All trajectories but the fillers."""
    every = [t for batch in batches for micro_batch in micro_batches(batch) for t in micro_batch.trajectories]
    return [t for t in every if t.completion.token_ids]


def rank_costs(batch):
    return [sum(cost(mb.trajectories) for mb in rank) for rank in batch.ranks]


def test_an_unscored_completion_leaves_the_group_baseline():
    judged = with_advantages(group("a", [1.0, None, 3.0]), ADVANTAGES["group_mean"])
    assert [t.advantage for t in judged.trajectories_G] == [-1, 0, 1]


def test_grading_a_group_again_forgets_the_old_advantages():
    judged = with_advantages(group("a", [1.0, None, 3.0], [7.0, 7.0, 7.0]), ADVANTAGES["group_mean"])
    assert [t.advantage for t in judged.trajectories_G] == [-1, 0, 1]


def test_a_group_of_unscored_completions_can_be_graded():
    judged = with_advantages(group("a", [None, None]), ADVANTAGES["group_zscore"])
    assert [t.advantage for t in judged.trajectories_G] == [0, 0]


def test_unscored_completions_and_groups_without_signal_are_not_trained_on():
    groups = [
        group("equal", [1, 1], [0.0, 0.0]),
        group("mixed", [1, None, 2, 3], [-1.0, 0.0, 0.0, 1.0]),
        group("unscored", [None, None]),
    ]
    (batch,) = build_batches(groups, plan=plan())
    kept = members([batch])
    assert sorted((t.task.id, t.advantage) for t in kept) == [("mixed", -1), ("mixed", 0), ("mixed", 1)]
    assert batch.num_loss_tokens == 30


def test_a_step_without_signal_gives_no_batch():
    assert build_batches([group("equal", [1, 1]), group("unscored", [None])], plan=plan()) == []
    assert build_batches([], plan=plan()) == []


def test_a_step_is_shared_out_over_its_updates_by_whole_groups():
    groups = [group(f"task{i}", [1, 2], [-1.0, 1.0]) for i in range(6)]
    batches = build_batches(groups, plan=plan(updates_per_step=3))
    tasks = [{t.task.id for t in members([batch])} for batch in batches]
    assert [len(names) for names in tasks] == [2, 2, 2]
    assert len(set.union(*tasks)) == 6
    assert [batch.num_loss_tokens for batch in batches] == [40, 40, 40]


def test_fewer_groups_with_signal_than_updates_give_fewer_batches():
    groups = [group("a", [1, 2], [-1.0, 1.0]), group("b", [1, 1])]
    assert len(build_batches(groups, plan=plan(updates_per_step=4))) == 1


def test_first_fit_decreasing_fills_micro_batches():
    # 60 + 40, 50 + 30: two micro-batches of at most 100 tokens.
    lengths = {"a": 30, "b": 60, "c": 40, "d": 50}
    batch = pack([trajectory(name, prompt=10, completion=n - 10) for name, n in lengths.items()], plan=plan())
    held = sorted(sorted(t.task.id for t in mb.trajectories) for mb in micro_batches(batch))
    assert held == [["a", "d"], ["b", "c"]]


def test_a_trajectory_longer_than_a_micro_batch_goes_alone():
    batch = pack([trajectory("long", completion=500), trajectory("short")], plan=plan())
    assert [[t.task.id for t in mb.trajectories] for mb in micro_batches(batch)] == [["long"], ["short"]]


def test_a_rank_short_of_trajectories_gets_prompts_with_nothing_to_learn():
    # Three trajectories of 90 tokens on two ranks: someone needs two micro-batches, so both have two.
    batch = pack([trajectory("a", prompt=30, completion=60, mark=i) for i in range(3)], plan=plan(num_ranks=2))
    assert [len(rank) for rank in batch.ranks] == [2, 2]
    fillers = [t for mb in micro_batches(batch) for t in mb.trajectories if not t.completion.token_ids]
    assert [(len(t.completion.prompt_ids), t.advantage) for t in fillers] == [(30, 0.0)]
    assert batch.num_loss_tokens == 180


def test_fewer_trajectories_than_ranks_still_feed_every_rank():
    batch = pack([trajectory("a"), trajectory("b", prompt=5)], plan=plan(num_ranks=4))
    assert [len(rank) for rank in batch.ranks] == [1, 1, 1, 1]
    assert len(members([batch])) == 2
    # Fillers take the shortest prompt there is.
    assert sorted(num_tokens(mb.trajectories) for mb in micro_batches(batch)) == [5, 5, 15, 20]
    assert batch.num_loss_tokens == 20


def test_a_rank_with_fewer_micro_batches_splits_its_own():
    # 60 | 60 on one rank, 60 + 4 * 10 on the other: the second cuts its micro-batch in two.
    long = [trajectory("long", completion=50, mark=i) for i in range(3)]
    short = [trajectory("short", prompt=5, completion=5, mark=i) for i in range(4)]
    batch = pack([*long, *short], plan=plan(num_ranks=2))
    assert [[len(mb.trajectories) for mb in rank] for rank in batch.ranks] == [[1, 1], [2, 3]]
    assert counted(members([batch])) == counted([*long, *short])
    assert all(t.completion.token_ids for mb in micro_batches(batch) for t in mb.trajectories)


def test_a_prompt_counts_once_for_all_completions_of_its_task():
    assert num_tokens([trajectory("a", prompt=10, completion=5, mark=i) for i in range(4)]) == 30
    assert num_tokens([trajectory("a", prompt=10), trajectory("b", prompt=20)]) == 50


def test_the_trajectories_of_a_task_share_a_micro_batch_and_stand_together():
    # A task takes 10 + 4 * 10 tokens: two of them fill a micro-batch of 100.
    mixed = [trajectory(name, mark=i) for i in range(4) for name in ("a", "b", "c")]
    batch = pack(mixed, plan=plan())
    held = [[t.task.id for t in mb.trajectories] for mb in micro_batches(batch)]
    assert held == [["a"] * 4 + ["b"] * 4, ["c"] * 4]


def test_a_micro_batch_has_room_for_every_completion_that_shares_its_prompt():
    batch = pack([trajectory("a", mark=i) for i in range(4)], plan=plan(micro_batch_tokens=50))
    assert [len(mb.trajectories) for mb in micro_batches(batch)] == [4]


def test_one_rank_parts_no_task_that_fits_a_micro_batch():
    # Tasks of 30 and 70 tokens; parting the larger for balance would let the smaller in between.
    sizes = {"a": 2, "b": 6}
    trajectories = [trajectory(name, mark=i) for name, size in sizes.items() for i in range(size)]
    batch = pack(trajectories, plan=plan(micro_batch_tokens=80))
    assert [[t.task.id for t in mb.trajectories] for mb in micro_batches(batch)] == [["b"] * 6, ["a"] * 2]


def test_ranks_get_about_the_same_work():
    for seed in range(5):
        batch = pack(
            random_trajectories(seed, num_tasks=32, completions=8), plan=plan(num_ranks=4, micro_batch_tokens=500)
        )
        costs = rank_costs(batch)
        assert max(costs) < 1.05 * min(costs)


def test_a_single_task_is_parted_so_that_all_ranks_work():
    batch = pack([trajectory("a", mark=i) for i in range(8)], plan=plan(num_ranks=4, micro_batch_tokens=1000))
    assert rank_costs(batch) == [30, 30, 30, 30]


def test_the_costliest_micro_batch_of_every_rank_comes_first():
    batch = pack(random_trajectories(0, num_tasks=16, completions=4), plan=plan(num_ranks=2, micro_batch_tokens=150))
    for rank in batch.ranks:
        assert [cost(mb.trajectories) for mb in rank] == sorted((cost(mb.trajectories) for mb in rank), reverse=True)


@pytest.mark.parametrize("num_ranks", [1, 2, 3, 8])
@pytest.mark.parametrize("micro_batch_tokens", [1, 120, 100_000])
@pytest.mark.parametrize("num_tasks", [1, 2, 13])
def test_packing_keeps_every_trajectory_and_every_loss_token(num_ranks, micro_batch_tokens, num_tasks):
    trajectories = random_trajectories(num_tasks, num_tasks=num_tasks, completions=3)
    batch = pack(trajectories, plan=plan(num_ranks, micro_batch_tokens))
    assert counted(members([batch])) == counted(trajectories)
    assert batch.num_loss_tokens == sum(len(t.completion.token_ids) for t in trajectories)
    assert len(batch.ranks) == num_ranks
    assert len({len(rank) for rank in batch.ranks}) == 1
    for micro_batch in micro_batches(batch):
        assert num_tokens(micro_batch.trajectories) <= micro_batch_tokens or len(micro_batch.trajectories) == 1
        assert micro_batch.trajectories


def test_the_order_of_completion_does_not_change_the_batch():
    def step():
        equally_long = [trajectory("a", mark=i) for i in range(8)]
        return [*random_trajectories(3, num_tasks=6, completions=4), *equally_long]

    trajectories = step()
    shuffled = random.Random(1).sample(step(), k=len(trajectories))
    settings = plan(num_ranks=3, micro_batch_tokens=150)
    assert pack(shuffled, plan=settings) == pack(trajectories, plan=settings)


def test_the_order_of_groups_does_not_change_the_updates():
    groups = [group(f"task{i}", [1, 2, 3][: 2 + i % 2], [-1.0, 1.0, 0.0][: 2 + i % 2]) for i in range(7)]
    settings = plan(num_ranks=2, updates_per_step=3)
    assert build_batches(groups[::-1], plan=settings) == build_batches(groups, plan=settings)


@pytest.mark.parametrize("updates_per_step", [1, 2, 5])
def test_the_number_of_updates_does_not_change_what_is_learned_from(updates_per_step):
    groups = [group(f"task{i}", [1, 2, None], [-1.0, 1.0, 0.0]) for i in range(5)]
    batches = build_batches(groups, plan=plan(updates_per_step=updates_per_step))
    expected = counted(t for g in groups for t in g.trajectories_G if t.advantage)
    assert len(batches) == updates_per_step
    assert counted(members(batches)) == expected
    assert sum(batch.num_loss_tokens for batch in batches) == 100


def test_fillers_carry_no_reference_log_probs():
    judged = replace(trajectory("a"), reference_logprobs_T=(-1.0,) * 10)
    batch = pack([judged], plan=plan(num_ranks=2))
    held = [
        (len(t.completion.token_ids), len(t.reference_logprobs_T))
        for mb in micro_batches(batch)
        for t in mb.trajectories
    ]
    assert sorted(held) == [(0, 0), (10, 10)]


def check(tasks_per_step, completions_per_task, num_ranks, updates_per_step):
    check_batch_plan(
        tasks_per_step=tasks_per_step,
        completions_per_task=completions_per_task,
        num_ranks=num_ranks,
        updates_per_step=updates_per_step,
    )


def test_a_plan_that_feeds_every_rank_in_every_update_passes():
    check(tasks_per_step=4, completions_per_task=2, num_ranks=4, updates_per_step=2)


def test_a_plan_too_small_for_its_ranks_is_refused_with_its_numbers():
    with pytest.raises(ConfigError, match=r"4 trajectories .*num_ranks is 5"):
        check(tasks_per_step=4, completions_per_task=2, num_ranks=5, updates_per_step=2)


def test_a_plan_with_more_updates_than_tasks_is_refused():
    with pytest.raises(ConfigError, match="0 trajectories"):
        check(tasks_per_step=1, completions_per_task=8, num_ranks=1, updates_per_step=2)


def test_a_plan_without_updates_is_refused():
    with pytest.raises(ConfigError, match="at least 1"):
        check(tasks_per_step=1, completions_per_task=8, num_ranks=1, updates_per_step=0)
