"""Rewards: a task and a completion in, a score out. Adding one is one file and one line."""

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from spatialrl.rewards.composed import composed, composed_batch
from spatialrl.rewards.parts import Range
from spatialrl.rewards.r1v_compat import math_compat, r1v_compat, r1v_scene_compat
from spatialrl.rewards.spacer_compat import spacer_compat
from spatialrl.rewards.spatialreasoner_compat import spatialreasoner_compat
from spatialrl.rewards.spatialthinker_compat import spatialthinker_compat, spatialthinker_compat_batch
from spatialrl.rewards.ssrl_compat import ssrl_compat
from spatialrl.rewards.user_code import user_reward, user_reward_batch
from spatialrl.types import Completion, Score, Task

RewardFn = Callable[..., Score]
"""(task, completion, **args): total, and the same score for the same text. Of the completion, text and finish reason are
there; token ids and policy versions where `nature.py` says that the reward looks at them; prompt ids and log-probs not."""

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
RANGES: dict[str, Range] = {
    "composed": (-1.0, 1.0),
    "user": (-math.inf, math.inf),
    "math_compat": (0.0, 1.0),
    "r1v_compat": (0.0, 1.0),
    "r1v_scene_compat": (0.0, 1.0),
    "spacer_compat": (0.0, 3.0),
    "spatialreasoner_compat": (0.0, 4.0),
    "spatialthinker_compat": (-math.inf, 1.0),
    "ssrl_compat": (0.0, 1.0),
}
"""Of the reward, with all its parts. Composed of shares with weights above 0, it is never below 0."""

BatchFn = Callable[..., list[Score]]
"""(pairs of a task and a completion, **args): one score for each pair, in their order, equal to `RewardFn`'s."""

BATCHES: dict[str, BatchFn] = {
    "composed": composed_batch,
    "spatialthinker_compat": spatialthinker_compat_batch,
    "user": user_reward_batch,
}
"""The rewards for which many completions at once are faster than one by one."""


def score_batch(name: str, pairs: Sequence[tuple[Task, Completion]], args: Mapping[str, Any]) -> list[Score]:
    """One score for each pair, in their order; `args` are the reward's keyword arguments."""
    if name in BATCHES:
        return BATCHES[name](pairs, **args)
    return [REWARDS[name](task, completion, **args) for task, completion in pairs]
