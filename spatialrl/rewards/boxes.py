"""Overlap of boxes. Every function takes arrays of shape (..., 4), x1 y1 x2 y2, that broadcast against each other, so
that one expression measures one pair or all pairs of a thousand scenes. Pure and without opinions: reversed, empty and
huge boxes give what the formula gives, NaN and infinities where it gives no number.
"""

import math

import numpy as np
from numpy.typing import ArrayLike

EPS = 1e-7

Sides = tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]


def iou(a: ArrayLike, b: ArrayLike) -> np.ndarray:
    """Intersection over union, 0 to 1 for ordered boxes. Sides of a reversed box count negative."""
    with np.errstate(all="ignore"):
        return _iou(_sides(a), _sides(b))


def ciou(a: ArrayLike, b: ArrayLike) -> np.ndarray:
    """Complete IoU (Zheng et al. 2020, arXiv:1911.08287): IoU - distance^2 / diagonal^2 - alpha * v. Higher is better.

    `distance` is between the centres, `diagonal` that of the enclosing box, `v` in [0, 1] the difference of the aspect
    ratios. Ordered boxes lie in about (-1.5, 1]. The enclosing box of reversed boxes can be tiny: no lower bound.
    """
    with np.errstate(all="ignore"):
        first, second = _sides(a), _sides(b)
        overlap = _iou(first, second)
        aspect = 4 / math.pi**2 * _square(_angle(second) - _angle(first))
        denominator = (1 - overlap) + aspect
        alpha = aspect / np.where(denominator == 0, 1.0, denominator)
        return overlap - (_centre_distance2(first, second) / _enclosing_diagonal2(first, second) + alpha * aspect)


def mapped_ciou(a: ArrayLike, b: ArrayLike) -> np.ndarray:
    """CIoU moved to (CIoU + 1) / 2: 1 for equal boxes, not clamped below."""
    return (ciou(a, b) + 1) / 2


def all_pairs(a: np.ndarray, b: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Views of (..., N, 4) and (..., M, 4) that broadcast to every pair: (..., N, M)."""
    return a[..., :, None, :], b[..., None, :, :]


def in_fractions(boxes: ArrayLike, size: ArrayLike) -> np.ndarray:
    """Boxes (..., N, 4) as shares of the frames' width and height, `size` (..., 2).

    Raises OverflowError where an integer is too large for a float.
    """
    scale = 1 / np.asarray(size, dtype=np.float64)
    return np.asarray(boxes, dtype=np.float64) * np.concatenate([scale, scale], axis=-1)[..., None, :]


def _sides(boxes: ArrayLike) -> Sides:
    table = np.asarray(boxes, dtype=np.float64)
    return table[..., 0], table[..., 1], table[..., 2], table[..., 3]


def _iou(a: Sides, b: Sides) -> np.ndarray:
    width = np.maximum(0.0, np.minimum(a[2], b[2]) - np.maximum(a[0], b[0]))
    height = np.maximum(0.0, np.minimum(a[3], b[3]) - np.maximum(a[1], b[1]))
    intersection = width * height
    return intersection / (_area(a) + _area(b) - intersection + EPS)


def _area(box: Sides) -> np.ndarray:
    return (box[2] - box[0]) * (box[3] - box[1])


def _angle(box: Sides) -> np.ndarray:
    return np.arctan((box[2] - box[0]) / (box[3] - box[1] + EPS))


def _centre_distance2(a: Sides, b: Sides) -> np.ndarray:
    x = (a[0] + a[2]) / 2 - (b[0] + b[2]) / 2
    y = (a[1] + a[3]) / 2 - (b[1] + b[3]) / 2
    return _square(x) + _square(y)


def _enclosing_diagonal2(a: Sides, b: Sides) -> np.ndarray:
    width = np.maximum(a[2], b[2]) - np.minimum(a[0], b[0])
    height = np.maximum(a[3], b[3]) - np.minimum(a[1], b[1])
    return _square(width) + _square(height) + EPS


def _square(x: np.ndarray) -> np.ndarray:
    return x * x
