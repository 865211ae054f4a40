from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spatialrl.errors import DataError
from spatialrl.rewards.temporal import shuffled_frames, temporal_bonus, temporal_bonus_compat
from spatialrl.types import FramePlan


def plan(*indices):
    return FramePlan(indices=indices, source_fps=2.0, num_source_frames=100)


def test_where_order_helps_each_solved_completion_earns_the_bonus():
    assert temporal_bonus([1.0, 0.0, 1.0, 1.0], [0.0, 1.0]) == [0.3, 0.0, 0.3, 0.3]


def test_answers_that_ignore_the_order_earn_no_bonus():
    assert temporal_bonus([1.0, 1.0], [1.0, 1.0]) == [0, 0]
    assert temporal_bonus([1.0, 1.0], [0.9, 1.0]) == [0, 0]
    assert temporal_bonus([1.0, 1.0], [0.5, 1.0], margin=0.25) == [0.3, 0.3]


def test_the_original_pays_unless_shuffled_is_better_by_a_quarter():
    assert temporal_bonus_compat([1.0, 1.0], [1.0, 1.0]) == [0.3, 0.3]
    assert temporal_bonus_compat([0.75, 0.05], [0.5, 0.5]) == [0.3, 0.0]
    assert temporal_bonus_compat([0.5, 0.1], [0.25, 0.25]) == [0.3, 0.0]
    assert temporal_bonus_compat([0.5, 0.1], [1.0, 0.5]) == [0, 0]


@pytest.mark.parametrize("rule", [temporal_bonus, temporal_bonus_compat])
def test_without_one_of_the_sides_there_is_no_contrast(rule):
    assert rule([], [1.0]) == []
    assert rule([1.0, 1.0], []) == [0, 0]


RATES = st.lists(st.floats(0, 1), min_size=1, max_size=8)


@settings(derandomize=True, deadline=None, max_examples=200)
@given(RATES, RATES)
def test_a_group_and_itself_earn_nothing(ordered, shuffled):
    assert temporal_bonus(ordered, ordered) == [0] * len(ordered)
    assert set(temporal_bonus(ordered, shuffled)) <= {0.0, 0.3}


@pytest.mark.parametrize("seed", range(200))
def test_two_frames_are_always_swapped(seed):
    assert shuffled_frames(plan(4, 8), seed).shown == (8, 4)


def test_the_same_frames_are_shown_in_another_order_that_the_seed_decides():
    ordered = plan(*range(0, 32, 2))
    for seed in range(50):
        shuffled = shuffled_frames(ordered, seed)
        assert shuffled.shown != ordered.shown
        assert sorted(shuffled.shown) == list(ordered.shown)
        assert shuffled == shuffled_frames(ordered, seed)
        # The times are those of the ordered frames.
        assert replace(shuffled, order=()) == ordered
    assert len({shuffled_frames(ordered, seed).shown for seed in range(50)}) == 50


def test_frames_that_repeat_still_change_their_order():
    assert all(shuffled_frames(plan(0, 0, 0, 1), seed).shown != (0, 0, 0, 1) for seed in range(50))


@pytest.mark.parametrize("indices", [(), (3,), (3, 3)])
def test_frames_that_have_one_order_only_are_a_mistake(indices):
    with pytest.raises(DataError, match="two different frames"):
        shuffled_frames(plan(*indices), 0)
