import random
import time

import pytest

from spatialrl.rewards.relation_f1 import relation_f1
from spatialrl.types import Relation

NAMES = {"a": "a", "b": "b", "c": "c"}


def f1(guesses, truths, names=NAMES):
    lists = [[Relation(subject=s, predicate=p, object=o) for s, p, o in triples] for triples in (guesses, truths)]
    return relation_f1(*lists, names=names)


LEFT, BEHIND = ("a", "left of", "b"), ("a", "behind", "b")


def test_the_true_relations_are_worth_1_in_any_order_and_any_words():
    assert f1([LEFT, BEHIND], [LEFT, BEHIND]) == 1
    assert f1([("b", "in front of", "a"), ("b", "to the right of", "a")], [LEFT, BEHIND]) == 1


def test_saying_it_both_ways_round_is_free():
    assert f1([LEFT, ("b", "right of", "a")], [LEFT]) == 1
    assert f1([LEFT], [LEFT, ("b", "right of", "a")]) == 1


def test_an_opposite_is_wrong():
    assert f1([("a", "right of", "b")], [LEFT]) == 0


def test_saying_both_of_two_opposites_earns_neither():
    assert f1([LEFT, ("a", "right of", "b")], [LEFT]) == 0
    assert f1([LEFT, ("a", "right of", "b"), BEHIND], [LEFT, BEHIND]) == pytest.approx(2 * 1 / (3 + 2))


def test_precision_and_recall_count():
    # One of two found: precision 1, recall 1/2.
    assert f1([LEFT], [LEFT, BEHIND]) == pytest.approx(2 / 3)
    # One of two right: precision 1/2, recall 1.
    assert f1([LEFT, ("a", "above", "b")], [LEFT]) == pytest.approx(2 / 3)


@pytest.mark.parametrize(
    "junk", [LEFT, ("a", "left of", "a"), ("zzz", "left of", "b"), ("a", "on left side of", "b"), ("a", "riding", "b")]
)
def test_repetitions_self_relations_and_strangers_cost(junk):
    assert f1([LEFT, junk], [LEFT]) == pytest.approx(2 / 3)


def test_a_claim_that_says_a_little_less_or_more_is_worth_half():
    assert f1([("a", "above", "b")], [("a", "on", "b")]) == pytest.approx(0.5)
    assert f1([("a", "on", "b")], [("b", "below", "a")]) == pytest.approx(0.5)
    assert f1([("a", "on", "b"), ("a", "above", "b")], [("a", "on", "b")]) == pytest.approx(2 / 3)
    assert f1([("a", "on", "b")], [("a", "below", "b")]) == 0


def test_words_outside_the_taxonomy_must_be_the_same():
    assert f1([("a", "riding", "b")], [("a", "riding", "b")]) == 1
    assert f1([("b", "riding", "a")], [("a", "riding", "b")]) == 0
    assert f1([("a", "feeding", "b")], [("a", "riding", "b")]) == 0


def test_relations_are_those_of_the_matched_objects():
    assert f1([("x", "left of", "y")], [LEFT], names={"x": "a", "y": "b"}) == 1
    assert f1([("x", "left of", "y")], [LEFT], names={"x": "b", "y": "a"}) == 0
    assert f1([("X", "left of", "Y")], [LEFT], names={"x": "a", "y": "b"}) == 1


def test_nothing_is_worth_nothing():
    assert f1([], [LEFT]) == 0
    assert f1([LEFT], []) == 0
    assert f1([], []) == 0


def test_the_order_of_relations_does_not_count():
    rng = random.Random(0)
    words = ["left of", "right of", "on", "above", "below", "near", "inside", "riding"]
    for _ in range(200):
        triples = [[(rng.choice("abc"), rng.choice(words), rng.choice("abcd")) for _ in range(6)] for _ in range(2)]
        shuffled = [rng.sample(some, len(some)) for some in triples]
        assert f1(*triples) == f1(*shuffled)
        assert 0 <= f1(*triples) <= 1


def test_a_thousand_relations_take_a_moment():
    many = [("a", f"word{i}", "b") for i in range(1000)] + [("a", word, "b") for word in ("on", "above", "near")] * 300
    start = time.perf_counter()
    f1(many, many[:500])
    assert time.perf_counter() - start < 0.5
