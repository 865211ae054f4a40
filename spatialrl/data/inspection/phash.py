"""Is this the same picture? A perceptual hash of 64 bits finds candidates, a small grey copy confirms them. Pure.

The hash: grey, 32 x 32 by triangle filter, two-dimensional DCT-II, c(u, v) = sum over y, x of
g(y, x) cos(pi u (2y + 1) / 64) cos(pi v (2x + 1) / 64). Of the 64 lowest frequencies in order of u + v, the mean left out,
each gives one bit: larger than their median or not. Brightness and contrast change no bit; saving as JPEG or another size
changes few. The copy: 16 x 16 means, less their mean, by their standard deviation, in steps of 1/32.
"""

from dataclasses import dataclass

import numpy as np
from PIL import Image

SIDE, COPY_SIDE, NUM_BITS = 32, 16, 64
PLAIN = 2.0
"""Grey levels of standard deviation. A picture with less shows nothing by which it could be told from another."""
MOST_BITS = 7
"""Two hashes of one picture differ in no more."""
STEPS = 32
MOST_DIFFERENCE = round(0.6 * STEPS)
"""Of any place of two copies of one picture, in steps: 0.6 standard deviations. A quarter of the size at JPEG quality 40
moves a place by 0.3, an object that stands elsewhere by 1.8 and more."""

FREQUENCIES = sorted(((u, v) for u in range(11) for v in range(11) if 0 < u + v <= 10), key=lambda f: (sum(f), f))
ROWS, COLUMNS = np.array(FREQUENCIES[:NUM_BITS]).T
WAVES = np.cos(np.pi * np.arange(11)[:, None] * (2 * np.arange(SIDE) + 1) / (2 * SIDE))


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    hash: int
    copy: bytes
    """16 x 16 signed bytes."""


def signature(image: Image.Image) -> Signature | None:
    """None of a picture that is plain."""
    small = image.convert("L").resize((SIDE, SIDE), Image.Resampling.BILINEAR, reducing_gap=3.0)
    grey = np.asarray(small, np.float64)
    if grey.std() < PLAIN:
        return None
    waves = (WAVES @ grey @ WAVES.T)[ROWS, COLUMNS]
    bits = np.packbits(waves > np.median(waves))
    means = grey.reshape(COPY_SIDE, SIDE // COPY_SIDE, COPY_SIDE, SIDE // COPY_SIDE).mean((1, 3))
    copy = np.rint(STEPS * (means - means.mean()) / max(means.std(), 1e-6)).clip(-127, 127).astype(np.int8)
    return Signature(hash=int.from_bytes(bits.tobytes(), "big"), copy=copy.tobytes())


def are_confirmed(left: np.ndarray, right: np.ndarray) -> np.ndarray:
    """Of pairs of copies, int8 of shape (pairs, 256): which show the same."""
    return np.abs(left.astype(np.int16) - right).max(axis=1, initial=0) <= MOST_DIFFERENCE
