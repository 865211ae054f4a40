import math

import pytest

from spatialrl.dice import Dice
from spatialrl.scenes.make import IMAGE_FAMILIES, VIDEO_FAMILIES
from spatialrl.scenes.questions import FAMILIES
from spatialrl.scenes.questions.tour import relative_direction
from spatialrl.scenes.truth import View, look
from spatialrl.scenes.world import World
from tests.unit.scenes.builders import ROOM, level_camera, picture, sighting, thing, view

DICE = Dice("questions")


def answers(family, *things):
    return {draft.question: draft.answer for draft in FAMILIES[family](view(*things), DICE)}


RED = thing("cube", "red", (2.0, 4.0, 0.4), 0.8)
BLUE = thing("cube", "blue", (4.0, 6.0, 0.4), 0.8)


def test_every_name_has_a_family_and_every_family_a_name():
    assert set(FAMILIES) == {*IMAGE_FAMILIES, *VIDEO_FAMILIES}


def test_relation_is_asked_both_ways_round():
    found = answers("relation", RED, BLUE)
    assert found["Is the red cube left of or right of the blue cube?"] == "left of"
    assert found["Is the blue cube left of or right of the red cube?"] == "right of"
    assert found["Is the red cube behind or in front of the blue cube?"] == "in front of"


def test_the_nearer_of_two_is_closer_to_the_camera():
    found = answers("relative_depth", RED, BLUE)
    assert set(found.values()) == {"the red cube"}
    assert len(found) == 2


def test_nothing_is_asked_about_things_that_share_a_name():
    twin = thing("cube", "red", (4.0, 6.0, 0.4), 0.8, number=2)
    assert answers("relation", RED, twin) == {}
    assert answers("counting", RED, twin)["How many red objects are in the image?"] == "2"


def test_nothing_is_asked_about_a_thing_that_is_mostly_hidden():
    wall = thing("cube", "blue", (3.15, 3.0, 0.8), 1.6)
    assert answers("relation", RED, wall) == {}
    assert answers("existence", RED, wall) == {}


def test_position_is_a_third_and_a_quarter_of_the_image():
    """At 3.5 m depth, 1 m left of the middle and 0.6 m below the camera: x = 71 of 200, too close to a third."""
    left = thing("cube", "red", (1.0, 4.0, 0.3), 0.6)
    found = answers("position", left)
    assert found["In which third of the image is the red cube?"] == "left"
    assert found["In which quarter of the image is the red cube?"] == "bottom left"
    assert answers("position", thing("cube", "red", (2.0, 4.0, 0.3), 0.6)).keys() == {
        "In which quarter of the image is the red cube?"
    }


def test_size_is_the_height_in_centimetres():
    assert answers("size", thing("lamp", "red", (3.0, 5.0, 0.6), 0.4, size=(0.4, 0.4, 1.2))) == {
        "How tall is the red lamp in centimeters?": "120"
    }


def test_distance_is_between_closest_points():
    """Two metres in x and two in y between centres, 0.4 m of cube on either side: 1.2 * sqrt(2)."""
    assert list(answers("distance", RED, BLUE).values()) == ["1.7"]


def test_existence_is_asked_of_what_is_there_and_of_what_is_not():
    found = answers("existence", RED, BLUE)
    assert found["Is there a red cube in the image?"] == "yes"
    assert set(found.values()) == {"yes", "no"}


@pytest.mark.parametrize(
    ("yaw", "facing"),
    [
        (math.pi / 2, "away from the camera"),
        (math.pi, "to the left"),
        (-math.pi / 2, "towards the camera"),
        (0.0, "to the right"),
    ],
)
def test_orientation_is_seen_from_the_camera(yaw, facing):
    chair = thing("chair", "red", (3.0, 4.0, 0.45), 0.5, size=(0.5, 0.5, 0.9), yaw=yaw)
    assert list(answers("orientation", chair).values()) == [facing]


