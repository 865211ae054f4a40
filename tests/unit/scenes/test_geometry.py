import math

import pytest

from spatialrl.scenes.geometry import Footprint, angle_of, distance, overlap, wrap


def square(x, y, *, yaw=0.0):
    return Footprint(x, y, 2.0, 2.0, yaw)


def test_two_squares_side_by_side_are_as_far_apart_as_their_edges():
    assert distance(square(0, 0), square(5, 0)) == 3.0


def test_two_squares_across_a_corner_are_as_far_apart_as_their_corners():
    assert distance(square(0, 0), square(5, 6)) == 5.0


def test_a_turned_square_comes_closer_with_its_corner():
    assert distance(square(0, 0), square(5, 0, yaw=math.pi / 4)) == pytest.approx(4 - math.sqrt(2), abs=1e-9)


def test_overlapping_squares_have_no_distance():
    assert overlap(square(0, 0), square(1.5, 1.5))
    assert distance(square(0, 0), square(1.5, 1.5)) == 0.0


def test_a_turned_square_that_only_its_bounding_box_touches_does_not_overlap():
    assert not overlap(square(0, 0), square(2.3, 2.3, yaw=math.pi / 4))


def test_a_gap_that_is_asked_for_counts_as_overlap():
    assert not overlap(square(0, 0), square(2.5, 0))
    assert overlap(square(0, 0), square(2.5, 0), gap=0.6)


def test_angles_wrap_to_half_turns():
    assert wrap(1.5 * math.pi) == pytest.approx(-math.pi / 2, abs=1e-9)
    assert angle_of(0.0, 2.0) == pytest.approx(math.pi / 2, abs=1e-9)
