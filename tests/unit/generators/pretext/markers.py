"""Reads the markers of a picture off its pixels: where the white discs are, and which digit each carries."""

from typing import Any

import numpy as np
from scipy import ndimage

from spatialrl.generators.pretext.glyphs import COLUMNS, DIGITS, ROWS


def read_markers(shown: np.ndarray, original: np.ndarray) -> dict[int, tuple[int, int]]:
    """Centre (x, y) by digit. A marker is a patch of pixels that are not those of the photograph."""
    changed = (shown != original).any(2)
    labels: Any = ndimage.label(changed, np.ones((3, 3)))
    patches = ndimage.find_objects(labels[0])
    found = {}
    for rows, columns in patches:
        centre = (columns.start + columns.stop - 1) // 2, (rows.start + rows.stop - 1) // 2
        found[_digit(shown[rows, columns])] = centre
    return found


def _digit(disc: np.ndarray) -> int:
    radius = len(disc) // 2
    rows, columns = np.mgrid[-radius : radius + 1, -radius : radius + 1]
    inside = (disc == 0).all(2) & (rows**2 + columns**2 <= (0.75 * radius) ** 2)
    ys, _ = np.nonzero(inside)
    square = (ys.max() - ys.min() + 1) // ROWS
    left = radius - COLUMNS * square // 2
    bits = [
        "".join(str(int(inside[ys.min() + row * square, left + column * square])) for column in range(COLUMNS))
        for row in range(ROWS)
    ]
    return int(next(digit for digit, rows_of in DIGITS.items() if rows_of.split() == bits))
