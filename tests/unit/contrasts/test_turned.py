from dataclasses import replace

import pytest

from spatialrl.contrasts.turned import Mirrored, Swapped, one_of_each_pair
from spatialrl.errors import DataError
from tests.fakes import make_image, make_task
from tests.unit.contrasts.builders import saying

SIDE = make_task(
    "front",
    question="Is the cup left or right of the box?",
    options=("left", "right"),
    media=(make_image(),),
    twin="back",
)
BACK = replace(SIDE, id="back", answer="B", twin="front")
PAIR = {"front": SIDE, "back": BACK}


def test_an_answer_is_worth_more_the_more_of_the_twins_turn():
    twin = Mirrored().twin(SIDE, tasks={}, seed=1)
    assert twin is not None
    ours, theirs = saying(SIDE, "left", "(A)", "right"), saying(twin.task, "right", "right", "right", "left")
    assert Mirrored(bonus=0.4).bonuses(ours, theirs) == pytest.approx([0.3, 0.3, 0])
    # Two of our three turn into what the right ones of the twin say.
    assert Mirrored(bonus=0.6).bonuses(theirs, ours) == pytest.approx([0.4, 0.4, 0.4, 0])


def test_a_habit_earns_nothing():
    habit = saying(SIDE, "left", "left")
    assert Mirrored().bonuses(habit, saying(replace(SIDE, answer="B"), "left", "left")) == [0, 0]


def test_a_wrong_answer_that_turns_earns_only_where_that_is_asked_for():
    ours, theirs = saying(SIDE, "right"), saying(BACK, "left")
    assert Swapped().bonuses(ours, theirs) == [0]
    assert Swapped(needs_right=False).bonuses(ours, theirs) == [0.3]


def test_without_a_twin_there_is_no_bonus():
    assert Mirrored().bonuses(saying(SIDE, "left"), ()) == [0]


def test_the_other_side_comes_from_the_data():
    twin = Swapped().twin(SIDE, tasks=PAIR, seed=1)
    assert twin is not None
    assert twin.task is BACK
    assert (twin.share, twin.learns) == (1.0, True)


def test_a_pair_whose_answers_do_not_turn_would_reward_a_mistake_and_is_none():
    assert Swapped().twin(SIDE, tasks=PAIR | {"back": replace(BACK, answer="A")}, seed=1) is None
    assert Swapped().twin(make_task("alone"), tasks=PAIR, seed=1) is None


def test_a_twin_that_is_not_there_is_named():
    with pytest.raises(DataError, match=r"front names back as its twin"):
        Swapped().twin(SIDE, tasks={"front": SIDE}, seed=1)


def test_one_of_each_pair_is_drawn_and_brings_the_other():
    alone = make_task("alone")
    untrue = [replace(SIDE, id="x", twin="y"), replace(SIDE, id="y", twin="x")]
    tasks = [alone, BACK, SIDE, *untrue]
    by_id = {task.id: task for task in tasks}
    assert [task.id for task in one_of_each_pair(tasks, by_id)] == ["alone", "back", "x", "y"]
