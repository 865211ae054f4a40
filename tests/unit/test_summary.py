import json
from pathlib import Path

from spatialrl.summary import summary


def test_a_summary_tells_before_after_blind_and_speed(tmp_path: Path):
    (tmp_path / "evaluation").mkdir()
    for moment, accuracy in (("before", 0.5), ("after", 0.75), ("blind", 0.4)):
        metrics = {"reward/accuracy": accuracy, "reward/mean": accuracy / 2, "baseline/most_frequent": 0.375}
        (tmp_path / f"evaluation/{moment}.json").write_text(json.dumps(metrics))
    rows = [
        {"rollout/completion_tokens": 300, "time/collect_s": 2.0, "time/step_s": 3.0, "time/reward_exposed_s": 0.1},
        {"rollout/completion_tokens": 500, "time/collect_s": 2.0, "time/step_s": 7.0, "time/reward_exposed_s": 0.3},
    ]
    (tmp_path / "metrics.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    told = summary(tmp_path)
    assert "held out, before RL   accuracy 0.500   reward 0.250" in told
    assert "held out, after RL    accuracy 0.750   reward 0.375" in told
    assert "the same, blanked     accuracy 0.400" in told
    assert "always the commonest  accuracy 0.375" in told
    assert "completion tokens/s   200" in told
    assert "waited for rewards    4.0 % of the time" in told


def test_a_reward_without_a_part_for_accuracy_is_told_alone(tmp_path: Path):
    (tmp_path / "evaluation").mkdir()
    (tmp_path / "evaluation/before.json").write_text(json.dumps({"reward/mean": 0.25}))
    (tmp_path / "metrics.jsonl").write_text("")
    assert "held out, before RL   reward 0.250" in summary(tmp_path)
