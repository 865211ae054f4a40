import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.ray.conftest import leftovers, living, read_rows, spatialrl
from workers.cli import run

SECONDS_TO_END = 30
"""A run that fails or is stopped is gone after this long."""


def rows(folder: Path) -> list[dict]:
    return read_rows(folder / "metrics.jsonl")


def test_a_run_of_three_steps_learns_on_policy_and_leaves_its_folder(words: list[str], tmp_path: Path):
    done = spatialrl("train", *words, "trainer.max_steps=3", "trainer.eval_tasks=8", "actor.optim.lr=1e-3")
    assert done.returncode == 0, done.stderr
    folder = tmp_path / "run"
    assert [row["step"] for row in rows(folder)] == [1, 2, 3]
    # Parity in every step that learns, before its update: the rollout's log-probs are the actor's.
    gaps = [row["actor/logprob_gap_max/image"] for row in rows(folder) if "loss/policy" in row]
    assert gaps
    assert max(gaps) < 1e-4
    expected = ["checkpoints", "config.yaml", "evaluation", "manifest.json", "metrics.jsonl", "report.html"]
    assert sorted(path.name for path in folder.iterdir()) == [*expected, "rollouts", "trace.json"]
    assert (folder / "checkpoints/step_000003/model.safetensors").exists()
    assert "held out, after RL" in done.stdout


def test_sft_lowers_its_loss_and_saves_a_complete_model(words: list[str], tiny: Path, tmp_path: Path):
    done = spatialrl(
        "sft", *words, f"model.path={tiny}", "sft.max_steps=6", "sft.tasks_per_step=8", "sft.optim.lr=2e-3"
    )
    assert done.returncode == 0, done.stderr
    losses = [row["loss/policy"] for row in rows(tmp_path / "run")]
    assert losses[-1] < losses[0] - 0.5
    assert (tmp_path / "run/checkpoints/last/processor_config.json").exists()


def test_a_dry_run_prints_the_plan_and_starts_nothing(words: list[str], tmp_path: Path):
    done = spatialrl("train", *words, "dry_run=true")
    assert done.returncode == 0
    assert "loop       " in done.stdout
    assert not (tmp_path / "run").exists()


IMPOSSIBLE = ["model.recipe=null", "trainer.tasks_per_step=2000"]


@pytest.mark.parametrize(
    ("override", "told"),
    [
        ("data.train=nowhere.parquet", "nowhere.parquet"),
        ("model.path=outputs/nowhere", "outputs/nowhere does not exist"),
        ("trainer.max_step=3", "trainer.max_steps"),
    ],
)
def test_a_run_that_cannot_work_ends_before_it_starts(
    words: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str], override: str, told: str
):
    """In this process, which has imported by now what the program imports."""
    assert run(["train", *words, *IMPOSSIBLE, override]) == 1
    assert told in capsys.readouterr().err.splitlines()[-1]
    assert not (tmp_path / "run").exists()


def test_a_run_too_large_for_the_machine_ends_before_it_starts(words: list[str], tmp_path: Path):
    done = spatialrl("train", *words, *IMPOSSIBLE, "actor.num_ranks=4000")
    assert done.returncode == 1
    assert "4000" in done.stderr.splitlines()[-1]
    assert not (tmp_path / "run").exists()


def start(words: list[str], marker: str) -> subprocess.Popen[str]:
    name, value = marker.split("=", 1)
    command = [sys.executable, "-m", "workers.cli", "train", *words, "trainer.max_steps=1000"]
    environment = {**os.environ, name: value}
    return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def wait_for_step(folder: Path, *, process: subprocess.Popen[str], deadline_s: float = 180) -> None:
    end = time.monotonic() + deadline_s
    while time.monotonic() < end:
        if (folder / "metrics.jsonl").exists() and rows(folder):
            return
        assert process.poll() is None, process.communicate()[1]
        time.sleep(0.5)
    raise AssertionError(f"no step within {deadline_s} s")


def test_ctrl_c_ends_the_run_within_seconds_and_leaves_no_process(words: list[str], tmp_path: Path, marker: str):
    process = start(words, marker)
    wait_for_step(tmp_path / "run", process=process)
    process.send_signal(signal.SIGINT)
    _, told = process.communicate(timeout=SECONDS_TO_END)
    assert process.returncode == 130
    assert told.splitlines()[-1] == "spatialrl: Interrupted; all workers are stopped."
    assert leftovers(marker) == []


def test_a_rank_that_dies_ends_the_run_with_its_cause(words: list[str], tmp_path: Path, marker: str):
    process = start(words, marker)
    wait_for_step(tmp_path / "run", process=process)
    ranks = [pid for pid, command in living(marker).items() if "ActorWorker" in command]
    assert len(ranks) == 2
    os.kill(ranks[1], signal.SIGKILL)
    _, told = process.communicate(timeout=SECONDS_TO_END)
    assert process.returncode == 1
    assert "rank" in told.splitlines()[-1]
    assert leftovers(marker) == []
