import math

import pytest

from spatialrl.data.importers.probe import FrameBudget
from spatialrl.data.importers.shelf import Shelf
from spatialrl.generators.spatial_3d.front_classes import FRONTED, has_front
from spatialrl.generators.spatial_3d.pseudo_truth import Trust, Unusable, read_scene
from spatialrl.rewards.parse import Axis
from spatialrl.rewards.process_truth import axis_vector, by_name, places
from tests.unit.generators.spatial_3d.truths import HEIGHT, detection, write_truth

TRUST = Trust(min_confidence=0.4, max_distance=15.0, fronted=FRONTED)


def read(tmp_path, *detections):
    path = write_truth(tmp_path, "one", *detections)
    shelf = Shelf(tmp_path, roots=[tmp_path], budget=FrameBudget())
    return read_scene(path, scene_id="one", shelf=shelf, trust=TRUST)


def told(tmp_path, *detections):
    return [drop.reason for drop in read(tmp_path, *detections)[1]]


def test_places_are_those_that_the_reward_compares_with(tmp_path):
    scene, dropped = read(
        tmp_path, detection("chair", (0.5, 0.4, 3.0), yaw_degrees=30), detection("cup", (-1.0, 0.8, 2.0))
    )
    assert not dropped
    assert scene.camera_height == HEIGHT
    true = places(scene.objects_3d)
    for thing in scene.things:
        assert true[thing.id] == pytest.approx(thing.place, abs=1e-4)
        assert by_name(scene.objects_3d)[thing.name] is thing.truth
    front = axis_vector(scene.things[0].truth, Axis("front", "chair"))
    assert front == pytest.approx((math.sin(math.radians(30)), 0.0, math.cos(math.radians(30))), abs=1e-4)


def test_boxes_are_in_pixels_of_the_file(tmp_path):
    """Twice those of the resized image."""
    scene, _ = read(tmp_path, detection("cup", (0.0, 0.8, 2.0)))
    assert scene.things[0].box == (290.0, 242.0, 350.0, 302.0)


CUP = (0.0, 0.8, 2.0)


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"confidence": 0.31}, "its confidence is 0.31"),
        ({"xyxy": [0, 100, 40, 140]}, "the edge of the image cuts it off"),
        ({"xyxy": [100, 100, 105, 140]}, "it is too small"),
        ({"pcd_cano_center": [0.0, 0.8, 20.0]}, "it is 20.0 m away, where depth is a guess"),
        ({"pcd_cano_axis_bbox": {"center": list(CUP), "extent": [9.0, 1.0, 1.0]}}, "its points are scattered"),
        ({"pcd_cano_axis_bbox": {}}, "it has no place in 3D"),
        ({"class_name": "cup on the left"}, "its name has the word 'left', which questions need for themselves"),
        ({"class_name": "c(u)p"}, "its name 'c(u)p' is not made of plain words"),
    ],
)
def test_an_estimate_that_something_speaks_against_is_dropped(tmp_path, fields, reason):
    assert told(tmp_path, detection("cup", CUP, **fields)) == [reason]


def test_what_a_nearer_thing_covers_is_dropped(tmp_path):
    """Half of the box of the far one, all of it by what is nearer."""
    far = detection("sofa", (0.0, 0.4, 5.0), xyxy=[100, 100, 140, 140])
    assert told(tmp_path, far, detection("man", (0.0, 0.9, 2.0), xyxy=[120, 80, 160, 160])) == [
        "nearer things cover 50 % of its box"
    ]
    assert told(tmp_path, far, detection("man", (0.0, 0.9, 9.0), xyxy=[120, 80, 160, 160])) != [
        "nearer things cover 50 % of its box"
    ]


def test_a_name_must_mean_one_thing_only(tmp_path):
    two = detection("chair", (1.0, 0.4, 3.0)), detection("chair", (-1.0, 0.4, 3.0))
    assert told(tmp_path, *two) == ["'chair' may mean another thing as well, 'chair'"] * 2
    office = detection("Office_chair", (1.0, 0.4, 3.0)), detection("chair", (-1.0, 0.4, 3.0))
    assert len(told(tmp_path, *office)) == 2


def test_a_thing_that_is_hardly_believed_still_makes_its_name_unclear(tmp_path):
    two = detection("cup", CUP), detection("cup", (1.0, 0.8, 2.0), confidence=0.1)
    assert told(tmp_path, *two) == ["'cup' may mean another thing as well, 'cup'", "its confidence is 0.10"]


@pytest.mark.parametrize(
    ("name", "fields"),
    [
        ("table", {}),
        ("chair", {"front": [0.0, 0.6, 0.8]}),
        ("chair", {"left": [-1.0, 0.0, 0.0]}),
        ("chair", {"pose_confidence": 0.2}),
    ],
)
def test_fronts_of_symmetric_things_and_crooked_ones_are_not_believed(tmp_path, name, fields):
    scene, _ = read(tmp_path, detection(name, (0.0, 0.4, 3.0), yaw_degrees=0, **fields))
    assert scene.things[0].yaw is None


def test_an_office_chair_has_the_front_of_a_chair():
    assert has_front("office chair")
    assert not has_front("chair leg")


def test_a_file_that_is_no_pseudo_truth_says_why(tmp_path):
    path = write_truth(tmp_path, "one", detection("cup", CUP))
    shelf = Shelf(tmp_path, roots=[tmp_path], budget=FrameBudget())
    for text, reason in (("{", "not 3D pseudo ground truth"), ("{}", "KeyError")):
        path.write_text(text)
        with pytest.raises(Unusable, match=reason):
            read_scene(path, scene_id="one", shelf=shelf, trust=TRUST)
    write_truth(tmp_path, "one", detection("cup", CUP))
    (tmp_path / "one.png").unlink()
    with pytest.raises(Unusable, match=r"one\.png does not exist"):
        read_scene(path, scene_id="one", shelf=Shelf(tmp_path, roots=[tmp_path], budget=FrameBudget()), trust=TRUST)
