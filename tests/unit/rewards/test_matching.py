import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from spatialrl.rewards import matching
from spatialrl.rewards.matching import match, match_all

SIDES = st.integers(1, 5)
COSTS = st.one_of(st.integers(0, 3).map(float), st.floats(0, 2, width=32), st.sampled_from((math.nan, math.inf)))
"""Small whole numbers tie often."""


@st.composite
def tables(draw):
    return draw(arrays(float, (draw(SIDES), draw(SIDES)), elements=COSTS))


def padded(some: list[np.ndarray], filling: float) -> np.ndarray:
    table = np.full((len(some), *np.max([costs.shape for costs in some], axis=0)), filling)
    for place, costs in zip(table, some, strict=True):
        place[: costs.shape[0], : costs.shape[1]] = costs
    return table


def test_the_cheapest_total_wins_over_the_cheapest_pair():
    # Taking (0, 0) for 1 would leave (1, 1) for 9; the other way costs 2 + 2.
    assert match([[1, 2], [2, 9]]) == [(0, 1), (1, 0)]


def test_surplus_rows_stay_without_a_partner():
    assert match([[5], [1], [7]]) == [(1, 0)]


def test_surplus_columns_stay_without_a_partner():
    assert match([[5, 1, 7]]) == [(0, 1)]


def test_nothing_matches_nothing():
    assert match([]) == []
    assert match(np.zeros((0, 3))) == []


@pytest.mark.parametrize("cost", [math.nan, math.inf, -math.inf])
def test_a_cost_that_is_no_number_is_refused(cost):
    with pytest.raises(ArithmeticError):
        match([[1, cost]])


@settings(derandomize=True, deadline=None, max_examples=300)
@given(st.lists(tables(), min_size=1, max_size=6), st.sampled_from((0.0, -1.0, math.nan)))
def test_many_tables_are_matched_as_each_alone(some: list[np.ndarray], filling: float):
    shapes = np.array([costs.shape for costs in some])
    for costs, is_pair in zip(some, match_all(padded(some, filling), shapes), strict=True):
        pairs = match(costs) if np.isfinite(costs).all() else []
        assert list(zip(*map(np.ndarray.tolist, np.nonzero(is_pair)), strict=True)) == pairs


def test_a_search_is_made_only_where_the_cheapest_partners_are_not_one_to_one(monkeypatch):
    searched = []
    solve = matching.linear_sum_assignment
    monkeypatch.setattr(
        matching, "linear_sum_assignment", lambda table: searched.append(table.tolist()) or solve(table)
    )
    plain, tied, taken = [[1, 5], [5, 2]], [[1, 1], [5, 2]], [[1, 5], [1, 9]]
    is_pair = match_all(np.array([plain, tied, taken], dtype=float), np.array([[2, 2]] * 3))
    assert searched == [tied, taken]
    assert is_pair.astype(int).tolist() == [[[1, 0], [0, 1]], [[1, 0], [0, 1]], [[0, 1], [1, 0]]]
