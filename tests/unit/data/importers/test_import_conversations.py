import pytest

from tests.unit.data.importers.sources import imported, put_json, put_picture, put_video


def human(text: str) -> dict:
    return {"from": "human", "value": text}


def gpt(text: str) -> dict:
    return {"from": "gpt", "value": text}


@pytest.fixture
def source(tmp_path):
    put_picture(tmp_path / "set/a.png", 1)
    put_picture(tmp_path / "set/b.png", 2)
    put_video(tmp_path / "set/clip.mp4")
    return tmp_path / "set/rows.json"


def test_an_answer_of_the_assistant_is_a_demonstration(source):
    given = {"id": "c1", "image": "a.png", "conversations": [human("<image>\nWhat is it?"), gpt("A blue cube.")]}
    task = imported("llava", put_json(source, [given])).task
    assert (task.id, task.question, task.demonstration, task.answer) == (
        "c1",
        "What is it?",
        "A blue cube.",
        "A blue cube.",
    )
    assert task.media[0].path.endswith("a.png")


def test_the_answer_is_what_the_response_puts_in_its_tags(source):
    given = {"conversations": [human("How many?"), gpt("<think>One, two.</think><answer>2</answer>")]}
    task = imported("sharegpt", put_json(source, [given])).task
    assert (task.answer, task.answer_kind, task.demonstration) == ("2", "number", given["conversations"][1]["value"])
    assert task.id == "rows.json:1"


def test_every_turn_becomes_a_task_with_what_was_said_before(source):
    turns = [human("<image>\nWhat is it?"), gpt("A cube."), human("Which colour?"), gpt("Blue.")]
    first, second = imported(
        "llava", put_json(source, [{"id": "c1", "image": "a.png", "conversations": turns}])
    ).tasks()
    assert (first.id, first.question, first.demonstration) == ("c1/1", "What is it?", "A cube.")
    assert (second.id, second.demonstration) == ("c1/2", "Blue.")
    assert second.question == "User: <image>\nWhat is it?\nAssistant: A cube.\nUser: Which colour?"
    assert second.media == first.media


def test_an_image_that_is_shown_later_is_not_shown_before(source):
    turns = [human("Hello."), gpt("Hello!"), human("And <image>?"), gpt("A cube.")]
    first, second = imported("sharegpt", put_json(source, [{"images": ["a.png"], "conversations": turns}])).tasks()
    assert (len(first.media), len(second.media)) == (0, 1)


def test_messages_with_parts_are_read(source):
    messages = [
        {"role": "system", "content": "Be brief."},
        {"role": "user", "content": [{"type": "image"}, {"type": "text", "text": "What is it?"}]},
        {"role": "assistant", "content": "A cube."},
    ]
    task = imported("sharegpt", put_json(source, [{"messages": messages, "images": ["a.png"]}])).task
    assert task.question == "Be brief.\n<image>What is it?"
    assert len(task.media) == 1


def test_a_system_column_stands_first(source):
    given = {"system": "Be brief.", "conversations": [human("Hello."), gpt("Hi.")]}
    assert imported("sharegpt", put_json(source, [given])).task.question == "Be brief.\nHello."


def test_videos_are_read(source):
    given = {"videos": ["clip.mp4"], "conversations": [human("<video>What happens?"), gpt("Light.")]}
    task = imported("sharegpt", put_json(source, [given])).task
    assert (task.media[0].kind, task.scene_id) == ("video", "clip")


@pytest.mark.parametrize(
    ("given", "kind"),
    [
        ({"conversations": [human("Hello.")]}, "fields"),
        ({"conversations": None}, "fields"),
        ({"conversations": [human("Hello."), {"from": "tool", "value": "x"}, gpt("Hi.")]}, "fields"),
        ({"image": "a.png", "conversations": [human("Hello."), gpt("Hi.")]}, "placeholders"),
        ({"image": "c.png", "conversations": [human("<image>"), gpt("Hi.")]}, "media"),
        ({"conversations": [human("Hello."), gpt("  ")]}, "fields"),
    ],
)
def test_a_bad_conversation_is_dropped_with_its_reason(source, given, kind):
    good = {"conversations": [human("Hello."), gpt("Hi.")]}
    result = imported("sharegpt", put_json(source, [{"id": "bad", **given}, {"id": "good", **good}]))
    assert (result.rejected, result.task.id) == ([("bad", kind)], "good")
