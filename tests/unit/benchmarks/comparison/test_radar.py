import pytest

from spatialrl.benchmarks.comparison.radar import CENTRE, RADIUS, point, radar


def test_the_first_spoke_points_up_and_full_marks_reach_its_end():
    assert point(100, 0, 4) == (CENTRE, CENTRE - RADIUS)
    assert point(50, 1, 4) == pytest.approx((CENTRE + RADIUS / 2, CENTRE), abs=0.1)
    assert point(-5, 0, 4) == (CENTRE, CENTRE)


def test_two_benchmarks_make_no_area():
    assert radar(["a", "b"], [[1, 2]]) is None
    drawn = radar(["a", "b", "c"], [[100, 0, 0], [0, 0, 0]])
    assert drawn is not None
    assert drawn.outlines[0].split()[0] == f"{CENTRE},{CENTRE - RADIUS}"
    assert [spoke.anchor for spoke in drawn.spokes] == ["middle", "start", "end"]
