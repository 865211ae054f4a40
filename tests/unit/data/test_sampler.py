from collections import Counter

from spatialrl.data.sampler import Pool, Sampler
from tests.fakes import make_task

TASKS = [make_task(f"t{number}") for number in range(10)]


def ids(sampler: Sampler, step: int) -> list[str]:
    return [task.id for task in sampler.step(step)]


def test_an_epoch_shows_every_task_once():
    sampler = Sampler([Pool(tasks=TASKS)], tasks_per_step=5, seed=1)
    assert sorted(ids(sampler, 0) + ids(sampler, 1)) == sorted(task.id for task in TASKS)


def test_an_epoch_flows_into_the_next_inside_a_step():
    sampler = Sampler([Pool(tasks=TASKS)], tasks_per_step=4, seed=1)
    seen = Counter(name for step in range(5) for name in ids(sampler, step))
    assert set(seen.values()) == {2}


def test_a_step_is_the_same_whatever_came_before_it():
    walked, jumped = (Sampler([Pool(tasks=TASKS)], tasks_per_step=4, seed=1) for _ in range(2))
    for step in range(7):
        walked.step(step)
    assert ids(walked, 7) == ids(jumped, 7)


def test_epochs_have_different_orders():
    sampler = Sampler([Pool(tasks=TASKS)], tasks_per_step=10, seed=1)
    assert ids(sampler, 0) != ids(sampler, 1)


def test_the_seed_decides_the_order():
    first, second = (ids(Sampler([Pool(tasks=TASKS)], tasks_per_step=10, seed=seed), 0) for seed in (1, 2))
    assert first != second


def test_a_step_may_be_larger_than_the_data():
    sampler = Sampler([Pool(tasks=TASKS[:3])], tasks_per_step=7, seed=1)
    assert max(Counter(ids(sampler, 0)).values()) == 3


def drawn(sampler: Sampler, num_steps: int) -> str:
    """The first letter of every task."""
    return "".join(name[0] for step in range(num_steps) for name in ids(sampler, step))


def pools(**weights: float) -> list[Pool]:
    return [
        Pool(tasks=[make_task(f"{name}{number}") for number in range(5)], weight=weight, name=name)
        for name, weight in weights.items()
    ]


def test_the_pool_that_is_furthest_behind_its_share_gives_the_next_task():
    assert drawn(Sampler(pools(a=3, b=1), tasks_per_step=4, seed=1), 2) == "aabaaaba"
    # Shares after one task are 0.5, 0.3, 0.2; after two 1.0, 0.6, 0.4, of which a has had 1; and so on.
    assert drawn(Sampler(pools(a=0.5, b=0.3, c=0.2), tasks_per_step=10, seed=1), 1) == "abcaabacba"


def test_shares_are_exact_over_time():
    counts = Counter(drawn(Sampler(pools(a=0.5, b=0.3, c=0.2), tasks_per_step=7, seed=1), 100))
    assert counts == {"a": 350, "b": 210, "c": 140}


def test_every_pool_has_epochs_of_its_own():
    sampler = Sampler(pools(a=3, b=1), tasks_per_step=20, seed=1)
    assert Counter(ids(sampler, 0)) == {
        **{f"a{number}": 3 for number in range(5)},
        **{f"b{number}": 1 for number in range(5)},
    }


def test_a_step_of_a_mixture_is_the_same_whatever_came_before_it():
    walked, jumped = (Sampler(pools(a=3, b=2), tasks_per_step=4, seed=1) for _ in range(2))
    for step in (0, 1, 9, 2, 5):
        walked.step(step)
    assert ids(walked, 7) == ids(jumped, 7)
    assert ids(walked, 3) == ids(jumped, 3)


def test_a_curriculum_orders_the_first_epoch_and_ties_are_shuffled():
    tasks = [make_task(f"t{number}", extra={"rating": str(number // 5)}) for number in range(10)]
    sampler = Sampler([Pool(tasks=tasks, curriculum="rating")], tasks_per_step=10, seed=1)
    ratings = [int(task.extra["rating"]) for task in sampler.step(0)]
    assert ratings == [0] * 5 + [1] * 5
    assert ids(sampler, 0)[:5] != sorted(ids(sampler, 0)[:5])
    assert [int(task.extra["rating"]) for task in sampler.step(1)] != ratings
