import pytest

from spatialrl.rewards.parse import Malformed, choice

SIDES = ("left of", "right of", "above", "below")


@pytest.mark.parametrize(
    "answer", ["A", "A.", "(A)", "A)", r"\text{A}", "a", "(a)", "[A]", "A:", "**A**", "Option A", "A,"]
)
def test_a_letter_may_be_dressed_in_many_ways(answer):
    assert choice(answer, SIDES) == "A"


@pytest.mark.parametrize(
    "answer", ["(A) left of", "A: left of", "A. Left of.", "A)left of", "A left of", "A - left of"]
)
def test_a_letter_may_stand_with_its_option(answer):
    assert choice(answer, SIDES) == "A"


@pytest.mark.parametrize("answer", ["right of", "Right of.", "the right of", "'RIGHT  OF'", "right-of", "a right of"])
def test_the_text_of_an_option_counts_without_case_article_and_punctuation(answer):
    assert choice(answer, SIDES) == "B"


@pytest.mark.parametrize(
    "answer",
    [
        "The answer is (B)",
        "The answer is B because it is close.",
        "Answer: b",
        "It's B.",
        "B\nbecause it is close",
        "I think it is to the right of the table",
        "(B) right of, not left of",
    ],
)
def test_a_sentence_may_name_one_option(answer):
    assert choice(answer, SIDES) == "B"


@pytest.mark.parametrize(
    "answer",
    [
        "A or B",
        "A and B",
        "A, B",
        "A/B",
        "(A)(B)",
        "A B C D",
        "B is correct, A is wrong",
        "(A) right of",
        "A right of",
        "B. above",
        "It is A: below",
        "left of or right of",
        "(A) left of\n(B) right of\n(C) above\n(D) below",
        "left of right of above below",
    ],
)
def test_two_options_are_ambiguous(answer):
    assert choice(answer, SIDES) == Malformed("ambiguous")


@pytest.mark.parametrize(
    "answer",
    [
        "E",
        "(E)",
        "(F) left of",
        "The answer is Z.",
        "AB",
        "both",
        "a chair",
        "A chair",
        "the word a in a sentence",
        "7",
    ],
)
def test_what_names_no_option_is_no_option(answer):
    assert choice(answer, SIDES) == Malformed("not_an_option")


def test_an_article_is_no_letter_even_before_an_option():
    assert choice("A chair is below the table", SIDES) == "D"
    assert choice("a lamp", ("chair", "lamp")) == "B"
    assert choice("A lamp", ("chair", "lamp")) == Malformed("ambiguous")
    assert choice("A lamp", ("chair", "A lamp")) == "B"


def test_a_denied_option_is_not_chosen():
    assert choice("It is not left of it", SIDES) == Malformed("not_an_option")
    assert choice("It isn't above", SIDES) == Malformed("not_an_option")


def test_the_longer_of_two_nested_options_is_meant():
    assert choice("The table is to the front left", ("left", "front left")) == "B"
    assert choice("There are 13", ("3", "13")) == "B"
    assert choice("-3", ("3", "-3")) == "B"


def test_options_that_are_letters_must_agree_with_the_letter():
    assert choice("A", ("A", "B")) == "A"
    assert choice("A", ("B", "A")) == Malformed("ambiguous")
    assert choice("(A) B", ("B", "A")) == "A"
    assert choice("The answer is A", ("B", "A")) == Malformed("ambiguous")
    assert choice("Y", ("X", "Y")) == "B"


def test_letters_within_an_option_are_not_letters_of_options():
    assert choice("Point A is closer", ("Point B", "Point A")) == "B"
    assert choice("A is closer", ("B is closer", "A is closer")) == "B"


def test_equal_options_cant_be_chosen_by_their_text():
    assert choice("same", ("same", "same")) == Malformed("ambiguous")
    assert choice("(B) same", ("same", "same")) == "B"


def test_an_answer_needs_text_and_options_and_an_end():
    assert choice(" ", SIDES) == Malformed("empty")
    assert choice("A", ()) == Malformed("not_an_option")
    assert choice("A" * 10_001, SIDES) == Malformed("too_long")
