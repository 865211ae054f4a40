"""Advantages, losses and KL estimators, by the names a config uses."""

from spatialrl.algorithms.advantages import AdvantageFn, group_mean, group_zscore, leave_one_out
from spatialrl.algorithms.kl import KlEstimator, k1, k2, k3
from spatialrl.algorithms.losses import LossFn, clipped, nll

ADVANTAGES: dict[str, AdvantageFn] = {
    "group_zscore": group_zscore,
    "group_mean": group_mean,
    "leave_one_out": leave_one_out,
}

LOSSES: dict[str, LossFn] = {"clipped": clipped, "nll": nll}

KL_ESTIMATORS: dict[str, KlEstimator] = {"k1": k1, "k2": k2, "k3": k3}
