"""`spatialrl eval` with real vLLM workers: the folder it leaves, and what is left of a run that was killed."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.ray.conftest import (
    CHECKPOINT,
    ENGINE,
    leftovers,
    living,
    make_rooms,
    read_rows,
    responses,
    results_under,
    spatialrl,
)

DEADLINE_S = 240
NUM_BEFORE_THE_KILL = 8


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("data") / "stage"
    sizes = {"num_train": 4, "num_validation": 0, "num_test": 100, "min_objects": 1, "max_objects": 1}
    make_rooms(folder, families=["position"], questions_per_scene=2, **sizes)
    return folder


@pytest.fixture(scope="module")
def words(stage: Path) -> list[str]:
    return [
        *ENGINE,
        "benchmark=scenes",
        "template=compact",
        "sampling.max_tokens=80",
        f"source={stage}",
        f"data.folder={stage.parent}/benchmarks",
    ]


@pytest.fixture(scope="module")
def unbroken(words: list[str], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that one engine leaves when nothing happens to it."""
    output = tmp_path_factory.mktemp("whole")
    whole = spatialrl("eval", *words, f"output_dir={output}")
    assert whole.returncode == 0, whole.stderr
    return results_under(output)


def start(*words: str, output: Path, environment: dict[str, str]) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "workers.cli", "eval", *words, f"output_dir={output}"]
    return subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)


def wait_for_answers(num: int, program: subprocess.Popen[str], *, output: Path) -> None:
    end = time.monotonic() + DEADLINE_S
    while time.monotonic() < end and program.poll() is None and num_lines(output) < num:
        time.sleep(0.005)
    assert program.poll() is None, "it ended before it was killed"


def num_lines(output: Path) -> int:
    return sum(path.read_bytes().count(b"\n") for path in output.glob("*/*/*/answers.journal"))


def test_a_killed_evaluation_goes_on_and_ends_with_the_same_bytes(
    words: list[str], unbroken: Path, tmp_path: Path, marker: str
):
    assert sorted(path.name for path in unbroken.iterdir()) == ["manifest.json", "samples.jsonl", "summary.json"]
    samples = read_rows(unbroken / "samples.jsonl")
    assert [row["id"] for row in samples] == sorted(row["id"] for row in samples)
    assert json.loads((unbroken / "summary.json").read_text())["headline"] > 10

    name, _, value = marker.partition("=")
    environment = os.environ | {name: value}
    output = tmp_path / "broken"
    with start(*words, "max_in_flight=2", output=output, environment=environment) as program:
        wait_for_answers(NUM_BEFORE_THE_KILL, program, output=output)
        # Without any chance to clean up.
        os.kill(program.pid, signal.SIGKILL)
    broken = results_under(tmp_path / "broken")
    known = read_rows(broken / "answers.journal")
    assert NUM_BEFORE_THE_KILL <= len(known) < len(samples)
    assert not (broken / "samples.jsonl").exists()

    resumed = spatialrl("eval", *words, f"output_dir={tmp_path}/broken", env=environment)
    assert resumed.returncode == 0, resumed.stderr
    assert f" {len(known)}/" in resumed.stderr
    assert (broken / "samples.jsonl").read_bytes() == (unbroken / "samples.jsonl").read_bytes()
    assert (broken / "summary.json").read_bytes() == (unbroken / "summary.json").read_bytes()
    assert not (broken / "answers.journal").exists()
    assert leftovers(marker) == []


def same_samples(output: Path, unbroken: Path) -> bool:
    return (results_under(output) / "samples.jsonl").read_bytes() == (unbroken / "samples.jsonl").read_bytes()


def test_two_replicas_write_the_bytes_of_one(words: list[str], unbroken: Path, tmp_path: Path):
    done = spatialrl("eval", *words, "rollout.num_workers=2", f"output_dir={tmp_path}")
    assert done.returncode == 0, done.stderr
    assert same_samples(tmp_path, unbroken)


def test_a_replica_that_is_killed_leaves_its_questions_to_the_other(
    words: list[str], unbroken: Path, tmp_path: Path, marker: str
):
    name, _, value = marker.partition("=")
    two = ["rollout.num_workers=2", "max_in_flight=8"]
    with start(*words, *two, output=tmp_path, environment=os.environ | {name: value}) as program:
        wait_for_answers(NUM_BEFORE_THE_KILL, program, output=tmp_path)
        os.kill(replicas(marker)[0], signal.SIGKILL)
        _, told = program.communicate(timeout=DEADLINE_S)
    assert program.returncode == 0, told
    assert "Its questions go to the others; left of them: 1." in told
    assert same_samples(tmp_path, unbroken)
    assert leftovers(marker) == []


def replicas(marker: str) -> list[int]:
    """Process ids of the rollout workers that a test has started."""
    return [pid for pid, command in living(marker).items() if command.startswith("ray::RolloutWorker")]


def test_transformers_writes_what_the_engine_writes(words: list[str], unbroken: Path, tmp_path: Path):
    done = spatialrl("eval", *words, "limit=6", "backend=transformers", f"output_dir={tmp_path}")
    assert done.returncode == 0, done.stderr
    slow, engine = (responses(folder) for folder in (results_under(tmp_path), unbroken))
    assert len(slow) == 6
    assert slow == {id: engine[id] for id in slow}


def test_a_question_of_ones_own_is_answered_and_drawn(stage: Path, tmp_path: Path):
    image = sorted((stage / "media/test").glob("*.png"))[0]
    words = [f"model={CHECKPOINT}", f"image={image}", "question=Where is the red cube?", "options=[left, right]"]
    done = spatialrl("ask", *words, "template=compact", "max_tokens=80", f"overlay={tmp_path}/drawn.png")
    assert done.returncode == 0, done.stderr
    assert "\nanswer: (" in done.stdout
    assert (tmp_path / "drawn.png").stat().st_size > 0
