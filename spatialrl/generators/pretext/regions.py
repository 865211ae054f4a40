"""Square regions of a depth map that have one depth: what can be asked about without ambiguity.

Depth is measured in shares of the picture's own range, from its 0.5 to its 99.5 percentile, so that an outlier does not
squash it; what lies outside counts as unknown. Lengths in the picture are shares of its shorter side.
"""

from dataclasses import dataclass

import numpy as np

from spatialrl.dice import Dice
from spatialrl.generators.pretext.question import Unfit

PERCENTILES = (0.5, 99.5)
SAMPLE_STEP = 5
"""Percentiles are taken of every fifth pixel of every fifth row."""
LEAST_RANGE = 0.05
"""Of the farthest depth: a wall seen from the front has no order."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Regions:
    """N squares that do not overlap, each with one depth."""

    x_N: np.ndarray
    """Centres in pixels."""
    y_N: np.ndarray
    low_N: np.ndarray
    """Least and greatest depth inside, in shares of the range."""
    high_N: np.ndarray
    centre_N: np.ndarray
    side: int

    def __len__(self) -> int:
        return len(self.x_N)

    def only(self, chosen: np.ndarray) -> "Regions":
        """By indices or by a mask."""
        arrays = {name: getattr(self, name)[chosen] for name in ("x_N", "y_N", "low_N", "high_N", "centre_N")}
        return Regions(side=self.side, **arrays)


def shares_of_range(depth: np.ndarray) -> np.ndarray:
    sample = depth[::SAMPLE_STEP, ::SAMPLE_STEP]
    sample = sample[np.isfinite(sample)]
    if not len(sample):
        raise Unfit("its depth is known almost nowhere")
    low, high = np.percentile(sample, PERCENTILES)
    if high - low < LEAST_RANGE * high:
        raise Unfit("everything in it is about equally far")
    shares = depth - np.float32(low)
    shares *= np.float32(1 / (high - low))
    shares[(shares < 0) | (shares > 1)] = np.nan
    return shares


def find_regions(shares: np.ndarray, dice: Dice, *, side: int, max_range: float, least_known: float) -> Regions:
    """Squares of a grid laid at random whose depths differ by less than `max_range`, and are known for such a share."""
    top, left = dice.below(side), dice.below(side)
    rows, columns = (shares.shape[0] - top) // side, (shares.shape[1] - left) // side
    area = shares[top : top + rows * side, left : left + columns * side]
    low, high = _blocks(area, side, np.fmin), _blocks(area, side, np.fmax)
    num_known = _blocks(np.isfinite(area).astype(np.int16), side, np.add)
    centre = area[side // 2 :: side, side // 2 :: side]
    fits = (num_known >= least_known * side * side) & (high - low <= max_range) & np.isfinite(centre)
    row, column = np.nonzero(fits)
    return Regions(
        x_N=left + column * side + side // 2,
        y_N=top + row * side + side // 2,
        low_N=low[fits],
        high_N=high[fits],
        centre_N=centre[fits],
        side=side,
    )


def odd_side(shorter: int, share: float, least: int) -> int:
    """So that a region has a centre pixel."""
    side = max(least, round(shorter * share))
    return side if side % 2 else side + 1


def _blocks(area: np.ndarray, side: int, combine: np.ufunc) -> np.ndarray:
    """One value for each square; rows go first, since they lie together in memory."""
    height, width = area.shape
    by_rows = combine.reduce(area.reshape(height // side, side, width), axis=1)
    return combine.reduce(by_rows.reshape(height // side, width // side, side), axis=2)
