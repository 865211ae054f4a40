import json

import pytest

from spatialrl.errors import ConfigError
from tests.unit.data.importers.sources import (
    imported,
    picture,
    put,
    put_json_lines,
    put_parquet,
    put_picture,
    put_video,
)


def row(problem: str = "<image>How many cubes?", answer: str = "3", **cells):
    return {"problem": problem, "answer": answer} | cells


@pytest.fixture
def source(tmp_path):
    put_picture(tmp_path / "set/a.png", 1)
    put_picture(tmp_path / "set/b.png", 2)
    put_video(tmp_path / "set/clip.mp4")
    return tmp_path / "set/rows.jsonl"


@pytest.mark.parametrize("images", ["a.png", ["a.png"], {"path": "a.png", "bytes": None}])
def test_one_image_stands_alone_or_in_a_list(source, images):
    task = imported("easyr1", put_json_lines(source, [row(images=images)])).task
    assert (task.question, len(task.media)) == ("How many cubes?", 1)
    assert (task.answer, task.answer_kind) == ("3", "number")


def test_embedded_images_are_read(tmp_path):
    source = put_parquet(tmp_path / "rows.parquet", [row(images=[{"bytes": picture(), "path": "x.png"}])])
    assert imported("easyr1", source).task.media[0].width == 40


@pytest.mark.parametrize("nothing", [{}, {"images": []}, {"images": None}, {"images": None, "videos": None}])
def test_a_row_may_be_text_only(source, nothing):
    assert imported("easyr1", put_json_lines(source, [row("Two and two?", "4", **nothing)])).task.media == ()


def test_rows_with_text_images_and_videos_stand_in_one_file(source):
    rows = [
        row("Two and two?", "4"),
        row(images=["a.png"]),
        row("<video>How many cubes?", videos=["clip.mp4"]),
        row("<video>Is <image> in it?", "yes", images="a.png", videos="clip.mp4"),
    ]
    result = imported("easyr1", put_json_lines(source, rows))
    assert [[medium.kind for medium in task.media] for task in result.tasks()] == [
        [],
        ["image"],
        ["video"],
        ["video", "image"],
    ]
    assert result.tasks()[3].question == "<video>Is <image> in it?"
    assert result.tasks()[2].scene_id == "clip"


def test_media_that_stand_inside_the_text_stay_there(source):
    given = row("Is <image> brighter than <image>?", "no", images=["a.png", "b.png"])
    assert imported("easyr1", put_json_lines(source, [given])).task.question == "Is <image> brighter than <image>?"


def test_a_letter_answers_the_options_of_the_problem(source):
    given = row("<image>Which side?\nA. left\nB. right", "<answer>B</answer>", images="a.png")
    task = imported("easyr1", put_json_lines(source, [given])).task
    assert (task.question, task.options, task.answer, task.answer_kind) == (
        "Which side?",
        ("left", "right"),
        "B",
        "choice",
    )


def test_a_problem_may_list_what_are_not_its_options(source):
    given = row("A. one cube\nB. two cubes\nHow many in all?", "3")
    task = imported("easyr1", put_json_lines(source, [given])).task
    assert (task.options, task.answer_kind, task.question) == ((), "number", given["problem"])


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ("3.5 m", ("3.5", "number", "m")),
        ("1,200", ("1200", "number", "")),
        (r"\boxed{12}", ("12", "number", "")),
        ("3 red cubes", ("3 red cubes", "text", "")),
        (r"\frac{1}{2}", (r"\frac{1}{2}", "text", "")),
    ],
)
def test_the_kind_follows_from_the_answer(source, answer, expected):
    task = imported("easyr1", put_json_lines(source, [row("What?", answer)])).task
    assert (task.answer, task.answer_kind, task.unit) == expected


def test_the_kind_and_the_columns_can_be_named(source):
    given = {"prompt": "<image>Read the sign.", "target": "42", "pictures": "a.png", "difficulty": 2}
    names = {"prompt_key": "prompt", "answer_key": "target", "image_key": "pictures", "answer_kind": "ocr"}
    task = imported("easyr1", put_json_lines(source, [given]), **names).task
    assert (task.answer, task.answer_kind, task.extra) == ("42", "ocr", {"difficulty": "2"})


def test_an_unknown_kind_is_named(source):
    with pytest.raises(ConfigError, match="answer_kind is 'essay'; there are: choice, number"):
        imported("easyr1", put_json_lines(source, [row("What?")]), answer_kind="essay")


def test_a_path_may_name_the_split(tmp_path):
    put_parquet(tmp_path / "set/train-0.parquet", [row("One?", "1")])
    put_parquet(tmp_path / "set/test-0.parquet", [row("Two?", "2")])
    result = imported("easyr1", f"{tmp_path}/set@test")
    assert result.task.question == "Two?"
    assert result.task.split == "test"


@pytest.mark.parametrize("name", ["rows.json", "rows.csv"])
def test_json_and_csv_are_read(source, name):
    rows = [row("One?", "1"), row("Two?", "2")]
    lines = ["problem,answer", *(f"{r['problem']},{r['answer']}" for r in rows)]
    path = put(source.with_name(name), (json.dumps(rows) if name == "rows.json" else "\n".join(lines)).encode())
    assert [task.question for task in imported("easyr1", path).tasks()] == ["One?", "Two?"]


@pytest.mark.parametrize(
    ("given", "kind"),
    [
        (row("How many?", images=["a.png"]), "placeholders"),
        (row("<image><image>How many?", images=["a.png"]), "placeholders"),
        (row("<video>How many?", images=["a.png"]), "placeholders"),
        (row(images=["c.png"]), "media"),
        (row(images=["https://example.org/a.png"]), "media"),
        (row("How many?", answer=""), "fields"),
        ({"question": "How many?", "answer": "3"}, "fields"),
    ],
)
def test_a_bad_row_is_dropped_with_its_reason(source, given, kind):
    result = imported("easyr1", put_json_lines(source, [given, row("One?", "1")]))
    assert (result.rejected, result.task.question) == ([("rows.jsonl:1", kind)], "One?")
