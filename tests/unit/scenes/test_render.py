"""The camera stands at (3, 0.5, 1) and looks along +y with a focal length of 100 pixels."""

import math

import numpy as np
import pytest

from spatialrl.dice import Dice
from spatialrl.scenes.catalogue import KINDS
from spatialrl.scenes.furnish import draw_view
from spatialrl.scenes.layout import LAYOUTS
from spatialrl.scenes.render import render
from spatialrl.scenes.sites import projected_box
from tests.unit.scenes.builders import level_camera, picture, thing


def test_a_point_projects_where_the_pin_hole_formula_says():
    assert level_camera().project((3.8, 4.5, 1.4)) == (100 + 100 * 0.8 / 4, 100 - 100 * 0.4 / 4)


def test_a_camera_looking_down_sees_the_floor_straight_ahead():
    camera = level_camera()
    down = type(camera)(camera.position, camera.yaw, math.pi / 4, camera.focal, camera.width, camera.height)
    assert down.to_camera((3.0, 1.5, 0.0)) == pytest.approx((0, 0, math.sqrt(2)), abs=1e-9)


def test_the_box_of_a_cube_is_its_front_face():
    """Its front is 4.1 m away and 0.8 m wide: 100 * 0.4 / 4.1 = 9.76 pixels to each side of the middle."""
    assert picture(thing("cube", "red", (3.0, 5.0, 1.0), 0.8)).boxes == ((90, 90, 110, 110),)


def test_the_depth_of_a_cube_is_the_distance_to_its_front():
    depth = picture(thing("cube", "red", (3.0, 5.0, 1.0), 0.8)).depth
    assert depth[92:108, 92:108] == pytest.approx(4.1, abs=1e-6)


def test_the_depth_of_the_floor_is_the_height_over_the_slope_of_the_ray():
    """Row 150 of 201 looks down by (150.5 - 100.5) / 100 = 0.5."""
    assert picture(size=201).depth[150] == pytest.approx(2.0, abs=1e-6)


def test_the_depth_of_the_far_wall_is_its_distance():
    assert picture(size=201).depth[100, 100] == pytest.approx(7.5, abs=1e-6)


def test_the_depth_of_a_sphere_is_the_nearer_root():
    """Straight ahead 5 - 0.5 - 0.6; a ray with slope 0.06 meets |t (0.06, 1) - (0, 4.5)| = 0.6 at this t."""
    depth = picture(thing("sphere", "red", (3.0, 5.0, 1.0), 1.2), size=201).depth
    bend = 1 + 0.06**2
    root = (4.5 - math.sqrt(4.5**2 - bend * (4.5**2 - 0.6**2))) / bend
    assert depth[100, 100] == pytest.approx(3.9, abs=1e-6)
    assert depth[100, 106] == pytest.approx(root, abs=1e-6)


def test_a_cone_narrows_to_its_top_and_a_cylinder_does_not():
    for category, widths in (("cone", [2, 10, 18]), ("cylinder", [20, 20, 20])):
        owner = picture(thing(category, "red", (3.0, 5.5, 1.0), 1.0)).owner
        found = [int(np.count_nonzero(owner[row] == 0)) for row in (91, 99, 107)]
        assert found == pytest.approx(widths, abs=3)


def test_half_of_a_cube_behind_another_is_visible():
    """The right side of the nearer cube is at x = 3, in the middle of the image."""
    front, rear = thing("cube", "red", (2.0, 3.0, 1.0), 2.0), thing("cube", "blue", (3.0, 5.0, 1.0), 0.8)
    seen = picture(front, rear)
    assert seen.visibility[1] == 0.5
    assert seen.boxes[1] == (100, 90, 110, 110)
    assert picture(rear, front).visibility[0] == 0.5


def test_a_thing_that_is_half_out_of_frame_is_half_visible():
    """A board 2 m away and 1 m wide, 50 pixels, around the left edge of the image at x = 1."""
    board = thing("cube", "red", (1.0, 2.501, 1.0), 1.0, size=(1.0, 0.002, 1.0))
    seen = picture(board)
    assert seen.boxes == ((0, 75, 25, 125),)
    assert seen.visibility == (0.5,)


def test_what_is_behind_the_camera_or_hidden_is_not_seen():
    wall, hidden = thing("cube", "red", (3.0, 3.0, 1.0), 2.0), thing("cube", "blue", (3.0, 5.0, 1.0), 0.4)
    behind = thing("table", "green", (3.0, -3.0, 1.0), 0.5)
    seen = picture(wall, hidden, behind)
    assert seen.boxes[1:] == (None, None)
    assert seen.visibility == (1.0, 0.0, 0.0)


@pytest.mark.parametrize("category", KINDS)
def test_every_kind_shows_its_colour_inside_the_block_around_it(category):
    kind = KINDS[category]
    size = tuple(high for _, high in (kind.length, kind.width or kind.length, kind.height or kind.length))
    placed = thing(category, "blue", (3.0, 4.5, size[2] / 2), 1.0, size=size, yaw=-math.pi / 2)
    seen, block = picture(placed), projected_box(placed, level_camera())
    (box,) = seen.boxes
    assert box is not None
    assert all(block[side] - 1 <= box[side] <= block[side + 2] + 1 for side in (0, 1))
    assert all(block[side - 2] - 1 <= box[side] <= block[side] + 1 for side in (2, 3))
    pixels = seen.rgb[seen.owner == 0].astype(int)
    assert len(pixels) > 150
    assert (pixels[:, 2] > pixels[:, 0] + 40).mean() > 0.25


def test_the_same_scene_at_twice_the_size_has_twice_the_boxes():
    for index in range(5):
        boxes = []
        for size in (64, 128):
            world, camera = draw_view(Dice("sizes", index), LAYOUTS["stage"], num_things=2, image_size=size)
            boxes.append(render(world, camera).boxes)
        for small, large in zip(*boxes, strict=True):
            assert np.array(large) == pytest.approx(2 * np.array(small), abs=3)
