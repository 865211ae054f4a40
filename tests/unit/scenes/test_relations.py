"""Images of 100 x 100: the margins are 10 pixels."""

from spatialrl.scenes.relations import gap, relations
from tests.unit.scenes.builders import sighting, thing


def at(x, y=50, depth=3.0, name="red cube", **fields):
    """A box of 10 x 10 around a pixel."""
    return sighting(name, (x - 5, y - 5, x + 5, y + 5), depth, **fields)


def test_boxes_further_apart_than_a_tenth_of_the_image_are_left_and_right():
    assert relations(at(40), at(51)) == ("left of",)
    assert relations(at(51), at(40)) == ("right of",)


def test_boxes_a_tenth_of_the_image_apart_or_less_have_no_side():
    assert relations(at(40), at(50)) == ()


def test_boxes_that_share_much_of_their_columns_have_no_side():
    wide = sighting("red table", (0, 40, 80, 60), 3.0)
    assert relations(wide, at(60)) == ()


def test_depths_further_apart_than_thirty_centimetres_are_front_and_behind():
    here, elsewhere = at(40, depth=2.0), {"name": "blue cube", "centre": (0.0, 0.0, 0.0)}
    assert relations(here, at(40, depth=2.31, **elsewhere)) == ("in front of",)
    assert relations(at(40, depth=2.31, **elsewhere), here) == ("behind",)
    assert relations(here, at(40, depth=2.29, **elsewhere)) == ()


def test_above_needs_height_in_the_room_and_in_the_image():
    high, low = at(40, y=30, centre=(0.0, 3.0, 1.5)), at(40, y=50, centre=(9.0, 3.0, 0.25))
    assert relations(high, low) == ("above",)
    assert relations(low, high) == ("below",)
    merely_further_up_the_image = at(40, y=30, centre=(0.0, 3.0, 0.25))
    assert relations(merely_further_up_the_image, low) == ()


def test_what_stands_on_a_table_is_on_it_and_nothing_else():
    table = sighting("red table", (30, 40, 70, 80), 3.0)
    cup = at(50, depth=2.0, name="blue cylinder", holder=table.id)
    assert relations(cup, table) == ("on",)
    assert relations(table, cup) == ("below",)


def test_what_lies_in_a_box_is_inside():
    box = sighting("red box", (30, 40, 70, 80), 3.0)
    ball = at(50, name="blue sphere", holder=box.id)
    assert relations(ball, box) == ("inside",)


def test_blocks_closer_than_forty_centimetres_are_near():
    here = at(40, centre=(0.0, 3.0, 0.25))
    assert relations(here, at(40, centre=(0.89, 3.0, 0.25), name="blue cube")) == ("near",)
    assert relations(here, at(40, centre=(0.91, 3.0, 0.25), name="blue cube")) == ()


def test_the_gap_between_blocks_counts_height():
    """0.3 m across and 0.4 m up make 0.5 m."""
    low, high = thing("cube", "red", (0.0, 0.0, 0.5), 1.0), thing("cube", "blue", (1.3, 0.0, 1.9), 1.0)
    assert abs(gap(low, high) - 0.5) < 1e-9
