import pytest

from spatialrl.bench import rewards as suite
from spatialrl.bench.presets import ANSWERS
from spatialrl.bench.published import published_parts, published_reward
from spatialrl.bench.responses import scene_samples
from spatialrl.rewards import score_batch
from spatialrl.rewards.spatialthinker_compat import spatialthinker_compat
from spatialrl.types import Completion, Scored

SAMPLES = scene_samples(60, per_task=4, num_objects=5, num_relations=3, right_share=0.5)
EDITS = {
    "as it is": lambda text: text,
    "without a tag": lambda text: text.replace("<think>", ""),
    "a tag twice": lambda text: text + "<scene>",
    "another order": lambda text: text[text.index("<think>") :] + text[: text.index("<think>")],
    "an object more": lambda text: text.replace(
        '"objects": [', '"objects": [{"id": "hat.1", "bbox": [1, 2, 3, 4.5]}, '
    ),
    "a relation of nothing": lambda text: text.replace('"relationships": [', '"relationships": [{"subject": "a.1"}, '),
    "an empty scene": lambda text: text[: text.index("{")] + '{"objects": []}' + text[text.index("}]}\n") + 3 :],
    "not JSON": lambda text: text.replace('{"objects"', '{objects"'),
}


@pytest.mark.parametrize("edit", EDITS.values(), ids=EDITS.keys())
def test_the_published_algorithm_and_ours_give_the_same_numbers(edit):
    for sample in SAMPLES:
        text = edit(sample.completion.text)
        ours = spatialthinker_compat(sample.task, Completion(prompt_ids=(), token_ids=(), text=text))
        theirs = published_parts(text, sample.truth, sample.problem)
        assert isinstance(ours, Scored)
        assert ours.parts == pytest.approx(theirs, rel=1e-12, abs=1e-12)
        assert ours.reward == pytest.approx(published_reward(theirs), rel=1e-12, abs=1e-12)


def test_the_made_answers_are_right_as_often_as_asked():
    rewards = [score.reward for score in suite.ours(SAMPLES) if isinstance(score, Scored)]
    # Format and count of a wrong answer; a right one has boxes that are a little off.
    assert {round(reward, 6) for reward in rewards if reward < 0.5} == {0.3}
    assert all(0.9 < reward < 1 for reward in rewards if reward > 0.5)
    assert 0.3 < sum(reward > 0.5 for reward in rewards) / len(rewards) < 0.7


def test_sides_that_differ_are_no_comparison(monkeypatch):
    suite.check_same(SAMPLES)
    monkeypatch.setattr(
        suite, "ours", lambda samples: score_batch("ssrl_compat", [(s.task, s.completion) for s in samples], {})
    )
    with pytest.raises(AssertionError):
        suite.check_same(SAMPLES)


@pytest.mark.parametrize("name", ANSWERS)
def test_the_answers_of_a_preset_are_worth_most_of_it(name: str):
    pairs = ANSWERS[name](32)
    assert len({completion.text for _, completion in pairs}) == 32
    one_by_one, batch = (side() for side in suite.preset_sides(name, pairs))
    assert one_by_one == batch
    assert all(isinstance(score, Scored) and score.reward > 0.6 for score in batch)
    assert all(value > 0 for score in batch if isinstance(score, Scored) for value in score.parts.values())


def test_the_suite_prints_a_line_for_each_setting_and_preset(capsys):
    suite.rewards(num_samples=16, num_objects=3, num_relations=1, rounds=1)
    lines = capsys.readouterr().out.splitlines()
    assert "16 responses, median of 1 rounds" in lines[0]
    assert {name for name in (*suite.SETTINGS, *ANSWERS) if any(line.startswith(name) for line in lines)} == {
        *suite.SETTINGS,
        *ANSWERS,
    }
