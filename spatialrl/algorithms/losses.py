"""Losses of single tokens. Pure tensor functions of shape (T,) without normaliser: the caller sums the loss tokens of
all ranks and divides once, by their number in the whole batch (`TrainBatch.num_loss_tokens`).

Each returns the losses, which are minimised, and detached numbers about every token, to be averaged the same way.
"""

import math
from collections.abc import Callable

import torch
from torch import Tensor

LossFn = Callable[..., tuple[Tensor, dict[str, Tensor]]]
"""(logprobs_T, *, old_logprobs_T, advantages_T, clip_low, clip_high, clip_dual)."""

MAX_LOG_RATIO = 20.0


def clipped(
    logprobs_T: Tensor,
    *,
    old_logprobs_T: Tensor,
    advantages_T: Tensor,
    clip_low: float,
    clip_high: float,
    clip_dual: float,
) -> tuple[Tensor, dict[str, Tensor]]:
    """PPO's clipped surrogate (Schulman et al. 2017, arXiv:1707.06347) with its two bounds apart (DAPO, arXiv:2503.14476).

        loss = max(-A * ratio, -A * clip(ratio, 1 - clip_low, 1 + clip_high)),    ratio = exp(new - old log-prob)

    Dual clip (Ye et al. 2020, arXiv:1912.09729): where A < 0 the loss is at most -A * clip_dual; 0 switches it off.
    """
    # exp(20) = 4.9e8: far outside every clip range, far inside float32.
    log_ratio_T = (logprobs_T - old_logprobs_T).clamp(-MAX_LOG_RATIO, MAX_LOG_RATIO)
    ratio_T = log_ratio_T.exp()
    free_T = -advantages_T * ratio_T
    bounded_T = -advantages_T * ratio_T.clamp(1 - clip_low, 1 + clip_high)
    losses_T = torch.maximum(free_T, bounded_T)
    ceiling_T = torch.where(advantages_T < 0, -advantages_T * (clip_dual or math.inf), math.inf)
    diagnostics = {
        "ratio": ratio_T,
        "kl_old": ratio_T - 1 - log_ratio_T,
        "clipped_low": (advantages_T < 0) & (ratio_T < 1 - clip_low),
        "clipped_high": (advantages_T > 0) & (ratio_T > 1 + clip_high),
        "clipped_dual": losses_T > ceiling_T,
    }
    return torch.minimum(losses_T, ceiling_T), {
        name: values_T.detach().float() for name, values_T in diagnostics.items()
    }


def nll(logprobs_T: Tensor, **_unused: object) -> tuple[Tensor, dict[str, Tensor]]:
    """Supervised learning: minus the log-probability. Takes what the policy losses take, so that one call serves all."""
    return -logprobs_T, {"probability": logprobs_T.detach().float().exp()}
