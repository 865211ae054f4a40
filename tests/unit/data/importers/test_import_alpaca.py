import pytest

from tests.unit.data.importers.sources import imported, put_json, put_picture


@pytest.fixture
def source(tmp_path):
    put_picture(tmp_path / "set/a.png")
    return tmp_path / "set/rows.json"


def row(**changes):
    return {"instruction": "<image>Describe.", "input": "Be brief.", "output": "A cube.", "images": ["a.png"]} | changes


def test_instruction_and_input_are_the_question_and_output_the_demonstration(source):
    task = imported("alpaca", put_json(source, [row()])).task
    assert (task.question, task.demonstration, len(task.media)) == ("Describe.\nBe brief.", "A cube.", 1)


def test_system_and_history_stand_before_the_question(source):
    given = row(system="You see.", history=[["Hello.", "Hi."]])
    first, second = imported("alpaca", put_json(source, [given])).tasks()
    assert (first.question, first.demonstration, first.media) == ("You see.\nHello.", "Hi.", ())
    assert second.question == "You see.\nUser: Hello.\nAssistant: Hi.\nUser: <image>Describe.\nBe brief."


@pytest.mark.parametrize(
    ("change", "kind"),
    [({"output": ""}, "fields"), ({"images": []}, "placeholders"), ({"history": ["Hello."]}, "fields")],
)
def test_a_bad_row_is_dropped_with_its_reason(source, change, kind):
    result = imported("alpaca", put_json(source, [row(**change), row()]))
    assert (result.rejected, result.task.id) == ([("rows.json:1", kind)], "rows.json:2")
