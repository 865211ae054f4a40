"""Three markers in a picture whose depth is known: which is nearest, which farthest?"""

from itertools import pairwise, permutations

import numpy as np
from PIL import Image

from spatialrl.dice import Dice
from spatialrl.generators.pretext.answers import nearest_first
from spatialrl.generators.pretext.glyphs import draw_marker, marker_radius
from spatialrl.generators.pretext.question import Question, Unfit
from spatialrl.generators.pretext.regions import Regions, find_regions, odd_side, shares_of_range
from spatialrl.generators.pretext.slot import Slot

BANDS = ((0.0, 0.3), (0.35, 0.65), (0.7, 1.0))
"""Of the range: near, middle, far."""
SIZES = ((25 / 768, 0.15), (11 / 768, 0.20))
"""Side of a region as a share of the picture's shorter side, and how much its depths may differ; the second where a band
has none of the first."""
LEAST_SIDE = 5
D_MIN = 0.05
"""Of the range: from the farthest point of one region to the nearest of the next."""
APART = 2.5
"""Marker radii between two centres."""
TRIES = 60
RANKS = tuple(permutations((1, 2, 3)))
"""Of markers 1, 2 and 3: 1 is the nearest."""


def ask_depth_order(image: Image.Image, depth: np.ndarray, slot: Slot, dice: Dice) -> Question:
    ranks = RANKS[slot.turn("ranks", len(RANKS))]
    chosen = choose_regions(shares_of_range(depth), image.size, dice)
    places = [chosen[rank - 1] for rank in ranks]
    for label, (x, y) in enumerate(places, start=1):
        draw_marker(image, str(label), centre=(x, y))
    answer = nearest_first(ranks)
    nearest, middle, farthest = answer.split("-")
    return Question(
        images=(image,),
        text=(
            "Three places in this photograph carry the numbers 1, 2 and 3. Order them by how far from the camera they are, "
            "nearest first. Write the three numbers joined by hyphens, like 1-2-3."
        ),
        answer=answer,
        answer_kind="sequence",
        because=(
            f"Marker {nearest} is on what is nearest to the camera. Marker {middle} is farther away than {nearest}, and "
            f"marker {farthest} is behind both. Nearest first, this is {answer}."
        ),
        facts={
            "markers": " ".join(f"{x},{y}" for x, y in places),
            "depths": " ".join(f"{depth[y, x]:.4g}" for x, y in places),
        },
    )


def choose_regions(shares: np.ndarray, size: tuple[int, int], dice: Dice) -> list[tuple[int, int]]:
    """Centres of a near, a middle and a far region, apart in depth and in the picture."""
    radius = marker_radius(size)
    bands = _regions_of_bands(shares, size, dice)
    for _ in range(TRIES):
        picked = [band.only(np.array([dice.below(len(band))])) for band in bands]
        centres = [(int(one.x_N[0]), int(one.y_N[0])) for one in picked]
        is_ordered = all(float(near.high_N[0]) + D_MIN <= float(far.low_N[0]) for near, far in pairwise(picked))
        if is_ordered and _least_distance(centres) >= APART * radius:
            return centres
    raise Unfit("its near, middle and far regions are not apart from each other")


def _regions_of_bands(shares: np.ndarray, size: tuple[int, int], dice: Dice) -> list[Regions]:
    """Those that hold a whole marker."""
    radius = marker_radius(size)
    found: list[Regions | None] = [None] * len(BANDS)
    for share, max_range in SIZES:
        if all(found):
            break
        side = odd_side(min(size), share, LEAST_SIDE)
        regions = find_regions(shares, dice, side=side, max_range=max_range, least_known=1.0)
        inside = (np.minimum(regions.x_N, size[0] - 1 - regions.x_N) >= radius) & (
            np.minimum(regions.y_N, size[1] - 1 - regions.y_N) >= radius
        )
        for index, (low, high) in enumerate(BANDS):
            of_band = regions.only(inside & (regions.centre_N >= low) & (regions.centre_N <= high))
            found[index] = found[index] or of_band or None
    present = [regions for regions in found if regions is not None]
    if len(present) < len(BANDS):
        raise Unfit("it has no even region that is near, one in the middle and one that is far")
    return present


def _least_distance(centres: list[tuple[int, int]]) -> float:
    points = np.array(centres, float)
    gaps = np.hypot(*(points[:, None] - points[None]).T)
    return float(gaps[np.triu_indices(len(points), 1)].min())
