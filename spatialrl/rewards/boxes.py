"""Overlap of two boxes. Pure and without opinions: reversed, empty and huge boxes give what the formula gives."""

import math

from spatialrl.types import Box

EPS = 1e-7


def iou(a: Box, b: Box) -> float:
    """Intersection over union, 0 to 1 for ordered boxes. Sides of a reversed box count negative."""
    width = max(0.0, min(a[2], b[2]) - max(a[0], b[0]))
    height = max(0.0, min(a[3], b[3]) - max(a[1], b[1]))
    intersection = width * height
    return intersection / (_area(a) + _area(b) - intersection + EPS)


def ciou(a: Box, b: Box) -> float:
    """Complete IoU (Zheng et al. 2020, arXiv:1911.08287): IoU - distance^2 / diagonal^2 - alpha * v. Higher is better.

    `distance` is between the centres, `diagonal` that of the enclosing box, `v` in [0, 1] the difference of the aspect
    ratios. Ordered boxes lie in about (-1.5, 1]. The enclosing box of reversed boxes can be tiny: no lower bound.
    """
    overlap = iou(a, b)
    aspect = 4 / math.pi**2 * _square(_angle(b) - _angle(a))
    denominator = (1 - overlap) + aspect
    alpha = aspect / denominator if denominator else 0.0
    return overlap - (_centre_distance2(a, b) / _enclosing_diagonal2(a, b) + alpha * aspect)


def mapped_ciou(a: Box, b: Box) -> float:
    """CIoU moved to (CIoU + 1) / 2: 1 for equal boxes, not clamped below."""
    return (ciou(a, b) + 1) / 2


def scaled(box: Box, *, width: float, height: float) -> Box:
    """In fractions of the frame."""
    x, y = 1 / width, 1 / height
    return (box[0] * x, box[1] * y, box[2] * x, box[3] * y)


def _area(box: Box) -> float:
    return (box[2] - box[0]) * (box[3] - box[1])


def _angle(box: Box) -> float:
    return math.atan((box[2] - box[0]) / (box[3] - box[1] + EPS))


def _centre_distance2(a: Box, b: Box) -> float:
    x = (a[0] + a[2]) / 2 - (b[0] + b[2]) / 2
    y = (a[1] + a[3]) / 2 - (b[1] + b[3]) / 2
    return _square(x) + _square(y)


def _enclosing_diagonal2(a: Box, b: Box) -> float:
    width = max(a[2], b[2]) - min(a[0], b[0])
    height = max(a[3], b[3]) - min(a[1], b[1])
    return _square(width) + _square(height) + EPS


def _square(x: float) -> float:
    return x * x
