"""The rows that are shown are drawn by a seed."""

from collections import Counter

from spatialrl.data.inspection.sample import Sample
from spatialrl.types import Task
from tests.fakes import make_task

TASKS = [make_task(f"a{number}", source="large") for number in range(400)]
TASKS += [make_task(f"b{number}", source="small") for number in range(3)]


def drawn(*, most: int = 8, seed: int = 1, tasks: list[Task] = TASKS) -> list[str]:
    sample = Sample(most, seed=seed)
    for task in tasks:
        sample.add(task, {})
    return [task.id for task in sample.chosen()]


def test_the_same_seed_draws_the_same_rows_and_another_one_others():
    assert drawn() == drawn()
    assert drawn() != drawn(seed=2)


def test_a_small_source_has_its_turn():
    assert Counter(name[0] for name in drawn()) == {"a": 5, "b": 3}
    assert len(set(drawn())) == 8


def test_every_row_of_a_group_is_as_likely():
    """Of 40 rows 10, 300 times: each is expected 75 times, with a standard deviation of 7.5."""
    counts = Counter(name for seed in range(300) for name in drawn(most=10, seed=seed, tasks=TASKS[:40]))
    assert len(counts) == 40
    assert max(abs(count - 75) for count in counts.values()) < 4 * 7.5


def test_no_more_is_held_than_can_be_shown():
    sample = Sample(8, seed=1)
    for task in TASKS:
        sample.add(task, {})
    assert [len(held) for held in sample.groups.values()] == [8, 3]


def test_some_bad_rows_are_kept_apart_with_their_flaw():
    sample = Sample(8, seed=1)
    for task in TASKS[:5]:
        sample.add(task, {"answer": "It has no answer."})
    assert [(task.id, flaw) for task, flaw in sample.flawed] == [
        ("a0", "It has no answer."),
        ("a1", "It has no answer."),
    ]
    assert sample.chosen() == []
