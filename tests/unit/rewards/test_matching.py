import math

import pytest

from spatialrl.rewards.labels import SIMILARITIES, label
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


@pytest.mark.parametrize("cost", [math.nan, math.inf, -math.inf])
def test_a_cost_that_is_no_number_is_refused(cost):
    with pytest.raises(ArithmeticError):
        match([[1, cost]])


def test_a_label_is_the_id_without_number_case_and_dashes():
    assert label("Fire_Hydrant.2") == label("fire-hydrant.11") == "fire hydrant"


def test_exact_similarity_is_all_or_nothing():
    assert SIMILARITIES["exact"]("red cube", "red cube") == 1
    assert SIMILARITIES["exact"]("red cube", "red cub") == 0
