"""x is left, y up from the floor, z forward; the camera is 1.5 m above the origin."""

from spatialrl.generators.spatial_3d.draft import Asked
from spatialrl.generators.spatial_3d.places import (
    height_higher,
    location_above,
    location_closer_to_camera,
    location_next_to,
    multi_object_closer_to,
)
from spatialrl.generators.spatial_3d.stage import Stage
from tests.unit.generators.spatial_3d.truths import scene, thing


def ask(family, *things, other=False) -> Asked:
    asked = family(Stage(scene(*things)), things, other)
    assert asked is not None
    return asked


def is_open(family, *things) -> bool:
    return family(Stage(scene(*things)), things, False) is None


def test_the_higher_of_two_has_the_higher_centre_top_and_underside():
    low, high = thing("cup", (0.0, 0.3, 2.0)), thing("lamp", (1.0, 1.3, 2.0))
    assert ask(height_higher, low, high).answer == "the lamp"
    assert ask(height_higher, low, high, other=True).answer == "the cup"
    assert ask(height_higher, high, low).right == 0


def test_a_height_within_a_quarter_of_a_metre_is_a_close_call():
    assert is_open(height_higher, thing("cup", (0.0, 0.3, 2.0)), thing("lamp", (1.0, 0.54, 2.0)))


def test_what_reaches_higher_but_stands_lower_is_a_close_call():
    """The tall one from 0 to 2 m, the small one hangs at 1.5 m."""
    tall, small = thing("tree", (0.0, 1.0, 2.0), side=2.0), thing("bird", (2.0, 1.5, 2.0), side=0.2)
    assert is_open(height_higher, tall, small)


def test_above_means_right_above():
    table, cup = thing("table", (0.0, 0.4, 3.0), side=0.8), thing("cup", (0.1, 0.9, 3.1), side=0.2)
    aside = thing("lamp", (2.0, 1.6, 3.0))
    assert ask(location_above, cup, table).answer == "yes"
    assert ask(location_above, table, cup).answer == "no"
    assert ask(location_above, aside, table).answer == "no"


def test_higher_and_hardly_aside_is_a_close_call():
    """The edges are 0.2 m apart seen from above."""
    assert is_open(location_above, thing("cup", (0.6, 1.5, 3.0)), thing("box", (0.0, 0.2, 3.0)))


def test_the_distance_to_the_camera_is_measured_in_space():
    """To the ball: (0, 0.3, 2) from (0, 1.5, 0) is sqrt(1.44 + 4) = 2.33; to the lamp: (0, 1.5, 4) is 4.00."""
    asked = ask(location_closer_to_camera, thing("ball", (0.0, 0.3, 2.0)), thing("lamp", (0.0, 1.5, 4.0)))
    assert asked.answer == "the ball"
    assert "The location of the camera is (0.00, 1.50, 0.00)." in asked.lines
    assert "The distance from the ball to the camera is 2.33." in asked.lines
    assert "The distance from the lamp to the camera is 4.00." in asked.lines


def test_the_order_is_the_same_from_the_camera_and_from_the_floor_below_it():
    """From the camera 1.8 and 2.33 m, from the floor below it 2.34 and 2.02 m."""
    assert is_open(location_closer_to_camera, thing("bird", (0.0, 1.5, 1.8)), thing("ball", (0.0, 0.3, 2.0)))


def test_next_to_and_far_away_leave_a_wide_gap():
    cup = thing("cup", (0.0, 0.2, 3.0))
    near, between, far = (thing("ball", (x, 0.2, 3.0)) for x in (0.7, 1.6, 3.0))
    assert ask(location_next_to, cup, near).answer == "next to each other"
    assert is_open(location_next_to, cup, between)
    assert ask(location_next_to, cup, far).answer == "far away from each other"


def test_of_two_the_closer_to_a_third():
    anchor = thing("cup", (0.0, 0.2, 3.0))
    near, far = thing("ball", (1.0, 0.2, 3.0)), thing("lamp", (0.0, 0.2, 6.0))
    asked = ask(multi_object_closer_to, anchor, near, far)
    assert asked.answer == "the ball"
    assert "The distance between the cup and the lamp is 3.00." in asked.lines
    assert ask(multi_object_closer_to, anchor, near, far, other=True).answer == "the lamp"
    assert is_open(multi_object_closer_to, anchor, near, thing("lamp", (-1.3, 0.2, 3.0)))
