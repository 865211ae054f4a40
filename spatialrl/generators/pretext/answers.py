"""The right answers, from how a question was built and from nothing else."""

from collections.abc import Sequence

FACINGS = {
    "left": ((0, 1), (-1, 0)),
    "right": ((0, -1), (1, 0)),
    "toward me": ((-1, 0), (0, -1)),
    "away from me": ((1, 0), (0, 1)),
}
"""By the way somebody in the picture faces: where their right hand points and where they look, each as (right, deeper)
of whoever looks at the picture. Seen from above these are turns by 90, 270, 180 and 0 degrees."""


def reading_order(permutation: Sequence[int]) -> str:
    """Of patches that show parts `permutation[0]`, `permutation[1]`, ... of a picture: which patch belongs in each place.

    [2, 0, 3, 1] is 1-3-0-2: part 0 is on patch 1, part 1 on patch 3, ...
    """
    return "-".join(str(permutation.index(part)) for part in range(len(permutation)))


def nearest_first(ranks: Sequence[int]) -> str:
    """Of markers 1, 2, ... whose regions are the `ranks`-th nearest, counted from 1: the markers, nearest first."""
    return "-".join(str(ranks.index(rank) + 1) for rank in range(1, len(ranks) + 1))


def direction(facing: str, right: float, deeper: float) -> str:
    """Where something is for somebody it lies `right` and `deeper` of, as whoever looks at the picture sees it.

    One word where one of the two is 0, else both: `Left-Back`, sideways first.
    """
    (hand_right, hand_deeper), (look_right, look_deeper) = FACINGS[facing]
    sideways = hand_right * right + hand_deeper * deeper
    ahead = look_right * right + look_deeper * deeper
    words = (_word(sideways, "Right", "Left"), _word(ahead, "Front", "Back"))
    return "-".join(word for word in words if word)


def _word(amount: float, positive: str, negative: str) -> str:
    if amount == 0:
        return ""
    return positive if amount > 0 else negative
