"""The learning rate of every optimizer step. Pure: numbers in, a number out."""

import math
from collections.abc import Callable

from spatialrl.config import OptimConfig

SCHEDULES: dict[str, Callable[[float], float]] = {
    "constant": lambda progress: 1.0,
    "linear": lambda progress: 1.0 - progress,
    "cosine": lambda progress: (1.0 + math.cos(math.pi * progress)) / 2,
}
"""How much of the way down is still to go, after a share of the steps: 1 to 0."""


def learning_rate(step: int, *, num_steps: int, optim: OptimConfig) -> float:
    """Of optimizer step 0, 1, ...: up in equal parts to lr at step warmup_steps - 1, then down towards min_lr_ratio * lr."""
    if step < optim.warmup_steps:
        return optim.lr * (step + 1) / optim.warmup_steps
    progress = min(1.0, (step - optim.warmup_steps) / max(1, num_steps - optim.warmup_steps))
    remaining = SCHEDULES[optim.schedule](progress)
    return optim.lr * (optim.min_lr_ratio + (1.0 - optim.min_lr_ratio) * remaining)
