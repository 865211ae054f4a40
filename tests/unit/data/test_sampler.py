from collections import Counter

from spatialrl.data.sampler import Sampler
from tests.fakes import make_task

TASKS = [make_task(f"t{number}") for number in range(10)]


def ids(sampler: Sampler, step: int) -> list[str]:
    return [task.id for task in sampler.step(step)]


def test_an_epoch_shows_every_task_once():
    sampler = Sampler(TASKS, tasks_per_step=5, seed=1)
    assert sorted(ids(sampler, 0) + ids(sampler, 1)) == sorted(task.id for task in TASKS)


def test_an_epoch_flows_into_the_next_inside_a_step():
    sampler = Sampler(TASKS, tasks_per_step=4, seed=1)
    seen = Counter(name for step in range(5) for name in ids(sampler, step))
    assert set(seen.values()) == {2}


def test_a_step_is_the_same_whatever_came_before_it():
    walked, jumped = (Sampler(TASKS, tasks_per_step=4, seed=1) for _ in range(2))
    for step in range(7):
        walked.step(step)
    assert ids(walked, 7) == ids(jumped, 7)


def test_epochs_have_different_orders():
    sampler = Sampler(TASKS, tasks_per_step=10, seed=1)
    assert ids(sampler, 0) != ids(sampler, 1)


def test_the_seed_decides_the_order():
    first, second = (ids(Sampler(TASKS, tasks_per_step=10, seed=seed), 0) for seed in (1, 2))
    assert first != second


def test_a_step_may_be_larger_than_the_data():
    sampler = Sampler(TASKS[:3], tasks_per_step=7, seed=1)
    assert max(Counter(ids(sampler, 0)).values()) == 3
