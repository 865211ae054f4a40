"""Estimates of KL(policy || reference) at single tokens that the policy sampled, after Schulman's note
(http://joschu.net/blog/kl-approx.html). Pure tensor functions of shape (T,); no normaliser: the caller averages.

All start from d = log-prob of the policy - log-prob of the reference, clamped to +-20 so that one token can't overflow.
"""

from collections.abc import Callable

from torch import Tensor

KlEstimator = Callable[[Tensor, Tensor], Tensor]
"""(logprobs_T, reference_logprobs_T) -> estimates_T."""

MAX_DIFFERENCE = 20.0
MAX_K3 = 10.0


def k1(logprobs_T: Tensor, reference_logprobs_T: Tensor) -> Tensor:
    """d. Unbiased, of either sign. Its gradient is 0 on average: good to report, no use as a loss."""
    return _difference(logprobs_T, reference_logprobs_T)


def k2(logprobs_T: Tensor, reference_logprobs_T: Tensor) -> Tensor:
    """d^2 / 2. Biased, never negative; its gradient is that of the KL."""
    return _difference(logprobs_T, reference_logprobs_T).square() / 2


def k3(logprobs_T: Tensor, reference_logprobs_T: Tensor) -> Tensor:
    """exp(-d) + d - 1. Unbiased, never negative, of low variance; clamped to 10 (GRPO, arXiv:2402.03300)."""
    difference_T = _difference(logprobs_T, reference_logprobs_T)
    return ((-difference_T).exp() + difference_T - 1).clamp(max=MAX_K3)


def _difference(logprobs_T: Tensor, reference_logprobs_T: Tensor) -> Tensor:
    return (logprobs_T - reference_logprobs_T).clamp(-MAX_DIFFERENCE, MAX_DIFFERENCE)
