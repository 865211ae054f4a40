"""Every reward, every part and every preset under one name, with what it is given beside task and completion, and the
range it declares."""

import hashlib
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

from spatialrl import rewards
from spatialrl.compose import choices, load_config
from spatialrl.rewards import parts
from spatialrl.rewards.parts import Range
from spatialrl.types import Completion, Frame, Score, Scored, Task, Unscored
from tests.endpoint_server import Asked, serve

Options = Mapping[str, Any]

PART_OPTIONS: dict[str, tuple[Options, ...]] = {
    "overlong_penalty": ({"max_tokens": 50, "buffer_tokens": 20},),
    "repetition_penalty": ({}, {"run_tokens": 1, "free_share": 0.0}),
    "length_in_band": ({}, {"low": 1, "high": 10}),
    "think_format": ({}, {"tags": ("think", "map?", "answer")}),
    "sequence_accuracy": ({}, {"partial": "position"}, {"partial": "kendall"}),
    "depth_order": ({}, {"partial": False}),
    "map_accuracy": ({}, {"turns": False}),
    "process_3d": ({}, {"location_tolerance": 0.05}),
    "scene_boxes": ({}, {"similarity": "exact"}),
    "scene_relations": ({}, {"similarity": "exact"}),
}
IN_FRAMES = ("grounding_iou", "grounding_giou", "point_in_mask", "trajectory_accuracy", "scene_boxes")
"""Parts that are also asked about answers in the frames which are not the truth's."""
FRAMES: tuple[Frame, ...] = ("thousandths", "resized_pixels")
SHOWN = (448, 336)
REWARD_OPTIONS: dict[str, tuple[Options, ...]] = {
    "spacer_compat": ({}, {"map_reward": False}),
    "spatialreasoner_compat": ({}, {"rewards": ("accuracy", "format", "process", "reasoning_steps")}),
    "spatialthinker_compat": ({}, {"similarity": "lexical"}),
}
SHARES: Range = (0.0, 1.0)
"""A corrected preset: its weights are above 0, its parts shares."""


@dataclass(frozen=True)
class Scorer:
    name: str
    score: Callable[[Task, Completion], Score | float | Unscored]
    range: Range
    is_corrected: bool


@cache
def scorers() -> tuple[Scorer, ...]:
    return (*_parts(), *_rewards(), *_presets())


@cache
def corrected() -> tuple[Scorer, ...]:
    """Presets and shares that are no other system's."""
    return tuple(scorer for scorer in scorers() if scorer.is_corrected and scorer.range == SHARES)


def scorer(name: str) -> Scorer:
    return next(scorer for scorer in scorers() if scorer.name == name)


def worth(scorer: Scorer, task: Task, completion: Completion) -> float:
    """0 where there is nothing to judge."""
    found = scorer.score(task, completion)
    return found.reward if isinstance(found, Scored) else 0.0 if isinstance(found, Unscored) else found


def _parts() -> list[Scorer]:
    options = {
        **PART_OPTIONS,
        "judged": ({"url": judge_url(), "model": "m", "max_calls": 10**9, "max_tokens": 10**12},),
    }
    return [
        Scorer(_name(name, args), _with(part, args), parts.RANGES[name], is_corrected=True)
        for name, part in parts.PARTS.items()
        for args in options.get(name, ({},))
    ] + [
        Scorer(f"{name} in {frame}", _in_frame(parts.PARTS[name], frame), parts.RANGES[name], is_corrected=True)
        for name in IN_FRAMES
        for frame in FRAMES
    ]


def _in_frame(part: parts.PartFn, frame: Frame) -> parts.PartFn:
    def score(task: Task, completion: Completion) -> float | Unscored:
        seen = tuple(replace(medium, shown=SHOWN) for medium in task.media)
        return part(replace(task, coordinates=frame, media=seen), completion)

    return score


def _rewards() -> list[Scorer]:
    options = {**REWARD_OPTIONS, "user": ({"function": f"{Path(__file__).with_name('a_users_reward.py')}:reward"},)}
    return [
        Scorer(_name(name, args), _with(reward, args), rewards.RANGES[name], is_corrected=False)
        for name, reward in rewards.REWARDS.items()
        if name != "composed"
        for args in options.get(name, ({},))
    ]


def _presets() -> list[Scorer]:
    configs = {name: load_config([f"reward={name}"]).reward for name in choices("reward")}
    return [
        Scorer(f"reward={name}", _with(rewards.REWARDS[config.name], config.args), SHARES, is_corrected=True)
        for name, config in configs.items()
        if config.name == "composed"
    ]


def _with(function: Callable[..., Any], options: Options) -> Callable[[Task, Completion], Any]:
    return lambda task, completion: function(task, completion, **options)


def _name(name: str, options: Options) -> str:
    return name + "".join(f" {key}={value}" for key, value in options.items() if key not in ("url", "function"))


OPEN = ExitStack()
"""What lives as long as this process."""
GRADES = ("<score>1</score>", "<score>0.25</score>", "no idea", "<score>7</score>", "0.5", "")


def _grade(asked: Asked) -> str:
    """The same to the same question, and sometimes none."""
    return GRADES[hashlib.sha256(asked.text.encode(errors="replace")).digest()[0] % len(GRADES)]


@cache
def judge_url() -> str:
    return OPEN.enter_context(serve(_grade)).url
