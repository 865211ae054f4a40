"""The examples of Porter's paper, and the words on which the later departures differ from it."""

import pytest

from spatialrl.rewards.porter import measure, stem

STEMS = {
    "caresses": "caress",
    "ponies": "poni",
    "cats": "cat",
    "feed": "feed",
    "agreed": "agre",
    "plastered": "plaster",
    "bled": "bled",
    "motoring": "motor",
    "sing": "sing",
    "conflated": "conflat",
    "troubled": "troubl",
    "sized": "size",
    "hopping": "hop",
    "falling": "fall",
    "hissing": "hiss",
    "failing": "fail",
    "filing": "file",
    "happy": "happi",
    "relational": "relat",
    "conditional": "condit",
    "digitizer": "digit",
    "vietnamization": "vietnam",
    "operator": "oper",
    "hopefulness": "hope",
    "sensibiliti": "sensibl",
    "triplicate": "triplic",
    "electrical": "electr",
    "goodness": "good",
    "revival": "reviv",
    "adjustment": "adjust",
    "adoption": "adopt",
    "probate": "probat",
    "rate": "rate",
    "cease": "ceas",
    "controll": "control",
    "roll": "roll",
}


@pytest.mark.parametrize(("word", "expected"), STEMS.items())
def test_stems_of_the_paper(word, expected):
    assert stem(word) == expected


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("dies", "die"),
        ("died", "die"),
        ("spied", "spi"),
        ("spy", "spi"),
        ("enjoy", "enjoy"),
        ("skies", "sky"),
        ("dying", "die"),
        ("proceed", "proceed"),
        ("by", "by"),
        ("archaeologi", "archaeolog"),
        ("radically", "radic"),
        ("hopefully", "hope"),
    ],
)
def test_where_the_scorers_depart_from_the_paper(word, expected):
    assert stem(word) == expected


@pytest.mark.parametrize(("word", "expected"), [("tree", 0), ("by", 0), ("trees", 1), ("oaten", 2), ("private", 2)])
def test_the_measure_counts_vowels_that_a_consonant_follows(word, expected):
    assert measure(word) == expected


def test_y_is_a_vowel_after_a_consonant():
    assert measure("syzygy") == 2
    assert stem("y" * 1000)
