"""Twins in a real run: shuffled videos are written about and compared with, mirrored scenes learn."""

from collections import Counter
from pathlib import Path

from spatialrl.generators import GENERATORS
from tests.ray.conftest import read_rows, spatialrl

REWARD = """
def reward(task, completion):
    right = float(sum(completion.token_ids) % 2) if not task.id.endswith("/shuffled") else 0.0
    return {"reward": right, "accuracy": right}
"""
"""So that ordered frames always serve better: whether a random model sees is not asked here."""


def test_two_steps_with_shuffled_and_mirrored_twins(words: list[str], tmp_path: Path):
    folder = tmp_path / "films"
    sizes = {"num_train": 4, "num_validation": 1, "num_test": 1, "videos": 4, "image_size": 64}
    GENERATORS["scenes"](folder, seed=1, families=["relation", "room_size"], progress=False, **sizes)
    (tmp_path / "mine.py").write_text(REWARD)
    done = spatialrl(
        "train",
        *words,
        f"data.train={folder}/train.parquet",
        f"data.test={folder}/test.parquet",
        "reward=user",
        "reward.contrasts={temporal: {bonus: 0.5}, mirrored: {}}",
        "trainer.max_steps=2",
        "trainer.tasks_per_step=8",
        "rollout.sampling.max_tokens=24",
        f"reward.args.function={tmp_path}/mine.py:reward",
    )
    assert done.returncode == 0, done.stderr
    steps = read_rows(tmp_path / "run/metrics.jsonl")
    rows = [row for log in sorted((tmp_path / "run/rollouts").iterdir()) for row in read_rows(log)]
    # Every task has a mirrored twin with as many completions; every video, half as many out of order.
    shown = Counter(row["shown"] for row in rows)
    num_videos = sum(row["media"][0].endswith(".mp4") and not row["shown"] for row in rows)
    assert shown == {"": 64, "mirrored": 64, "shuffled": num_videos // 2}
    assert num_videos > 0
    for row in rows:
        if row["shown"] == "shuffled":
            assert (row["advantage"], row["reward"]) == (0.0, 0.0)
        elif row["parts"].get("temporal"):
            assert (row["parts"]["accuracy"], row["parts"]["temporal"]) == (1.0, 0.5)
    assert [step["rollout/tasks_with_twin"] for step in steps] == [1.0, 1.0]
    assert steps[0]["reward/temporal"] > 0
    # Both sides learn, and the actor has seen what the rollout saw, mirrored media among it.
    assert all(step["actor/tokens"] == step["rollout/completion_tokens"] for step in steps)
    gaps = [step[f"actor/logprob_gap_max/{kind}"] for step in steps for kind in ("image", "video")]
    assert max(gaps) < 1e-4
