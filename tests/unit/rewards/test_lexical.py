import random
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spatialrl.rewards.lexical import lexical, singular
from spatialrl.rewards.nouns import CLASSES, IRREGULAR, SYNONYM_SETS, SYNONYMS, UNCOUNTED


def alike(a, b):
    return lexical([a], [b])[0, 0]


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        ("red cube", "red cube", 1.0),
        ("red cube", "red cubes", 1.0),
        ("sofa", "couches", 1.0),
        ("people", "person", 1.0),
        ("cell phone", "phones", 1.0),
        ("street light", "streetlights", 1.0),
        ("traffic light", "stoplight", 1.0),
        ("bin", "trash can", 1.0),
        # A head noun in common is 0.4; the rest goes by the modifiers: half of it where one side has none.
        ("red cube", "cube", 0.7),
        ("red cube", "blue cube", 0.4),
        ("small red cube", "red cube", 0.4 + 0.6 / 2),
        ("coffee table", "table", 0.7),
        ("cup of coffee", "mug", 0.7),
        # A noun and the name of its class.
        ("woman", "person", 0.6),
        ("desk", "tables", 0.6),
        ("man", "woman", 0.0),
        ("coffee table", "coffee", 0.0),
        ("man in red shirt", "shirt", 0.0),
        ("chair", "table", 0.0),
        ("table", "cable", 0.0),
        ("car", "cat", 0.0),
        ("traffic light", "lamp", 0.0),
        ("teddy bear", "bear", 0.0),
    ],
)
def test_labels_are_as_alike_as_their_words(a, b, expected):
    assert alike(a, b) == pytest.approx(expected)
    assert alike(b, a) == pytest.approx(expected)


def test_a_slip_of_the_pen_costs_less_than_another_word():
    assert 0.2 < alike("refridgerator", "refrigerator") < 0.6
    assert alike("skateboard", "surfboard") == 0


@pytest.mark.parametrize(
    ("plural", "expected"),
    [("cubes", "cube"), ("boxes", "box"), ("benches", "bench"), ("cherries", "cherry"), ("shelves", "shelf")],
)
def test_plurals_have_a_singular(plural, expected):
    assert singular(plural) == expected


@pytest.mark.parametrize("word", ["glass", "bus", "tennis", "gas", "scissors", "as", "s", ""])
def test_words_that_only_look_like_plurals_stay(word):
    assert singular(word) == word


def test_the_tables_do_not_contradict_each_other():
    names = [name for synonyms in SYNONYM_SETS for name in synonyms]
    assert len(names) == len(set(names))
    assert all(name in SYNONYMS.values() or name not in SYNONYMS for name in CLASSES)
    assert not UNCOUNTED & IRREGULAR.keys()


@settings(max_examples=200, deadline=None)
@given(st.lists(st.text(max_size=30), max_size=4), st.lists(st.text(max_size=30), max_size=4))
def test_any_labels_are_between_0_and_1_and_the_same_either_way(a, b):
    table = lexical(a, b)
    assert table.shape == (len(a), len(b))
    assert ((table >= 0) & (table <= 1)).all()
    assert (table == lexical(b, a).T).all()
    assert all(alike(name, name) == 1 for name in a)


def test_very_long_labels_take_no_longer():
    rng = random.Random(0)
    names = ["".join(rng.choices("ab _é", k=100_000)) for _ in range(10)]
    start = time.perf_counter()
    lexical(names, names)
    assert time.perf_counter() - start < 0.5
