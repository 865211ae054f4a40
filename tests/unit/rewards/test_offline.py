import json
from pathlib import Path

import pytest

from spatialrl.errors import ConfigError, DataError
from spatialrl.rewards import offline, offline_rows
from spatialrl.rewards.offline import score
from spatialrl.rewards.offline_rows import score_lines

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


def test_a_stopped_run_goes_on_after_its_last_complete_line(tmp_path: Path, monkeypatch):
    write(tmp_path / "rows.jsonl", *({"id": n, "response": response("A"), "task": TASK} for n in range(5)))
    stop_after(monkeypatch, num_chunks=2)
    with pytest.raises(KeyboardInterrupt):
        run(tmp_path)
    partial = tmp_path / "scores.jsonl.partial"
    assert not (tmp_path / "scores.jsonl").exists()
    partial.write_text(partial.read_text().replace('"id": 0', '"id": "kept"') + '{"id": "ha')
    monkeypatch.setattr(offline, "score_lines", score_lines)
    assert [row["id"] for row in run(tmp_path)] == ["kept", 1, 2, 3, 4]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["rows.jsonl", "scores.jsonl"]


def stop_after(monkeypatch, *, num_chunks: int) -> None:
    """Interrupts the run when it has written so many chunks of one line."""
    chunks = []

    def stopping(lines, *args, **options):
        if len(chunks) == num_chunks:
            raise KeyboardInterrupt
        chunks.append(lines)
        return score_lines(lines, *args, **options)

    monkeypatch.setattr(offline, "LINES_AT_ONCE", 1)
    monkeypatch.setattr(offline, "score_lines", stopping)


@pytest.mark.parametrize(
    ("change", "words", "sentence"),
    [
        (lambda folder: (folder / "rows.jsonl").write_text("{}\n" * 9), [], "input is not what it was"),
        (lambda folder: None, ["reward.similarity=lexical"], "reward.similarity is not what it was"),
        (lambda folder: (folder / "scores.jsonl.partial.from.json").unlink(), [], "is not what it was"),
        (lambda folder: (folder / "scores.jsonl.partial.from.json").write_text("["), [], "is not what it was"),
    ],
)
def test_the_beginning_of_other_work_is_not_continued(tmp_path: Path, monkeypatch, change, words, sentence):
    write(tmp_path / "rows.jsonl", *({"id": n, "response": response("A"), "task": TASK} for n in range(3)))
    stop_after(monkeypatch, num_chunks=1)
    with pytest.raises(KeyboardInterrupt):
        run(tmp_path)
    before = (tmp_path / "scores.jsonl.partial").read_bytes()
    change(tmp_path)
    with pytest.raises(ConfigError, match=sentence):
        run(tmp_path, *words)
    assert (tmp_path / "scores.jsonl.partial").read_bytes() == before
    with pytest.raises(ConfigError, match=r"scores\.jsonl\.partial is the beginning of other work"):
        run(tmp_path, *words, reward="r1v_compat" if not words else "spatialthinker_compat")


