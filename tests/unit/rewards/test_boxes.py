"""Vectors measured on the original reward module, boxes in fractions of the image."""

import pytest

from spatialrl.rewards.boxes import iou, mapped_ciou, scaled

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


def test_scaling_divides_x_by_the_width_and_y_by_the_height():
    assert scaled((64, 48, 640, 480), width=640, height=480) == pytest.approx((0.1, 0.1, 1.0, 1.0))
