from spatialrl.dice import Dice
from spatialrl.generators.video_qa.choices import in_order, obj_appearance_order, object_rel_distance
from spatialrl.generators.video_qa.scene import cognitive_map
from spatialrl.types import MapCell
from tests.unit.generators.video_qa.layouts import scene, thing

SHOWN = tuple(place / 2 for place in range(16))


def test_the_closest_of_four_is_closer_by_a_clear_margin():
    """Gaps of 1.6, 2.6, 3.6 and 4.6 m from the lamp."""
    lamp, *others = (
        thing(name, x, 1.0) for name, x in zip(["lamp", "cup", "box", "bed", "tv"], (0, 2, 3, 4, 5), strict=True)
    )
    drafts = [d for d in object_rel_distance(scene(lamp, *others), Dice("a")) if "closest to the lamp" in d.question]
    assert {draft.answer for draft in drafts} == {"cup"}
    assert {frozenset(draft.options) for draft in drafts} == {frozenset(("cup", "box", "bed", "tv"))}
    close = scene(lamp, *others[1:], thing("cup", 3.2, 1.0))
    assert not [d for d in object_rel_distance(close, Dice("a")) if "closest to the lamp" in d.question]


def test_the_order_is_that_of_first_sight():
    things = [
        thing(name, 0, 0, glimpsed=s, clear=s + 0.5) for name, s in (("a", 3.0), ("b", 0.0), ("c", 5.0), ("d", 1.5))
    ]
    assert [each.name for each in in_order(things, SHOWN)] == ["b", "d", "a", "c"]


def test_what_is_glimpsed_before_the_one_before_it_is_clear_has_no_order():
    first = thing("a", 0, 0, glimpsed=0.0, clear=1.0)
    assert in_order([first, thing("b", 0, 0, glimpsed=1.0, clear=2.0)], SHOWN) == []
    assert in_order([first, thing("b", 0, 0, glimpsed=1.5, clear=2.0)], SHOWN)


def test_what_no_frame_tells_apart_has_no_order():
    """Clear after 1.1 s, glimpsed after 1.4 s, and no frame is seen between 1.0 and 1.5 s."""
    things = [thing("a", 0, 0, clear=1.1), thing("b", 0, 0, glimpsed=1.4, clear=2.0)]
    assert in_order(things, SHOWN) == []
    assert in_order(things, (0.0, 1.2, 2.4))


def test_the_options_of_an_order_are_four_and_hold_it():
    things = [thing(name, 0, 0, glimpsed=s, clear=s) for s, name in enumerate("wxyz")]
    (draft, *_) = obj_appearance_order(scene(*things), Dice("a"))
    assert draft.answer == "w, x, y, z"
    assert len(set(draft.options)) == 4
    assert draft.answer in draft.options


def test_a_map_is_ten_by_ten_over_the_floor():
    """The floor is 10 x 5 m: a cell is 1 x 0.5 m. What is at the far end is in cell 9."""
    things = thing("cup", 0.0, 0.0), thing("cup", 3.99, 2.6), thing("bed", 10.0, 5.0)
    assert cognitive_map(scene(*things)) == (
        MapCell(label="cup", column=0, row=0),
        MapCell(label="cup", column=3, row=5),
        MapCell(label="bed", column=9, row=9),
    )
