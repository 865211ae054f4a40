import pytest

from spatialrl.rewards.parse.number_words import word_number


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("zero", 0),
        ("seven", 7),
        ("twelve", 12),
        ("twenty one", 21),
        ("ninety nine", 99),
        ("hundred", 100),
        ("two hundred", 200),
        ("two hundred and five", 205),
        ("two hundred five", 205),
        ("nine hundred ninety nine thousand", 999_000),
        ("one thousand two hundred and thirty four", 1234),
        ("one thousand and five", 1005),
        ("three million two thousand", 3_002_000),
        ("two dozen", 24),
        ("three point five", 3.5),
        ("three point two five", 3.25),
        ("three point twenty five", 3.25),
        ("zero point zero five", 0.05),
        ("two and a half", 2.5),
        ("two thirds", 2 / 3),
        ("three quarters", 0.75),
    ],
)
def test_compounds_are_one_number(text, value):
    words = text.split()
    assert word_number(words) == (pytest.approx(value), len(words))


@pytest.mark.parametrize("text", ["", "a", "an", "second", "and five", "point five", "tent", "half"])
def test_other_words_are_no_numbers(text):
    assert word_number(text.split()) is None


@pytest.mark.parametrize(
    ("text", "value", "used"),
    [
        ("two and three", 2, 1),
        ("twenty thirty", 20, 1),
        ("nineteen eighty", 19, 1),
        ("one thousand two thousand", 1000, 2),
        ("three chairs", 3, 1),
        ("three point", 3, 1),
        ("half a metre", 0.5, 1),
    ],
)
def test_a_number_ends_where_the_next_word_does_not_fit(text, value, used):
    assert word_number(text.split()) == (value, used)
