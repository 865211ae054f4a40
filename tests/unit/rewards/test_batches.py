"""Many completions at once are worth what each is worth alone."""

from pathlib import Path

import pytest

from spatialrl.rewards import BATCHES, REWARDS, score_batch
from spatialrl.types import Completion, Media, Scored, Task

TASK = Task(
    id="t1",
    question="Which side?",
    options=("left", "right"),
    answer="A",
    answer_kind="choice",
    media=(Media(kind="image", path="image.png", width=640, height=480),),
)
TEXTS = ("", "A", "<think>t</think><answer>A</answer>", "<answer>(B) right</answer>", r"\boxed{A}")
PAIRS = [(TASK, Completion(prompt_ids=(), token_ids=(), text=text)) for text in TEXTS]
COUNT_BATCHES = """
calls = []

def by_length(tasks, completions):
    calls.append(len(tasks))
    return [{"reward": len(c.text), "calls": len(calls)} for c in completions]
"""


@pytest.mark.parametrize("name", sorted(name for name in REWARDS if name.endswith("_compat")))
def test_a_batch_is_scored_as_its_members_are(name: str):
    assert score_batch(name, PAIRS, {}) == [REWARDS[name](*pair) for pair in PAIRS]
    assert score_batch(name, [], {}) == []


def test_the_arguments_of_a_reward_reach_its_batch():
    parts = {"parts": {"accuracy": {"part": "choice_accuracy", "weight": 1.0}}}
    rewards = [score.reward for score in score_batch("composed", PAIRS, parts) if isinstance(score, Scored)]
    assert rewards == [0.0, 0.0, 1.0, 0.0, 1.0]


def test_a_batch_of_the_users_own_is_one_call(tmp_path: Path):
    (tmp_path / "mine.py").write_text(COUNT_BATCHES)
    function = {"function": f"{tmp_path / 'mine.py'}:by_length"}
    scores = score_batch("user", PAIRS, function)
    assert [(s.reward, s.parts) for s in scores if isinstance(s, Scored)] == [(len(t), {"calls": 1.0}) for t in TEXTS]
    assert score_batch("user", [], function) == []


def test_what_has_a_batch_has_a_single_door_too():
    assert BATCHES.keys() <= REWARDS.keys()
