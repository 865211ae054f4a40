"""A running training whose reward hangs, segfaults, eats memory and exits, by the content of what it is given."""

import os
from collections import Counter
from pathlib import Path

import pytest

from tests.ray.conftest import leftovers, read_rows, spatialrl

REWARD = '''
import ctypes, hashlib, json, os, time
from pathlib import Path

from spatialrl.types import Unscored

MOODS = {0: ("hang", "segfault"), 1: ("eat", "exit", "refuse")}  # by the policy version that wrote the completion
kept = []

def mood(digest, version, folder):
    """One in three completions may be a bad one; each kind of bad takes the first of them, and keeps it."""
    for kind in MOODS.get(version, ()) if int(digest, 16) % 3 == 0 else ():
        try:
            with (folder / kind).open("x") as file:
                file.write(digest)
            return kind
        except FileExistsError:
            if (folder / kind).read_text() == digest:
                return kind
    return "fine"

def score(task, completion, kind):
    if kind == "hang":
        time.sleep(600)
    if kind == "segfault":
        ctypes.string_at(0)
    if kind == "eat":
        while True:
            kept.append(bytearray(64 << 20))
    if kind == "exit":
        os._exit(0)
    if kind == "refuse":
        return Unscored(reason="nothing to compare")
    return {"reward": len(completion.text) / 1000, "accuracy": 0.0}

def reward(tasks, completions, folder):
    digests = [hashlib.sha256(f"{t.id} {c.text}".encode()).hexdigest() for t, c in zip(tasks, completions)]
    versions = [completion.version_spans[-1].version for completion in completions]
    kinds = [mood(digest, version, Path(folder)) for digest, version in zip(digests, versions)]
    names = [[t.id, c.text, kind] for t, c, kind in zip(tasks, completions, kinds)]
    with (Path(folder) / "calls.jsonl").open("a") as file:
        file.write(json.dumps(names) + "\\\\n")
    return [score(t, c, kind) for t, c, kind in zip(tasks, completions, kinds)]
'''.replace("\\\\n", "\\n")

FATAL = {"hang": "timeout", "segfault": "died", "eat": "memory", "exit": "died"}
CODES = {**FATAL, "refuse": "refused"}


@pytest.fixture
def run(words: list[str], tmp_path: Path, marker: str) -> Path:
    """The run's folder; beside it, every call of the reward as a worker wrote it down before it began."""
    (tmp_path / "mine.py").write_text(REWARD)
    reward = [
        "reward=user",
        f"reward.args.function={tmp_path}/mine.py:reward",
        f"reward.args.folder={tmp_path}",
        "reward.timeout_s=4",
        "reward.memory_mb=512",
        "reward.cache_size=0",
        "actor.num_ranks=1",
    ]
    name, value = marker.split("=", 1)
    done = spatialrl("train", *words, *reward, "trainer.max_steps=3", env={**os.environ, name: value})
    assert done.returncode == 0, done.stderr
    assert leftovers(marker) == []
    return tmp_path / "run"


def test_a_training_survives_a_reward_that_hangs_segfaults_eats_memory_and_exits(run: Path):
    calls = read_rows(run.parent / "calls.jsonl")
    moods = {(task, text): kind for call in calls for task, text, kind in call}
    assert set(moods.values()) == {*CODES, "fine"}
    steps = read_rows(run / "metrics.jsonl")
    for step in steps:
        rows = read_rows(run / f"rollouts/step_{step['step']:06d}.jsonl")
        assert len(rows) == 16
        kinds = [moods[row["task_id"], row["response"]] for row in rows]
        assert [row.get("code", "fine") for row in rows] == [CODES.get(kind, "fine") for kind in kinds]
        assert all(row["reward"] == len(row["response"]) / 1000 for row in rows if row["status"] == "scored")
        assert by_code(step) == Counter(CODES[kind] for kind in kinds if kind in CODES)
        assert step["reward/unscored"] == sum(by_code(step).values())
        assert step["reward/workers"] == 2
        assert step["reward/cache_hits"] == 0
        assert 0 < step["reward/latency_p50_s"] <= step["reward/latency_p95_s"] <= step["reward/latency_p99_s"]
        assert 0 <= step["time/reward_exposed_s"] <= step["time/collect_s"]
    assert {name: sum(step[f"reward/{name}"] for step in steps) for name in ("timeouts", "restarts", "retries")} == {
        # The first fatal completion of a call ends it.
        "timeouts": sum(fatal(call)[:1] == ["hang"] for call in calls),
        "restarts": sum(bool(fatal(call)) for call in calls),
        # Whatever was in a call that ended badly is scored once more, except where that call was its second already.
        "retries": sum(map(len, calls)) - sum(len(rows_of_step) for rows_of_step in all_rollouts(run)),
    }


def by_code(step: dict) -> dict[str, float]:
    prefix = "reward/unscored/"
    return {key.removeprefix(prefix): number for key, number in step.items() if key.startswith(prefix)}


def fatal(call: list) -> list[str]:
    return [kind for _, _, kind in call if kind in FATAL]


def all_rollouts(run: Path) -> list[list[dict]]:
    return [read_rows(path) for path in sorted((run / "rollouts").iterdir())]
