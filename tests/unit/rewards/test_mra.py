"""Goldens of VSI-Bench's metric, in floating point as published and in exact arithmetic."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spatialrl.rewards.mra import exact_mra, in_unit, official_mra, relative_closeness
from spatialrl.rewards.parse import Number

steady = settings(derandomize=True, deadline=None, max_examples=200)
FINITE = st.floats(allow_nan=False, allow_infinity=False)


@pytest.mark.parametrize(
    ("prediction", "target", "official", "exact"),
    [
        (3, 4, 0.6, 0.6),
        (1, 2, 0.1, 0.1),
        (4.2, 4, 1.0, 1.0),
        (8, 10, 0.6, 0.7),
        (12, 10, 0.6, 0.7),
        (55, 100, 0.1, 0.2),
        (10, 10, 1.0, 1.0),
        (0, 10, 0.0, 0.0),
        (1000, 10, 0.0, 0.0),
    ],
)
def test_the_goldens(prediction, target, official, exact):
    assert official_mra(prediction, target) == official
    assert exact_mra(prediction, target) == exact


def test_floating_point_changes_few_integer_pairs():
    pairs = [(p, t) for t in range(1, 101) for p in range(1, 151)]
    different = sum(official_mra(p, t) != exact_mra(p, t) for p, t in pairs)
    assert different / len(pairs) == pytest.approx(0.0033, abs=5e-5)


def test_official_targets_of_zero_and_below():
    assert official_mra(0, 0) == 0
    assert official_mra(7, -2) == 1


def test_exact_targets_of_zero_and_below():
    assert exact_mra(0, 0) == 1
    assert exact_mra(0.001, 0) == 0
    assert exact_mra(7, -2) == 0
    assert exact_mra(-3, -4) == exact_mra(3, 4) == 0.6


@pytest.mark.parametrize("broken", [math.nan, math.inf, -math.inf])
def test_what_is_no_number_is_missed(broken):
    for mra in (official_mra, exact_mra):
        assert mra(broken, 4) == 0
        assert mra(4, broken) == 0


@steady
@given(FINITE, FINITE, st.floats(1e-6, 1e6))
def test_the_larger_error_never_scores_higher(first, second, target):
    near, far = sorted((first, second), key=lambda p: abs(p - target))
    for closeness in (official_mra, exact_mra, relative_closeness):
        assert 0 <= closeness(far, target) <= closeness(near, target) <= 1


@steady
@given(st.integers(1, 1000), st.integers(0, 1000))
def test_too_much_scores_as_too_little(target, error):
    assert exact_mra(target + error, target) == exact_mra(target - error, target)


@steady
@given(st.integers(-1000, 1000), st.integers(-1000, 1000), st.integers(1, 1000))
def test_exact_scores_do_not_depend_on_the_scale(prediction, target, scale):
    assert exact_mra(prediction * scale, target * scale) == exact_mra(prediction, target)


@steady
@given(FINITE, FINITE)
def test_any_floats_score_0_to_1(prediction, target):
    for closeness in (official_mra, exact_mra, relative_closeness):
        assert 0 <= closeness(prediction, target) <= 1


def test_relative_closeness_is_one_less_the_relative_error():
    assert relative_closeness(3, 4) == 0.75
    assert relative_closeness(9, 4) == 0
    assert relative_closeness(-3, -4) == 0.75
    assert [relative_closeness(p, 0) for p in (0, 1)] == [1, 0]


@pytest.mark.parametrize(
    ("value", "unit", "wanted", "expected"),
    [
        (3.5, "", "m", 3.5),
        (350, "cm", "m", 3.5),
        (0.07, "m", "cm", 7),
        (1, "ft", "metres", 0.3048),
        (10000, "cm2", "square metres", 1),
        (100, "ft2", "m2", 9.290304),
        (math.pi, "rad", "deg", 180),
        (2, "min", "s", 120),
        (3, "m", "", 3),
        (3, "m", "chairs", 3),
        (3, "m", "m2", None),
        (3, "deg", "m", None),
        (3, "%", "m", None),
        (1e308, "km", "mm", None),
    ],
)
def test_units_are_converted_or_refused(value, unit, wanted, expected):
    assert in_unit(Number(value, unit), wanted) == expected
