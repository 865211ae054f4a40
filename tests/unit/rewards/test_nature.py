import inspect
from collections.abc import Callable

import pytest

from spatialrl.rewards.nature import (
    LOOKS_AT_TOKEN_IDS,
    gains_from_many,
    is_repeatable,
    looks_at_token_ids,
    looks_at_versions,
)
from spatialrl.rewards.parts import PARTS

ANNEALED = {"parts": {"boxes": {"part": "scene_boxes", "weight": 1.0, "after": "accuracy", "anneal": [0, 100]}}}
PLAIN = {"parts": {"boxes": {"part": "scene_boxes", "weight": 1.0}}}
JUDGED = {"parts": {"judge": {"part": "judged", "weight": 1.0}}}


def test_only_annealed_rewards_and_a_users_own_look_at_versions():
    assert looks_at_versions("composed", ANNEALED)
    assert looks_at_versions("user", {})
    assert not looks_at_versions("composed", PLAIN)
    assert not looks_at_versions("spatialthinker_compat", {"similarity": "exact"})


def test_only_what_counts_tokens_and_a_users_own_look_at_token_ids():
    length = {"parts": {"length": {"part": "overlong_penalty", "weight": 1.0}}}
    assert looks_at_token_ids("composed", length)
    assert looks_at_token_ids("user", {})
    assert not looks_at_token_ids("composed", PLAIN)
    assert not looks_at_token_ids("spatialthinker_compat", {"similarity": "exact"})


def reads_token_ids(function: Callable) -> bool:
    """Whether the code, or that of a function of the same file which it calls, names them."""
    seen, open_names, module = set(), [function.__name__], vars(inspect.getmodule(function))
    while open_names:
        name = open_names.pop()
        if name not in seen and inspect.isfunction(module.get(name)):
            seen.add(name)
            names = module[name].__code__.co_names
            if {"token_ids", "version_spans"} & set(names):
                return True
            open_names += names
    return False


def test_every_part_that_reads_token_ids_is_known_to():
    assert {name for name, part in PARTS.items() if reads_token_ids(part)} == LOOKS_AT_TOKEN_IDS


def test_a_judge_may_change_its_mind():
    assert not is_repeatable("composed", JUDGED)
    assert is_repeatable("composed", PLAIN)
    assert is_repeatable("user", {"function": "mine.py:f"})


@pytest.mark.parametrize(
    ("signature", "gains"),
    [("def f(task, completion)", False), ("async def f(task, completion)", True), ("def f(tasks, completions)", True)],
)
def test_many_at_once_serve_rewards_that_wait_or_compute_together(signature, gains):
    args = {"function": "/nowhere/mine.py:f", "source": f"{signature}:\n    return 0\n"}
    assert gains_from_many("user", args) is gains
    assert not gains_from_many("composed", PLAIN)
