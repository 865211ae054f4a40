import pytest

from spatialrl.rewards.masks import contains, read_mask

SQUARE = "[10, 10, 20, 20]"
TRIANGLE = "[[0, 0], [10, 0], [0, 10]]"
RUNS = '{"size": [2, 3], "counts": [1, 2, 3]}'
"""Of three columns of two pixels: the lower one of the first and the upper one of the second."""


@pytest.mark.parametrize(
    ("mask", "point", "inside"),
    [
        (SQUARE, (15, 15), True),
        (SQUARE, (15, 25), False),
        (SQUARE, (5, 15), False),
        (TRIANGLE, (2, 2), True),
        (TRIANGLE, (8, 8), False),
        (RUNS, (0.5, 1.5), True),
        (RUNS, (1.5, 0.5), True),
        (RUNS, (0.5, 0.5), False),
        (RUNS, (1.5, 1.5), False),
        (RUNS, (2.5, 1.5), False),
        (RUNS, (-1, 0), False),
        (RUNS, (3, 0), False),
    ],
)
def test_a_point_is_inside_or_not(mask, point, inside):
    found = read_mask(mask)
    assert found is not None
    assert contains(found, point) is inside


def test_a_ring_has_a_hole():
    ring = read_mask("[[0,0],[9,0],[9,9],[0,9],[0,0],[3,3],[3,6],[6,6],[6,3],[3,3]]")
    assert ring is not None
    assert contains(ring, (1, 1))
    assert not contains(ring, (4, 4))


NO_SHAPES = ["", "left", "5", "[1, 2]", "[[1, 2], [3, 4]]", "{}", '{"size": 3, "counts": []}', "[1, 2, 3, null]"]
NOT_FINITE = ["[0, 0, NaN, 9]", "[0, 0, 1e999, 9]", '{"size": [2, 2], "counts": [1e999]}', "[" * 3000]


@pytest.mark.parametrize("text", NO_SHAPES + NOT_FINITE)
def test_another_answer_is_no_mask(text):
    assert read_mask(text) is None
