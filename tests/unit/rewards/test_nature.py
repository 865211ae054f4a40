import pytest

from spatialrl.rewards.nature import gains_from_many, is_repeatable, looks_at_versions

ANNEALED = {"parts": {"boxes": {"part": "scene_boxes", "weight": 1.0, "after": "accuracy", "anneal": [0, 100]}}}
PLAIN = {"parts": {"boxes": {"part": "scene_boxes", "weight": 1.0}}}
JUDGED = {"parts": {"judge": {"part": "judged", "weight": 1.0}}}


def test_only_annealed_rewards_and_a_users_own_look_at_versions():
    assert looks_at_versions("composed", ANNEALED)
    assert looks_at_versions("user", {})
    assert not looks_at_versions("composed", PLAIN)
    assert not looks_at_versions("spatialthinker_compat", {"similarity": "exact"})


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
