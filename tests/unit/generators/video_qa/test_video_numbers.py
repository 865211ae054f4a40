from spatialrl.dice import Dice
from spatialrl.generators.video_qa.numbers import (
    object_abs_distance,
    object_counting,
    object_size_estimation,
    room_size_estimation,
)
from tests.unit.generators.video_qa.layouts import scene, thing


def test_distances_are_in_metres_with_one_decimal_and_what_nearly_touches_is_left_out():
    one = scene(thing("cup", 1.0, 1.0), thing("bed", 4.0, 1.0), thing("box", 1.6, 1.0))
    found = {
        frozenset(d.question.partition("between the ")[2].partition(" (")[0].split(" and the ")): d
        for d in object_abs_distance(one, Dice("a"))
    }
    assert {tuple(sorted(pair)): (draft.answer, draft.unit) for pair, draft in found.items()} == {
        ("bed", "cup"): ("2.6", "m"),
        ("bed", "box"): ("2.0", "m"),
    }


def test_a_size_is_the_longest_side_in_centimetres():
    (draft,) = object_size_estimation(
        scene(thing("bed", 1.0, 1.0, side=1.234), thing("pin", 2, 2, side=0.05)), Dice("a")
    )
    assert (draft.answer, draft.unit) == ("123", "cm")


def test_a_room_has_square_metres_where_they_are_known():
    (draft,) = room_size_estimation(scene(), Dice("a"))
    assert (draft.answer, draft.unit) == ("50.0", "m2")
    assert room_size_estimation(scene(room_area=None), Dice("a")) == []


def test_what_is_counted_is_what_the_scene_counts():
    drafts = object_counting(scene(counts={"chair": 3, "bed": 1}), Dice("a"))
    assert [(draft.question, draft.answer) for draft in drafts] == [
        ("How many bed(s) are in this room?", "1"),
        ("How many chair(s) are in this room?", "3"),
    ]
