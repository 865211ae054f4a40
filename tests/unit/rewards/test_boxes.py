"""Vectors measured on the original reward module, boxes in fractions of the image."""

import math

import numpy as np
import pytest

from spatialrl.rewards.boxes import all_pairs, ciou, in_fractions, iou, mapped_ciou

UNIT = (0.0, 0.0, 1.0, 1.0)
CORNER = (0.0, 0.0, 0.5, 0.5)
LOWER = (0.2, 0.2, 0.5, 0.5)

VECTORS = {
    "identical": (UNIT, UNIT, 1.0, 0.99999995),
    "touching at a corner": (CORNER, (0.5, 0.5, 1.0, 1.0), 0.0, 0.375000006),
    "a quarter shared": (CORNER, (0.25, 0.25, 0.75, 0.75), 0.142857, 0.515873004),
    "lying against standing": ((0.1, 0.1, 0.3, 0.2), (0.1, 0.1, 0.2, 0.3), 0.333333, 0.618540357),
    "opposite corners": ((0.0, 0.0, 0.1, 0.1), (0.9, 0.9, 1.0, 1.0), 0.0, 0.095000020),
    "small inside full": (UNIT, (0.4, 0.4, 0.6, 0.6), 0.04, 0.519999998),
    "reversed in x": ((0.5, 0.2, 0.2, 0.5), LOWER, 0.0, 0.250000159),
    "no area": ((0.0, 0.0, 0.0, 0.0), LOWER, 0.0, 0.230000068),
    "thin against thin": ((0.0, 0.0, 0.01, 1e-5), (0.99, 0.99, 0.99001, 1.0), 0.0, -0.244024),
    "reversed in both, against tiny": ((1.0, 1.0, 0.0, 0.0), (0.0, 0.0, 1 / 640, 1 / 480), 0.0, -36195.49),
}


@pytest.mark.parametrize(("a", "b", "overlap", "closeness"), VECTORS.values(), ids=VECTORS.keys())
def test_boxes_give_the_numbers_of_the_original(a, b, overlap, closeness):
    assert iou(a, b) == pytest.approx(overlap, abs=2e-6)
    assert mapped_ciou(a, b) == pytest.approx(closeness, rel=1e-6, abs=1e-9)


@pytest.mark.parametrize(("a", "b", "overlap", "closeness"), VECTORS.values(), ids=VECTORS.keys())
def test_overlap_does_not_depend_on_the_order_of_the_boxes(a, b, overlap, closeness):
    assert iou(a, b) == iou(b, a)
    assert mapped_ciou(a, b) == mapped_ciou(b, a)


def scalar_ciou(a, b, eps=1e-7):
    """The formula once more, for one pair, in plain Python."""
    inner = max(0.0, min(a[2], b[2]) - max(a[0], b[0])) * max(0.0, min(a[3], b[3]) - max(a[1], b[1]))
    areas = (a[2] - a[0]) * (a[3] - a[1]) + (b[2] - b[0]) * (b[3] - b[1])
    overlap = inner / (areas - inner + eps)
    distance2 = ((a[0] + a[2] - b[0] - b[2]) / 2) ** 2 + ((a[1] + a[3] - b[1] - b[3]) / 2) ** 2
    diagonal2 = (max(a[2], b[2]) - min(a[0], b[0])) ** 2 + (max(a[3], b[3]) - min(a[1], b[1])) ** 2 + eps
    angles = [math.atan((box[2] - box[0]) / (box[3] - box[1] + eps)) for box in (a, b)]
    aspect = 4 / math.pi**2 * (angles[1] - angles[0]) ** 2
    weight = aspect / (1 - overlap + aspect) if 1 - overlap + aspect else 0.0
    return overlap - (distance2 / diagonal2 + weight * aspect)


def test_all_pairs_at_once_give_what_each_pair_gives():
    rng = np.random.default_rng(0)
    a, b = rng.uniform(-0.2, 1.2, (3, 6, 4)), rng.uniform(0, 1, (3, 5, 4))
    a[0, 0] = b[0, 0]
    table = ciou(*all_pairs(a, b))
    assert table.shape == (3, 6, 5)
    for scene, row, column in np.ndindex(table.shape):
        expected = scalar_ciou(a[scene, row].tolist(), b[scene, column].tolist())
        assert table[scene, row, column] == pytest.approx(expected, rel=1e-12, abs=1e-12)


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("side", [math.nan, math.inf, -math.inf, 1e308])
def test_what_the_formula_has_no_number_for_is_not_finite(side):
    assert not np.isfinite(ciou((0.0, 0.0, side, 1.0), UNIT))


def test_no_overlap_of_boxes_without_area_is_divided_by_zero():
    assert iou((0.3, 0.3, 0.3, 0.3), (0.3, 0.3, 0.3, 0.3)) == 0


def test_fractions_divide_x_by_the_width_and_y_by_the_height():
    assert in_fractions([(64, 48, 640, 480)], (640, 480))[0] == pytest.approx((0.1, 0.1, 1.0, 1.0))
    two_scenes = in_fractions([[(64, 48, 640, 480)], [(64, 48, 640, 480)]], [(640, 480), (6400, 4800)])
    assert two_scenes[1, 0] == pytest.approx((0.01, 0.01, 0.1, 0.1))


def test_integers_beyond_floats_are_refused():
    with pytest.raises(OverflowError):
        in_fractions([(0, 0, 1, 10**400)], (640, 480))
