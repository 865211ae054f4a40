import json
from pathlib import Path

import pytest

from spatialrl.errors import ConfigError, DataError
from spatialrl.rewards.offline import score

SCENE = {"objects": [{"id": "cube.1", "bbox": [10, 10, 50, 50]}], "relationships": []}
TASK = {
    "question": "Which side?",
    "options": ["left", "right"],
    "answer": "A",
    "image_size": [100, 100],
    "scene": SCENE,
}


def response(answer: str) -> str:
    return f"<observe>a</observe><scene>{json.dumps(SCENE)}</scene><think>b</think><answer>{answer}</answer>"


def write(path: Path, *rows: object) -> Path:
    path.write_text("".join(row if isinstance(row, str) else json.dumps(row) + "\n" for row in rows))
    return path


def run(folder: Path, *words: str, reward: str = "spatialthinker_compat") -> list[dict]:
    output = folder / "scores.jsonl"
    score([f"reward={reward}", f"input={folder / 'rows.jsonl'}", f"output={output}", *words])
    return [json.loads(line) for line in output.read_text().splitlines()]


def test_every_line_is_answered_in_order(tmp_path: Path):
    write(
        tmp_path / "rows.jsonl",
        {"id": "right", "response": response("(A) left"), "task": TASK},
        "not json\n",
        {"id": "wrong", "response": response("(B) right"), "task": TASK},
    )
    right, broken, wrong = run(tmp_path)
    # The same boxes and the right answer are worth all but CIoU's epsilon; a wrong answer keeps format and count.
    assert (right["id"], right["status"], round(right["reward"], 5)) == ("right", "scored", 1.0)
    assert (broken["status"], broken["reward"]) == ("unscored", None)
    assert (wrong["id"], wrong["reward"]) == ("wrong", pytest.approx(0.3))
    assert set(wrong["parts"]) == {"format", "count", "accuracy", "spatial_score"}


def test_the_corrected_reward_and_its_similarity_are_chosen_by_name(tmp_path: Path):
    write(tmp_path / "rows.jsonl", {"id": "1", "response": response("A"), "task": TASK})
    (row,) = run(tmp_path, "reward.similarity=exact", reward="spatialthinker")
    assert row["reward"] == pytest.approx(1.0, abs=1e-6)


def test_a_stopped_run_goes_on_after_its_last_complete_line(tmp_path: Path):
    write(tmp_path / "rows.jsonl", *({"id": n, "response": response("A"), "task": TASK} for n in range(3)))
    (tmp_path / "scores.jsonl.partial").write_text('{"id": "kept"}\n{"id": "ha')
    assert [row["id"] for row in run(tmp_path)] == ["kept", 1, 2]
    assert not (tmp_path / "scores.jsonl.partial").exists()


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["reward.similarty=exact"], "nothing in this reward takes it; there are: similarity"),
        (["x=1"], "Say `spatialrl"),
    ],
)
def test_what_can_not_be_is_told(tmp_path: Path, words: list[str], sentence: str):
    write(tmp_path / "rows.jsonl")
    with pytest.raises(ConfigError, match=sentence):
        run(tmp_path, *words)


def test_a_missing_input_is_told(tmp_path: Path):
    with pytest.raises(DataError, match=r"rows\.jsonl does not exist"):
        run(tmp_path)
