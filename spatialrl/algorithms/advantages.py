"""How much better each completion is than its group. Pure: the rewards of one task's scored completions in, as many
advantages out, larger for better. Completions without a score are not among them: the caller leaves them out."""

import math
from collections.abc import Callable

AdvantageFn = Callable[[list[float]], list[float]]


def group_zscore(rewards_G: list[float]) -> list[float]:
    """GRPO (Shao et al. 2024, arXiv:2402.03300): distance from the mean in unbiased standard deviations, plus 1e-6."""
    differences_G = group_mean(rewards_G)
    variance = math.fsum(d * d for d in differences_G) / max(len(rewards_G) - 1, 1)
    return [d / (math.sqrt(variance) + 1e-6) for d in differences_G]


def group_mean(rewards_G: list[float]) -> list[float]:
    """Dr. GRPO (Liu et al. 2025, arXiv:2503.20783): reward minus the mean of the group."""
    # Exactly 0: rounding would leave 1e-17, which reads as a signal and grows when divided by a deviation.
    if len(set(rewards_G)) <= 1:
        return [0.0] * len(rewards_G)
    mean = math.fsum(rewards_G) / len(rewards_G)
    return [reward - mean for reward in rewards_G]


def leave_one_out(rewards_G: list[float]) -> list[float]:
    """RLOO (Ahmadian et al. 2024, arXiv:2402.14740): reward minus the mean of the others; 0 for one alone."""
    others = max(len(rewards_G) - 1, 1)
    return [difference * len(rewards_G) / others for difference in group_mean(rewards_G)]