def test_a_front_between_two_directions_is_not_asked_about():
    chair = thing("chair", "red", (3.0, 4.0, 0.45), 0.5, size=(0.5, 0.5, 0.9), yaw=math.pi / 4)
    assert answers("orientation", chair) == {}


def test_a_thing_on_a_table_is_on_it_and_one_beside_it_is_not():
    table = thing("table", "red", (3.0, 5.0, 0.4), 0.8)
    cup = thing("cylinder", "blue", (3.0, 5.0, 1.05), 0.5, holder=table.id)
    other = thing("cylinder", "green", (4.5, 5.0, 0.25), 0.5)
    found = answers("relation", table, cup, other)
    assert found["Is the blue cylinder on the red table?"] == "yes"
    assert found["Is the green cylinder on the red table?"] == "no"


def tour(*sightings):
    return View(room=ROOM, width=100, height=100, sightings=sightings, objects_3d=tuple(s.truth for s in sightings))


def test_direction_is_that_of_somebody_who_stands_at_one_thing_and_faces_another():
    """At the origin facing +y: (-2, 1) is 63 degrees to the left, (2, -2) is 135 degrees to the right."""
    box = (40, 40, 60, 60)
    here, ahead = sighting("red cube", box, 1, centre=(0, 0, 0.2)), sighting("blue cube", box, 1, centre=(0, 2, 0.2))
    left, back = sighting("red lamp", box, 1, centre=(-2, 1, 0.2)), sighting("blue lamp", box, 1, centre=(1, -2, 0.2))
    found = {d.question: d.answer for d in relative_direction(tour(here, ahead, left, back), DICE)}
    start = "If I stand by the red cube and face the blue cube, is the"
    assert found[f"{start} red lamp to my left or to my right?"] == "left"
    assert found[f"{start} blue lamp to my left, to my right or at my back?"] == "back"
    assert found[f"{start} red lamp to my front left, front right, back left or back right?"] == "front left"


def test_order_of_appearance_is_asked_where_things_appear_one_after_another():
    box = (40, 40, 60, 60)
    things = [sighting(name, box, 1) for name in ("red cube", "blue cube", "red lamp")]
    for frames, expected in (((6, 0, 3), "blue cube, red lamp, red cube"), ((6, 0, 1), None)):
        seen = [type(s)(**{**vars(s), "first_frame": f}) for s, f in zip(things, frames, strict=True)]
        drafts = FAMILIES["appearance_order"](tour(*seen), DICE)
        assert [draft.answer for draft in drafts] == ([expected] if expected else [])
        assert all(len(set(draft.options)) == 4 for draft in drafts)


def test_a_video_count_needs_everything_to_have_been_shown():
    cube = sighting("red cube", (40, 40, 60, 60), 1)
    unseen = sighting("red lamp", (40, 40, 60, 60), 1).truth
    whole = tour(cube)
    assert FAMILIES["video_counting"](whole, DICE)
    partly = View(room=ROOM, width=100, height=100, sightings=(cube,), objects_3d=(cube.truth, unseen))
    assert FAMILIES["video_counting"](partly, DICE) == []


def test_room_size_is_the_area_of_the_floor():
    (draft,) = FAMILIES["room_size"](tour(), DICE)
    assert (draft.answer, draft.unit) == ("48.0", "m2")


def test_the_cognitive_map_has_a_cell_per_clear_thing():
    """6 x 8 m on 10 x 10 cells: (2, 4) is in column 3 and row 5."""
    (cell,) = view(RED).cognitive_map
    assert (cell.label, cell.column, cell.row) == ("red cube", 3, 5)


def test_the_truth_is_in_world_and_in_camera_coordinates():
    chair = thing("chair", "red", (3.5, 4.5, 0.5), 1.0, yaw=math.pi)
    world = World(room=ROOM, things=(chair,))
    (truth,) = look(world, level_camera(), picture(chair)).objects_3d
    assert truth.centre_world == (3.5, 4.5, 0.5)
    assert truth.centre_camera == (0.5, 0.5, 4.0)
    assert truth.yaw_camera == pytest.approx(math.pi / 2, abs=1e-4)
