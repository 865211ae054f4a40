"""Small data and a tiny model for the tests that start real workers; and proof that none of them stays behind."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from spatialrl.data.tasks import read_tasks
from spatialrl.generators import GENERATORS
from spatialrl.models import RECIPES

os.environ.setdefault("RAY_worker_niceness", "0")
"""As Ray has it, workers wait for everything else that runs, the other test that runs beside theirs included."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.ray)


@pytest.fixture(scope="session")
def rooms(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder of small rooms."""
    folder = tmp_path_factory.mktemp("data") / "rooms"
    sizes = {"num_train": 24, "num_validation": 4, "num_test": 8, "max_objects": 3}
    make_rooms(folder, families=["relation", "position"], **sizes)
    return folder


def make_rooms(folder: Path, **options: object) -> None:
    """As the demo's checkpoint was trained to see them."""
    GENERATORS["scenes"](folder, seed=1, image_size=128, layout="stage", options="fixed", **options)


@pytest.fixture(scope="session")
def tiny(rooms: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A random Qwen2.5-VL of two million parameters."""
    folder = tmp_path_factory.mktemp("models") / "tiny"
    return RECIPES["tiny"](folder, tasks=read_tasks(rooms / "train.parquet"), seed=1)


CHECKPOINT = Path(__file__).parents[2] / "examples/demo/checkpoint"
"""Knows the format and where things are, so that its rewards differ: a random model earns nothing and learns nothing."""


ENGINE = ["cluster=cpu", "model=tiny_qwen3_vl", f"model.path={CHECKPOINT}", "rollout.kv_cache_gb=0.25"]
"""Of every engine that the command starts here."""


@pytest.fixture
def words(rooms: Path, tmp_path: Path) -> list[str]:
    """What every small run has in common."""
    return [
        *ENGINE,
        f"data.train={rooms}/train.parquet",
        f"data.test={rooms}/test.parquet",
        "data.template=compact",
        f"output_dir={tmp_path}/run",
        "rollout.sampling.max_tokens=96",
        "rollout.completions_per_task=4",
        "trainer.tasks_per_step=4",
        "trainer.sinks=[console]",
    ]


def spatialrl(*words: str, **options: object) -> subprocess.CompletedProcess[str]:
    """The command, as a person runs it."""
    command = [sys.executable, "-m", "workers.cli", *words]
    settings = {"capture_output": True, "text": True, "timeout": 600, **options}
    return subprocess.run(command, check=False, **settings)  # type: ignore[call-overload]


def read_rows(path: Path) -> list[Any]:
    return [json.loads(line) for line in path.read_text().splitlines()]


def results_under(output: Path) -> Path:
    """The folder of the one evaluation there."""
    (folder,) = output.glob("*/*/*")
    return folder


def responses(results: Path) -> dict[str, str]:
    return {row["id"]: row["response"] for row in read_rows(results / "samples.jsonl")}


def leftovers(marker: str) -> list[str]:
    return list(living(marker).values())


def living(marker: str) -> dict[int, str]:
    """Command lines of living processes whose environment holds the marker."""
    found = {}
    for process in Path("/proc").iterdir():
        if process.name.isdigit() and int(process.name) != os.getpid():
            try:
                environment = (process / "environ").read_bytes()
                command = (process / "cmdline").read_bytes()
            except OSError:
                continue
            if marker.encode() in environment and command:
                found[int(process.name)] = command.replace(b"\0", b" ").decode()
    return found


@pytest.fixture
def marker(tmp_path: Path) -> str:
    """A word in the environment of everything a test starts."""
    return f"SPATIALRL_TEST={tmp_path}"
