"""Questions that a real server of vLLM puts into words and answers, before they are kept."""

import json
from pathlib import Path

from spatialrl.data.tasks import read_tasks
from tests.ray.conftest import read_rows, spatialrl
from tests.unit.generators.scene_graph_qa.graphs import write_source

NUM_ROWS = 8


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
