import math

import pytest

from spatialrl.generators.video_qa.blocks import Block, aligned, contains, crosses, fits, gap, limits, turned
from spatialrl.scenes.geometry import Footprint
from tests.unit.generators.video_qa.layouts import block


def test_a_gap_is_between_the_closest_points():
    """Cubes of 0.4 m: 3 and 4 m between the centres leave 2.6 and 3.6 m."""
    assert gap(block(0, 0), block(3, 4)) == pytest.approx(math.hypot(2.6, 3.6))
    assert gap(block(0, 0), block(0.3, 0)) == 0


def test_what_hangs_above_is_as_far_as_it_is_higher():
    assert gap(block(0, 0), block(0, 0, low=1.4)) == pytest.approx(1.0)


def test_a_block_turned_by_45_degrees_reaches_farther():
    """Its corner is at 0.5 sqrt(2)."""
    slanted = Block(Footprint(0, 0, 1.0, 1.0, math.pi / 4), 0, 1)
    assert gap(slanted, block(2.0, 0)) == pytest.approx(1.8 - math.sqrt(0.5))


def test_an_oriented_box_is_read_by_its_axes():
    """2 m along (0.6, 0.8), 1 m across, 0.5 m up."""
    found = turned([1, 2, 3], [2, 1, 0.5], [[0.6, 0.8, 0], [-0.8, 0.6, 0], [0, 0, 1]])
    assert found is not None
    assert found.footprint.yaw == pytest.approx(math.atan2(0.8, 0.6), abs=1e-6)
    assert (found.low, found.high, found.longest_m) == (2.75, 3.25, 2)
    assert found.centre == (1, 2, 3)
    xs = [x for x, _ in found.footprint.corners]
    assert max(xs) == pytest.approx(1 + 0.6 + 0.4, abs=1e-5)
    assert fits(found, [0, 0.9, 2.75], [2, 3.1, 3.25])
    assert not fits(found, [0, 1.0, 2.75], [2, 3.1, 3.25])


def test_axes_may_come_in_any_order_and_a_leaning_box_is_none():
    upright = turned([0, 0, 0], [0.5, 2, 1], [[0, 0, 1], [1, 0, 0], [0, 1, 0]])
    assert upright is not None
    assert (upright.footprint.length, upright.footprint.width, upright.high) == (2, 1, 0.25)
    assert turned([0, 0, 0], [1, 1, 1], [[0.8, 0, 0.6], [0, 1, 0], [-0.6, 0, 0.8]]) is None


def test_limits_make_a_box_along_the_axes():
    found = aligned([0, 1, 2], [4, 3, 5])
    assert found.centre == (2, 2, 3.5)
    assert (found.footprint.length, found.footprint.width, found.longest_m) == (4, 2, 4)
    assert limits([found, block(9, 9)]) == ((0, 1), (9.2, 9.2))


def test_a_way_crosses_what_it_comes_close_to():
    table = Footprint(2, 0, 1, 1, 0)
    assert crosses((0, 0), (4, 0), table, clear_m=0)
    assert not crosses((0, 0.6), (4, 0.6), table, clear_m=0.05)
    assert crosses((0, 0.6), (4, 0.6), table, clear_m=0.15)
    assert not crosses((0, 0), (1, 0), table, clear_m=0.15)
    assert not crosses((0, 1.5), (1.5, 3), table, clear_m=0.15)


def test_a_point_is_inside_a_turned_footprint():
    slanted = Footprint(0, 0, 2, 0.2, math.pi / 4)
    assert contains(slanted, (0.6, 0.6))
    assert not contains(slanted, (0.6, -0.6))
