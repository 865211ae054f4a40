from itertools import permutations

import pytest

from spatialrl.generators.pretext.answers import direction, nearest_first, reading_order

SIGNS = {
    # facing: to the right of the picture, to its left, deeper, nearer
    "left": ("Back", "Front", "Right", "Left"),
    "right": ("Front", "Back", "Left", "Right"),
    "toward me": ("Left", "Right", "Back", "Front"),
    "away from me": ("Right", "Left", "Front", "Back"),
}
ONE_WAY = ((1, 0), (-1, 0), (0, 1), (0, -1))


@pytest.mark.parametrize("facing", SIGNS)
def test_somebody_in_the_picture_turns_its_directions(facing: str):
    assert tuple(direction(facing, *signs) for signs in ONE_WAY) == SIGNS[facing]


def test_of_two_words_the_sideways_one_comes_first():
    assert [direction("away from me", *signs) for signs in ((-1, 1), (1, 1), (1, -1), (-1, -1))] == [
        "Left-Front",
        "Right-Front",
        "Right-Back",
        "Left-Back",
    ]
    assert direction("left", 0.5, -2.0) == "Left-Back"


def test_how_far_it_is_does_not_matter():
    assert direction("right", 0.001, 1000) == direction("right", 7, 0.5) == "Left-Front"


def test_the_reading_order_names_the_patch_of_each_place():
    assert reading_order([2, 0, 3, 1]) == "1-3-0-2"
    assert reading_order([0, 1, 2]) == "0-1-2"


def test_patches_laid_out_in_the_reading_order_give_the_picture():
    for permutation in permutations(range(4)):
        patches = [int(label) for label in reading_order(permutation).split("-")]
        assert [permutation[patch] for patch in patches] == [0, 1, 2, 3]


def test_markers_are_named_nearest_first():
    assert nearest_first([2, 3, 1]) == "3-1-2"
    assert nearest_first([1, 2, 3]) == "1-2-3"
