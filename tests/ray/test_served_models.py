"""A real server of vLLM: it is evaluated, and it puts questions into words and answers them before they are kept."""

import json
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from spatialrl.data.tasks import read_tasks
from tests.ray.conftest import CHECKPOINT, make_rooms, read_rows, responses, results_under, spatialrl
from tests.unit.generators.scene_graph_qa.graphs import write_source
from workers.transfer import free_port

NUM_ROWS = 8
START_S = 300.0


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The url of a server of vLLM that knows the checkpoint as `demo`."""
    log, port = tmp_path_factory.mktemp("server") / "log.txt", free_port()
    name = ["--served-model-name=demo", "--host=127.0.0.1", f"--port={port}"]
    small = ["--dtype=float32", "--max-model-len=1024", "--enforce-eager", "--kv-cache-memory-bytes=256M"]
    command = [f"{sys.prefix}/bin/vllm", "serve", str(CHECKPOINT), *name, *small]
    with log.open("w") as told, subprocess.Popen(command, stdout=told, stderr=told) as server:
        try:
            wait_for(f"http://127.0.0.1:{port}/health", server, log=log)
            yield f"http://127.0.0.1:{port}/v1"
        finally:
            server.terminate()
            server.wait(timeout=60)


def wait_for(url: str, server: subprocess.Popen[bytes], *, log: Path) -> None:
    end = time.monotonic() + START_S
    while time.monotonic() < end:
        assert server.poll() is None, log.read_text()
        try:
            with urllib.request.urlopen(url, timeout=5):
                return
        except OSError:
            time.sleep(0.2)
    raise TimeoutError(f"{url} does not answer after {START_S:g} s:\n{log.read_text()}")


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    folder = tmp_path_factory.mktemp("data")
    sizes = {"num_train": 4, "num_validation": 0, "num_test": 10, "min_objects": 1, "max_objects": 1}
    make_rooms(folder / "stage", families=["position"], questions_per_scene=1, **sizes)
    place = [f"source={folder}/stage", f"data.folder={folder}/benchmarks"]
    return ["benchmark=scenes", "template=compact", "sampling.max_tokens=80", *place]


@pytest.fixture(scope="module")
def expected(asked: list[str], tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What the model itself answers, by id."""
    local = ["model=tiny_qwen3_vl", f"model.path={CHECKPOINT}", "cluster=cpu", "backend=transformers"]
    return evaluated(tmp_path_factory.mktemp("local"), *asked, *local)


def evaluated(output: Path, *words: str) -> dict[str, str]:
    done = spatialrl("eval", *words, f"output_dir={output}")
    assert done.returncode == 0, done.stderr
    return responses(results_under(output))


@pytest.mark.parametrize("api", ["openai", "anthropic"])
def test_a_served_model_answers_as_the_model_that_is_here(
    asked: list[str], expected: dict[str, str], served: str, tmp_path: Path, api: str
):
    """Whole patches of this family are 32 pixels wide. In any other size its pictures would be others."""
    place = [f"backend={api}", "patch=32", f"endpoint.url={served}", "endpoint.model=demo"]
    assert len(expected) >= 5
    assert evaluated(tmp_path, *asked, *place) == expected


def test_questions_are_written_and_judged_by_a_served_model(served: str, tmp_path: Path):
    """The demo's model says nothing of use and guesses: its paraphrases are told back to it twice, its letters count."""
    source = write_source(tmp_path / "graphs", num_images=12)
    model = {"url": served, "model": "demo"}
    writer = model | {"max_reply_tokens": 32}
    judge = model | {"extra": {"structured_outputs": {"choice": ["A", "B", "C", "D"]}}}
    words = [f"source={source}/graphs.jsonl", f"num_train={NUM_ROWS}", "num_validation=0", f"folder={tmp_path}/qa"]
    models = [f"writer={json.dumps(writer)}", f"judges={json.dumps([judge])}", "blind=0"]
    done = spatialrl("data", "make=scene_graph_qa", *words, *models)
    assert done.returncode == 0, done.stderr

    tasks = read_tasks(tmp_path / "qa/train.parquet")
    assert len(tasks) == NUM_ROWS
    assert {task.extra["pass_rate"] for task in tasks} <= {"0.25", "0.5", "0.75", "1"}
    written, judged = (replies(tmp_path / f"qa.replies/{name}.jsonl") for name in ("writer", "judge_1"))
    assert len(written) >= 3 * NUM_ROWS
    assert len(judged) >= 4 * NUM_ROWS
    assert {line["text"] for line in judged} <= set("ABCD")
    assert all(tokens > 0 for line in written + judged for tokens in line["tokens"])


def replies(journal: Path) -> list[dict]:
    return [line for line in read_rows(journal) if "text" in line]
