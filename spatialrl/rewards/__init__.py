"""Rewards: a task and a completion in, a score out. Adding one is one file and one line."""

from collections.abc import Callable

from spatialrl.rewards.composed import composed
from spatialrl.rewards.r1v_compat import math_compat, r1v_compat, r1v_scene_compat
from spatialrl.rewards.spacer_compat import spacer_compat
from spatialrl.rewards.spatialreasoner_compat import spatialreasoner_compat
from spatialrl.rewards.spatialthinker_compat import spatialthinker_compat
from spatialrl.rewards.ssrl_compat import ssrl_compat
from spatialrl.rewards.user_code import user_reward
from spatialrl.types import Score

RewardFn = Callable[..., Score]
"""(task, completion, **args): total, and the same score for the same text. Text, token ids, finish reason and policy
versions of the completion are there; prompt ids and log-probs need not be."""

REWARDS: dict[str, RewardFn] = {
    "composed": composed,
    "user": user_reward,
    "math_compat": math_compat,
    "r1v_compat": r1v_compat,
    "r1v_scene_compat": r1v_scene_compat,
    "spacer_compat": spacer_compat,
    "spatialreasoner_compat": spatialreasoner_compat,
    "spatialthinker_compat": spatialthinker_compat,
    "ssrl_compat": ssrl_compat,
}
"""A name ending in `_compat` computes another system's numbers exactly, defects included."""
