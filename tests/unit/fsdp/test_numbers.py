from dataclasses import replace

import pytest

from spatialrl.config import OptimConfig
from workers.actor.metrics import Max, Mean, join_maxima, join_means
from workers.actor.schedule import learning_rate


def test_learning_rates_by_hand() -> None:
    """lr 1, 2 steps of warm-up, 6 in all: 1/2, 1, then 4 steps down."""
    optim = OptimConfig(lr=1.0, warmup_steps=2, schedule="linear")
    assert [learning_rate(step, num_steps=6, optim=optim) for step in range(6)] == [0.5, 1.0, 1.0, 0.75, 0.5, 0.25]
    cosine = replace(optim, schedule="cosine", min_lr_ratio=0.2)
    assert learning_rate(4, num_steps=6, optim=cosine) == pytest.approx(0.6)
    assert learning_rate(6, num_steps=6, optim=cosine) == pytest.approx(0.2)
    constant = replace(optim, schedule="constant", warmup_steps=0)
    assert [learning_rate(step, num_steps=6, optim=constant) for step in (0, 5, 50)] == [1.0, 1.0, 1.0]


def test_every_token_counts_once_in_a_mean_whatever_its_micro_batch() -> None:
    """One token of 10 here, three of 2 there: (10 + 3 * 2) / 4 = 4."""
    reports = [{"loss/policy": Mean(10.0, 1), "x": Max(1.0)}, {"loss/policy": Mean(6.0, 3), "x": Max(-2.0)}]
    assert join_means(reports) == {"loss/policy": 4.0}
    assert join_maxima(reports) == {"x": 1.0}
    assert join_means([{"empty": Mean(0.0, 0)}]) == {}
