"""Rewards: a task and a completion in, a score out. Adding one is one file and one line."""

from collections.abc import Callable

from spatialrl.rewards.spatialthinker import spatialthinker_compat
from spatialrl.types import Score

RewardFn = Callable[..., Score]
"""(task, completion, **args): total, and the same score for the same text. Text, token ids and finish reason of the
completion are there; prompt ids and log-probs need not be."""

REWARDS: dict[str, RewardFn] = {"spatialthinker_compat": spatialthinker_compat}
