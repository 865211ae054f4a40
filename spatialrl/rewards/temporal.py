"""Temporal contrast (T-GRPO, Feng et al. 2025, arXiv:2503.21776): answers to a video are worth more where its frames in
order serve better than the same frames shuffled. Pure: rewards in, a bonus for each ordered completion out."""

import random
from collections.abc import Sequence
from dataclasses import replace

from spatialrl.errors import DataError
from spatialrl.types import FramePlan

BONUS = 0.3
LEAST_ACCURACY = 0.1
"""A completion earns a bonus above this, not at it."""


def temporal_bonus(
    ordered_G: Sequence[float], shuffled: Sequence[float], *, bonus: float = BONUS, margin: float = 0.1
) -> list[float]:
    """The bonus where the mean of the ordered exceeds that of the shuffled by the margin at least, which is above 0.

    Answers that do not depend on the order of the frames earn none. Without shuffled answers there is no contrast.
    """
    if not ordered_G or not shuffled or _mean(ordered_G) - _mean(shuffled) < margin:
        return [0.0] * len(ordered_G)
    return _for_the_solved(ordered_G, bonus)


def temporal_bonus_compat(ordered_G: Sequence[float], shuffled: Sequence[float]) -> list[float]:
    """SpaceR's rule: 0.3 where the ordered mean is at least .8 of the shuffled one, so mostly for all that is right."""
    if not ordered_G or not shuffled or _mean(ordered_G) < 0.8 * _mean(shuffled):
        return [0.0] * len(ordered_G)
    return _for_the_solved(ordered_G, BONUS)


def shuffled_frames(plan: FramePlan, seed: int) -> FramePlan:
    """The same frames, shown in another order at the same times; the same order for the same seed."""
    if len(set(plan.indices)) < 2:
        raise DataError(
            f"A frame plan with indices {list(plan.indices)} can't be shuffled; it needs two different frames."
        )
    generator = random.Random(seed)
    shuffled = plan
    # Each try is another order with a chance of at least one half.
    while shuffled.shown == plan.shown:
        shuffled = replace(plan, order=tuple(generator.sample(range(len(plan.indices)), len(plan.indices))))
    assert shuffled.shown != plan.shown
    assert sorted(shuffled.shown) == sorted(plan.shown)
    return shuffled


def _for_the_solved(ordered_G: Sequence[float], bonus: float) -> list[float]:
    return [bonus if accuracy > LEAST_ACCURACY else 0.0 for accuracy in ordered_G]


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values)
