import math

import numpy as np
import pytest

from spatialrl.rewards.matching import match


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
