import math

import pytest

from spatialrl.data.importers.probe import FrameBudget
from spatialrl.data.importers.shelf import Shelf
from spatialrl.errors import DataError
from spatialrl.generators.video_qa.meta_info import Unusable, read_infos, read_scene
from tests.unit.generators.video_qa.layouts import box, info, write_infos, write_scan

NAME = "scene0000_00"


def read(tmp_path, known):
    write_scan(tmp_path / "scannet", NAME, 90)
    path = tmp_path / f"{len(list(tmp_path.glob('*.json')))}.json"
    write_infos(path, {NAME: known})
    shelf = Shelf(tmp_path, roots=[tmp_path], budget=FrameBudget())
    return read_scene(path, NAME, scene_id=NAME, shelf=shelf)


def test_boxes_become_things_and_single_ones_can_be_named(tmp_path):
    scene, dropped = read(tmp_path, info({"Office_chair": [box(1, 1), box(3, 1)], "bed": [box(5, 3, side=2)]}))
    assert dropped == []
    assert [thing.name for thing in scene.things] == ["office chair", "office chair", "bed"]
    assert [thing.name for thing in scene.single] == ["bed"]
    assert scene.counts == {"office chair": 2, "bed": 1}
    assert scene.floor == ((0.8, 0.8), (6.0, 4.0))
    assert scene.room_area == 24.0
    assert scene.media.path == str(tmp_path / "scannet" / f"{NAME}.mp4")
    assert scene.shown_s == (0.0, pytest.approx(0.625), pytest.approx(1.25), pytest.approx(1.875))


def slanted(axes, low, high):
    return {"centroid": [0, 0, 0.5], "axesLengths": [2, 1, 1], "normalizedAxes": axes, "min": low, "max": high}


@pytest.mark.parametrize(
    ("axes", "yaw"),
    [
        ([0.6, 0.8, 0, -0.8, 0.6, 0, 0, 0, 1], math.atan2(0.8, 0.6)),
        ([0.6, 0.8, 0, 0.8, -0.6, 0, 0, 0, 1], math.atan2(0.8, 0.6)),
    ],
)
def test_turned_boxes_stay_turned(tmp_path, axes, yaw):
    """Corners at +-0.6 +-0.4 and +-0.8 +-0.3."""
    scene, _ = read(tmp_path, info({"bed": [slanted(axes, [-1.0, -1.1, 0], [1.0, 1.1, 1])]}))
    assert scene.single[0].block.footprint.yaw == pytest.approx(yaw, abs=1e-5)


def test_a_turned_box_that_misses_its_limits_is_taken_along_the_axes(tmp_path):
    rows = [0.6, 0.8, 0, -0.8, 0.6, 0, 0, 0, 1]
    scene, _ = read(tmp_path, info({"bed": [slanted(rows, [-1.0, -0.5, 0], [1.0, 0.5, 1])]}))
    footprint = scene.single[0].block.footprint
    assert (footprint.yaw, footprint.length, footprint.width) == (0, 2, 1)


@pytest.mark.parametrize(
    ("category", "boxes", "counts", "reason"),
    [
        ("wall", [box(1, 1)], {}, "it is no thing that can be named"),
        ("chair", [box(1, 1)], {"chair": 3}, "there are 3 of it, with 1 boxes"),
        ("book", [box(1, 1)] * 16, {}, "there are 16 of it"),
        ("rug", [box(1, 1, side=7)], {}, "a box of it is too small or too large to be one thing"),
    ],
)
def test_categories_that_can_not_be_asked_about_are_told(tmp_path, category, boxes, counts, reason):
    known = info({category: boxes, "bed": [box(4, 4)]})
    known["object_counts"] |= counts
    scene, dropped = read(tmp_path, known)
    assert dropped == [(category, reason)]
    assert [thing.name for thing in scene.things] == ["bed"]


def test_first_sight_is_read_where_it_is_known(tmp_path):
    scene, _ = read(tmp_path, info({"bed": [box(4, 4)], "cup": [box(1, 1)]}, first_seen={"bed": [1, 1.5], "cup": 3}))
    sights = {thing.name: thing.sight and (thing.sight.glimpsed_s, thing.sight.clear_s) for thing in scene.things}
    assert sights == {"bed": (1.0, 1.5), "cup": (3.0, 3.0)}


@pytest.mark.parametrize(
    ("known", "reason"),
    [
        ({}, "no meta-info: KeyError 'object_bbox'"),
        (info({}), "it has no boxes"),
        (info({"bed": [{"centroid": [0, 0, 0]}]}), "neither min and max nor three upright axes"),
        (info({"bed": [box(1, 1)]}, dataset="elsewhere", video_path="gone.mp4"), r"gone\.mp4 does not exist"),
    ],
)
def test_a_scene_that_is_of_no_use_says_why(tmp_path, known, reason):
    with pytest.raises(Unusable, match=reason):
        read(tmp_path, known)


def test_a_file_that_is_no_meta_info_is_an_error(tmp_path):
    for text, reason in (("{", "can't be read as JSON"), ("3", "is no meta-info"), ('{"a": 1}', "is no meta-info")):
        (tmp_path / "bad.json").write_text(text)
        with pytest.raises(DataError, match=reason):
            read_infos(tmp_path / "bad.json")
    (tmp_path / "list.json").write_text('[{"scene_name": "a"}]')
    assert list(read_infos(tmp_path / "list.json")) == ["a"]
