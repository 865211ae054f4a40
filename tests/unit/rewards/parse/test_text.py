import pytest

from spatialrl.rewards.parse import Malformed, answer_text, last_block, last_boxed, says_something
from spatialrl.rewards.parse.text import MAX_TEXT, last_fence, undressed


def test_the_last_complete_block_counts():
    assert last_block("<map>one</map> <map> two </map>", "map") == "two"
    assert last_block("<map>one</map> <map>two", "map") == "one"
    assert last_block("<map>one <map>two</map></map>", "map") == "two"
    assert last_block("<map>one</map></map>", "map") == "one"


def test_a_block_may_be_empty_but_not_missing():
    assert last_block("<map> </map>", "map") == ""
    for text in ("", "<map>", "</map><map>", "<MAP>1</MAP>"):
        assert last_block(text, "map") == Malformed("no_block: <map>")


def test_the_code_of_a_reason_is_what_stands_before_the_colon():
    assert Malformed("no_block: <map>").code == "no_block"
    assert Malformed("empty").code == "empty"


def test_the_last_boxed_whose_braces_balance_counts():
    assert last_boxed(r"\boxed{A} then \boxed{ B }") == "B"
    assert last_boxed(r"\boxed{\frac{1}{2}}") == r"\frac{1}{2}"
    assert last_boxed(r"\boxed{A} then \boxed{B") == "A"
    assert last_boxed(r"\boxed{\boxed{A}}") == "A"
    assert last_boxed(r"}}} \boxed{A} {") == "A"
    assert last_boxed(r"{A}") == Malformed(r"no_block: \boxed")


def test_an_answer_stands_in_its_tag_or_else_in_a_box():
    assert answer_text(r"<answer>A</answer><answer> B </answer> \boxed{C}") == "B"
    assert answer_text(r"so \boxed{C}.") == "C"
    assert answer_text(r"<answer>A \boxed{C}") == "C"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "no_answer"),
        ("The answer is A.", "no_answer"),
        ("<answer> \n </answer>", "empty"),
        (r"\boxed{}", "empty"),
        (r"<answer></answer> \boxed{A}", "empty"),
        ("x" * (MAX_TEXT + 1), "too_long"),
    ],
)
def test_no_answer_is_told_from_an_empty_one(text, reason):
    assert answer_text(text) == Malformed(reason)


def test_a_fence_is_read_without_its_language():
    assert last_fence("```json\n{}\n```") == "{}"
    assert last_fence("```{}```") == "{}"
    assert last_fence("```\n1\n``` and ```\n2\n```") == "2"
    assert last_fence("```\n1\n``` and ```\n2") == "1"
    assert last_fence("``` 1") == Malformed("no_block: code fence")


@pytest.mark.parametrize(
    "answer", ["A", r"\text{A}", r"$\boxed{\text{A}}$", "**A**", "`A`", r"\(A\)", r"\mathbf {A}", " _A_ "]
)
def test_dress_does_not_change_an_answer(answer):
    assert undressed(answer) == "A"


def test_latex_symbols_become_characters():
    assert undressed(r"90^\circ") == "90^°"
    assert undressed(r"1 \to 2 \times 3\%") == "1 -> 2 × 3%"
    assert undressed(r"\top") == r"\top"


@pytest.mark.parametrize("text", ["left", "7", "窓", r"\pi", r"\boxed{A}", "<answer>A</answer>", "a < b"])
def test_a_letter_or_a_digit_says_something(text):
    assert says_something(text)


@pytest.mark.parametrize("text", ["", " \n", "...", "<think></think>", r"\boxed{}", r"\text{ }", "{}[]", "\x00\u200b"])
def test_blanks_marks_and_empty_tags_say_nothing(text):
    assert not says_something(text)