def test_memory_holds_a_bounded_part_of_the_file(tmp_path: Path, monkeypatch):
    rows = [{"id": n, "response": "x" * 1000, "task": TASK} for n in range(50)]
    write(tmp_path / "rows.jsonl", *rows)
    sizes = []
    monkeypatch.setattr(offline, "LINES_AT_ONCE", 8)
    monkeypatch.setattr(offline, "BYTES_AT_ONCE", 5000)
    monkeypatch.setattr(
        offline, "score_lines", lambda lines, *a, **o: sizes.append(len(lines)) or score_lines(lines, *a, **o)
    )
    assert [row["id"] for row in run(tmp_path)] == list(range(50))
    # As many lines as it takes to reach 5,000 bytes.
    length = len((tmp_path / "rows.jsonl").read_bytes().splitlines(keepends=True)[0])
    assert max(sizes) == -(-5000 // length)
    monkeypatch.setattr(offline, "BYTES_AT_ONCE", 10**9)
    sizes.clear()
    run(tmp_path)
    assert max(sizes) == 8


ROW = json.dumps({"id": "r", "response": response("(A) left"), "task": TASK}).encode()
STRANGE = {
    b"": "empty",
    b"   ": "empty",
    b"\xff\xfe{": "utf-8",
    ROW.replace(b'"r"', b'"\xe9"'): "utf-8",
    b"[]": "not a JSON object",
    b"1": "not a JSON object",
    b"[" * 100_000: "recursion",
    b'{"id": 1' + b"0" * 5000 + b"}": "digits",
    ROW.replace(b'"r"', b"NaN"): "NaN is no JSON number",
    b'{"response": "A"}': "task is missing",
    b'{"response": "A", "task": []}': "task is not a JSON object",
    b'{"task": {}}': "response is missing",
    b'{"response": 1, "task": {}}': "response is not a text",
    b'{"response": "A", "task": {"image_size": "640x480"}}': "image_size",
    b'{"response": "A", "task": {"image_size": [640]}}': "image_size",
    b'{"response": "A", "task": {"image_size": [0, 480]}}': "image_size",
    b'{"response": "A", "task": {"colour": 1}}': "field 'colour'",
    b'{"response": "A", "task": {"options": "left"}}': "a list is expected",
    b'{"response": "A", "task": {"scene": {"objects": [{"id": 1, "bbox": [1, 2, 3, 4]}]}}}': "id is 1",
    b'{"response": "A", "task": {"scene": {"objects": [{"id": "a.1", "bbox": [1, 2, 3]}]}}}': "3 numbers",
    b'{"response": "A", "task": {"scene": {"objects": [{"id": "a.1", "bbox": [1, 2, 3, 1e999]}]}}}': "finite",
    b'{"response": "A", "task": {"scene": {"objects": [], "frame": "feet"}}}': "frame",
    ROW.replace(b'"answer": "A"', b'"answer": "left"'): "expected the letter",
    ROW.replace(b'"image_size": [100, 100], ', b""): "no image size",
}


@pytest.mark.parametrize("ending", [b"\n", b"\r\n"])
def test_a_strange_line_gets_its_reason_and_leaves_the_others_alone(tmp_path: Path, ending: bytes):
    lines = [ROW, *(line for strange in STRANGE for line in (strange, ROW))]
    (tmp_path / "rows.jsonl").write_bytes(ending.join(lines))
    rows = run(tmp_path)
    assert [row["status"] for row in rows[::2]] == ["scored"] * (len(STRANGE) + 1)
    assert all(row["reward"] == pytest.approx(1.0) for row in rows[::2])
    for row, reason in zip(rows[1::2], STRANGE.values(), strict=True):
        assert row["status"] == "unscored"
        assert reason.lower() in row["reason"].lower()


def test_a_byte_order_mark_and_a_missing_last_line_break_do_not_matter(tmp_path: Path):
    (tmp_path / "rows.jsonl").write_bytes(b"\xef\xbb\xbf" + ROW + b"\n" + ROW)
    assert [row["status"] for row in run(tmp_path)] == ["scored", "scored"]


def test_a_line_that_is_too_long_is_not_kept_in_memory(tmp_path: Path, monkeypatch):
    monkeypatch.setattr(offline, "MAX_LINE", 2000)
    monkeypatch.setattr(offline_rows, "MAX_LINE", 2000)
    (tmp_path / "rows.jsonl").write_bytes(ROW + b"\n" + b"x" * 9000 + b"\n" + ROW)
    assert [row["status"] for row in run(tmp_path)] == ["scored", "unscored", "scored"]


def test_an_empty_input_gives_an_empty_output(tmp_path: Path):
    write(tmp_path / "rows.jsonl")
    assert run(tmp_path) == []


def test_a_users_own_function_is_given_as_an_option_with_options_of_its_own(tmp_path: Path):
    (tmp_path / "mine.py").write_text(
        "def length(task, completion, *, factor=1):\n    return factor * len(completion.text)\n"
    )
    write(tmp_path / "rows.jsonl", {"id": 1, "response": "four", "task": {}})
    function = f"reward.function={tmp_path / 'mine.py'}:length"
    assert run(tmp_path, function, reward="user")[0]["reward"] == 4
    assert run(tmp_path, function, "reward.factor=2", reward="user")[0]["reward"] == 8


def test_a_changed_function_does_not_continue_what_the_old_one_began(tmp_path: Path, monkeypatch):
    mine = tmp_path / "mine.py"
    mine.write_text("def length(task, completion):\n    return 1\n")
    write(tmp_path / "rows.jsonl", *({"id": n, "response": "A", "task": {}} for n in range(3)))
    stop_after(monkeypatch, num_chunks=1)
    with pytest.raises(KeyboardInterrupt):
        run(tmp_path, f"reward.function={mine}:length", reward="user")
    mine.write_text("def length(task, completion):\n    return 2\n")
    with pytest.raises(ConfigError, match=r"the file of reward\.function is not what it was"):
        run(tmp_path, f"reward.function={mine}:length", reward="user")


def test_an_answer_may_be_a_number_and_relations_may_be_missing(tmp_path: Path):
    number = {"question": "How far?", "answer": 3.5, "answer_kind": "number", "unit": "m"}
    unrelated = {**TASK, "scene": {"objects": SCENE["objects"]}}
    write(
        tmp_path / "rows.jsonl",
        {"id": 1, "response": "<think>t</think><answer>350 cm</answer>", "task": number},
        {"id": 2, "response": "<think>t</think><answer>A</answer>", "task": unrelated},
    )
    assert [row["reward"] for row in run(tmp_path, reward="spacer")] == [1.0, 1.0]


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["reward.similarty=exact"], "nothing in this reward takes it; there are: similarity"),
        (["x=1"], "There is no argument 'x'"),
        (["inputs=1"], "Did you mean input"),
        (["reward=spatial"], "reward=spatial: there are: math, "),
        (["input="], "input=... is missing"),
        (["loud"], "not of the form key=value"),
    ],
)
def test_what_can_not_be_is_told(tmp_path: Path, words: list[str], sentence: str):
    write(tmp_path / "rows.jsonl")
    with pytest.raises(ConfigError, match=sentence):
        run(tmp_path, *words)


def test_help_names_the_rewards(capsys):
    score(["--help"])
    assert "spatialthinker_compat" in capsys.readouterr().out


def test_a_missing_input_is_told(tmp_path: Path):
    with pytest.raises(DataError, match=r"rows\.jsonl is no file"):
        run(tmp_path)


def test_the_input_is_not_written_over(tmp_path: Path):
    path = write(tmp_path / "rows.jsonl", "{}\n")
    with pytest.raises(ConfigError, match="the input itself"):
        score(["reward=spacer", f"input={path}", f"output={path}"])
    assert path.read_text() == "{}\n"
