"""A yaw of 0 faces away from the camera, 90 to the left, 180 to the camera."""

import pytest

from spatialrl.generators.spatial_3d.fronts import (
    multi_object_facing,
    multi_object_parallel,
    multi_object_same_direction,
    multi_object_viewpoint_towards_object,
    orientation_in_front_of,
    orientation_on_the_left,
    orientation_viewpoint,
)
from spatialrl.generators.spatial_3d.scene import mirrored
from spatialrl.generators.spatial_3d.stage import Stage
from tests.unit.generators.spatial_3d.truths import scene, thing

CHAIR = (0.0, 0.4, 3.0)


def answer(family, *things) -> str | None:
    """None in a close call."""
    asked = family(Stage(scene(*things)), things, False)
    return asked and asked.answer


@pytest.mark.parametrize(("yaw", "side"), [(0, "behind it"), (180, "in front of it"), (90, None)])
def test_in_front_is_where_the_front_looks(yaw, side):
    """The ball is one metre nearer to the camera than the chair."""
    ball = thing("ball", (0.0, 0.2, 2.0))
    assert answer(orientation_in_front_of, thing("chair", CHAIR, yaw_degrees=yaw), ball) == side


@pytest.mark.parametrize(("yaw", "side"), [(0, "on the left"), (180, "on the right"), (90, None)])
def test_left_is_left_of_the_front(yaw, side):
    """The ball is one metre to the left of the chair, seen from the camera."""
    ball = thing("ball", (1.0, 0.4, 3.0))
    assert answer(orientation_on_the_left, thing("chair", CHAIR, yaw_degrees=yaw), ball) == side


@pytest.mark.parametrize(("yaw", "side"), [(180, "front"), (0, "back"), (90, "left"), (-90, "right"), (135, None)])
def test_the_camera_sees_the_side_that_is_turned_to_it(yaw, side):
    """Who faces left, seen from behind the camera, turns the left side to it."""
    assert answer(orientation_viewpoint, thing("chair", CHAIR, yaw_degrees=yaw)) == side


@pytest.mark.parametrize(("place", "side"), [((0, 0.4, 5), "front"), ((0, 0.4, 1), "back"), ((2, 0.4, 3), "left")])
def test_the_side_towards_another_thing(place, side):
    assert (
        answer(multi_object_viewpoint_towards_object, thing("chair", CHAIR, yaw_degrees=0), thing("ball", place))
        == side
    )


def test_what_is_right_above_is_on_no_side():
    ball = thing("ball", (0.0, 1.4, 3.2))
    assert answer(multi_object_viewpoint_towards_object, thing("chair", CHAIR, yaw_degrees=0), ball) is None


@pytest.mark.parametrize(
    ("turn", "parallel", "same"),
    [
        (0, "parallel", "the same direction"),
        (15, "parallel", "the same direction"),
        (180, "parallel", "opposite directions"),
        (90, "perpendicular", None),
        (45, None, None),
    ],
)
def test_two_fronts_in_line_or_across(turn, parallel, same):
    pair = thing("chair", CHAIR, yaw_degrees=30), thing("sofa", (1.0, 0.4, 3.0), yaw_degrees=30 + turn)
    assert answer(multi_object_parallel, *pair) == parallel
    assert answer(multi_object_same_direction, *pair) == same


def test_what_is_faced_lies_where_the_front_looks():
    chair = thing("chair", CHAIR, yaw_degrees=90)
    left, ahead = thing("ball", (2.0, 0.4, 3.0)), thing("lamp", (0.0, 0.4, 5.0))
    assert answer(multi_object_facing, chair, left, ahead) == "the ball"
    assert answer(multi_object_facing, chair, ahead, left) == "the ball"
    assert answer(multi_object_facing, chair, left, thing("lamp", (2.0, 0.4, 3.8))) is None


def test_the_numbers_of_a_turn_are_right():
    """The way from the chair to the ball is (1, 0, 1), 45 degrees off the front (0, 0, 1)."""
    things = thing("chair", CHAIR, yaw_degrees=0), thing("ball", (1.0, 0.4, 4.0))
    asked = orientation_in_front_of(Stage(scene(*things)), things, False)
    assert asked is not None
    assert "The vector from the chair to the ball is (1.00, 0.00, 1.00)." in asked.lines
    assert "The front direction of the chair is (0.00, 0.00, 1.00)." in asked.lines
    assert asked.lines[4].endswith("is 0.71, corresponding to an angle of 45.00 degrees.")


def test_in_the_mirror_left_and_right_of_a_thing_change():
    one = scene(thing("chair", CHAIR, yaw_degrees=20), thing("ball", (2.0, 0.4, 3.0)))
    other = mirrored(one)
    assert other.things[1].place == (-2.0, 0.4, 3.0)
    assert other.things[1].box == (580.0, 20.0, 630.0, 80.0)
    asked = [orientation_on_the_left(Stage(each), each.things, False) for each in (one, other)]
    assert [each and each.answer for each in asked] == ["on the left", "on the right"]
