import pytest

from spatialrl.rewards.parse import Malformed, label_pair, sequence


@pytest.mark.parametrize(
    "answer",
    [
        "3, 1, 2",
        "[3,1,2]",
        "(3,1,2)",
        "3 1 2",
        "3-1-2",
        "3 - 1 - 2",
        "3->1->2",
        "3 → 1 → 2",
        r"3 \rightarrow 1 \rightarrow 2",
        "3 > 1 > 2",
        "3; 1; 2.",
        "3, 1, and 2",
        "3, then 1, then 2",
        "312",
        r"\text{3-1-2}",
        "The order from nearest to farthest is 3-1-2.",
    ],
)
def test_a_sequence_is_written_in_many_ways(answer):
    assert sequence(answer) == (3, 1, 2)


def test_labels_of_several_digits_need_separators():
    assert sequence("10, 11, 9") == (10, 11, 9)
    assert sequence("0-10") == (0, 10)
    assert sequence("7") == (7,)


@pytest.mark.parametrize("answer", ["A", "left, right", "-1, 2", "1.5, 2", "1, 2x", "12345, 1", "9" * 5000, "1,,2"])
def test_what_is_no_sequence_has_a_reason(answer):
    assert isinstance(sequence(answer), Malformed)


def test_other_numbers_beside_the_sequence_are_ambiguous():
    for answer in ("1-2-3 or 3-2-1", "4 patches: 0-1-2-3"):
        read = sequence(answer)
        assert isinstance(read, Malformed), answer
        assert read.code == "ambiguous"


@pytest.mark.parametrize(
    "answer",
    ["left, near", "(left; near)", "left-near", "Left Near.", "LEFT and NEAR", "['left', 'near']", r"\text{left-near}"],
)
def test_a_pair_is_two_words_in_lower_case(answer):
    assert label_pair(answer) == ("left", "near")


def test_a_pair_may_be_of_numbers_and_has_an_order():
    assert label_pair("3-0") == ("3", "0")
    assert label_pair("0-3") == ("0", "3")


@pytest.mark.parametrize("answer", ["left", "left near top", "left near, or far", "a" * 50 + " b", "...", "- -"])
def test_what_is_no_pair_has_a_reason(answer):
    assert isinstance(label_pair(answer), Malformed)


@pytest.mark.parametrize("read", [sequence, label_pair])
def test_an_answer_needs_text_and_an_end(read):
    assert read(" ") == Malformed("empty")
    assert read("1 " * 5001) == Malformed("too_long")
