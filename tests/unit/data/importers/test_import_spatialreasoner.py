import pytest

from spatialrl.rewards.process_decisions import DECISIONS
from tests.unit.data.importers.sources import imported, put_parquet, put_picture

COLUMNS = (
    "question",
    "A",
    "B",
    "C",
    "D",
    "answer",
    "answer_name",
    "question_index",
    "category",
    "image_filename",
    "answer_cot",
)
COT = "The 3D location of bottle is (0.20, 0.40, 0.60). ... Therefore, the answer is A. right."


def row(**cells):
    return dict.fromkeys((*COLUMNS, "conversations", "image_path")) | cells


def cot(number: int = 1, **changes):
    given = {
        "question": "Is the person on the left or right of the bottle?",
        "A": "right",
        "B": "left",
        "answer": "A",
        "answer_name": "right",
        "question_index": f"oi_{number}",
        "category": "orientation_on_the_left",
        "image_filename": "a1.png",
        "answer_cot": COT,
    }
    return row(**(given | changes))


@pytest.fixture
def source(tmp_path):
    put_picture(tmp_path / "sr/data/openimages/a1.png", 1)
    put_picture(tmp_path / "sr/data/llava/b2.png", 2)
    return tmp_path / "sr/train-00000-of-00001.parquet"


def test_a_chain_of_thought_is_the_demonstration_of_a_choice(source):
    task = imported("spatialreasoner", put_parquet(source, [cot()])).task
    assert (task.id, task.options, task.answer, task.answer_kind) == ("oi_1", ("right", "left"), "A", "choice")
    assert task.demonstration == COT
    assert task.family in DECISIONS
    assert task.media[0].path.endswith("data/openimages/a1.png")


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ("2.35 meters", ("2.35", "number", "m")),
        ("The 3D location is (0.2, 0.4, 0.6)", ("The 3D location is (0.2, 0.4, 0.6)", "text", "")),
    ],
)
def test_a_question_about_basic_3d_has_no_options(source, answer, expected):
    given = row(
        question="How far is the bottle?",
        answer=answer,
        answer_cot="So far.",
        image_filename="a1.png",
        question_index="b1",
    )
    task = imported("spatialreasoner", put_parquet(source, [given])).task
    assert (task.answer, task.answer_kind, task.unit) == expected
    assert (task.options, task.demonstration) == ((), "So far.")


def test_a_basic_3d_answer_may_stand_in_the_chain_of_thought_only(source):
    given = row(question="How far?", answer_cot="<think>..</think><answer>2</answer>", image_filename="a1.png")
    assert imported("spatialreasoner", put_parquet(source, [given])).task.answer == "2"


def test_a_conversation_keeps_every_letter_of_its_first_turn(source):
    turns = [
        {"from": "human", "value": "<image>\nimagine a game of tennis. Who serves?"},
        {"from": "gpt", "value": "The man in white."},
    ]
    given = row(question="", conversations=turns, image_path="b2.png")
    task = imported("spatialreasoner", put_parquet(source, [given, cot()])).tasks()[0]
    assert task.question == "imagine a game of tennis. Who serves?"
    assert (task.demonstration, task.answer, task.answer_kind) == ("The man in white.", "The man in white.", "text")
    assert task.media[0].path.endswith("data/llava/b2.png")


@pytest.mark.parametrize(
    ("change", "kind"),
    [
        ({"answer": "C"}, "answer"),
        ({"answer_name": "left"}, "answer"),
        ({"B": None, "C": "left"}, "fields"),
        ({"image_filename": "a9.png"}, "media"),
        ({"question": ""}, "fields"),
        ({"answer": None, "answer_name": None, "answer_cot": None}, "answer"),
    ],
)
def test_a_bad_row_is_named_by_its_question_index(source, change, kind):
    result = imported("spatialreasoner", put_parquet(source, [cot(1, **change), cot(2)]))
    assert result.rejected == [("oi_1", kind)]
    assert result.task.id == "oi_2"
