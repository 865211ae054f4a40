import pytest

from spatialrl.rewards.predicates import (
    BROADER,
    MEANINGS,
    SYMMETRIC,
    WAYS_TO_SAY,
    WAYS_TO_SAY_CONVERSE,
    Claim,
    broader,
    claim,
    contradict,
    meaning,
)

OPPOSITES = [
    ("left of", "right of"),
    ("above", "below"),
    ("in front of", "behind"),
    ("inside", "contains"),
    ("on", "supporting"),
]


@pytest.mark.parametrize(("predicate", "opposite"), OPPOSITES)
def test_a_claim_and_its_converse_are_one(predicate, opposite):
    assert claim("a", predicate, "b") == claim("b", opposite, "a")
    assert claim("a", predicate, "b") != claim("a", opposite, "b")
    assert claim("a", predicate, "b") != claim("b", predicate, "a")


@pytest.mark.parametrize("predicate", ["near", "far from", "touching"])
def test_symmetric_claims_are_the_same_either_way(predicate):
    assert claim("a", predicate, "b") == claim("b", predicate, "a")


@pytest.mark.parametrize(
    ("written", "relation"),
    [
        ("to the left of", ("left of", False)),
        ("is on the LEFT side of", ("left of", False)),
        ("left_of", ("left of", False)),
        ("standing to the right of", ("left of", True)),
        ("directly above", ("above", False)),
        ("over", ("above", False)),
        ("underneath", ("above", True)),
        ("under", ("above", True)),
        ("on top of", ("on", False)),
        ("sitting on", ("on", False)),
        ("in", ("inside", False)),
        ("inside of", ("inside", False)),
        ("next to", ("near", False)),
        ("close to", ("near", False)),
        ("far away from", ("far from", False)),
        ("leaning against", ("touching", False)),
        ("in front of", ("in front of", False)),
        ("behind", ("in front of", True)),
    ],
)
def test_the_usual_words_have_a_meaning(written, relation):
    assert meaning(written) == relation


@pytest.mark.parametrize("written", ["riding", "not left of", "left of or right of", "", "of the", "é", "x" * 10_000])
def test_other_words_mean_themselves(written):
    assert meaning(written)[0] not in WAYS_TO_SAY
    assert claim("a", written, "b") == claim("a", written.upper(), "b")


@pytest.mark.parametrize(
    ("a", "b"),
    [
        (("a", "left of", "b"), ("a", "right of", "b")),
        (("a", "left of", "b"), ("b", "left of", "a")),
        (("a", "on", "b"), ("a", "below", "b")),
        (("a", "near", "b"), ("b", "far from", "a")),
        (("a", "touching", "b"), ("a", "far from", "b")),
    ],
)
def test_opposites_contradict_each_other(a, b):
    assert contradict(claim(*a), claim(*b))
    assert contradict(claim(*b), claim(*a))


@pytest.mark.parametrize(
    ("a", "b"),
    [
        (("a", "left of", "b"), ("b", "right of", "a")),
        (("a", "left of", "b"), ("a", "above", "b")),
        (("a", "on", "b"), ("b", "below", "a")),
        (("a", "near", "b"), ("b", "near", "a")),
        (("a", "left of", "b"), ("c", "left of", "a")),
        (("a", "riding", "b"), ("b", "riding", "a")),
    ],
)
def test_what_can_hold_together_does_not_contradict(a, b):
    assert not contradict(claim(*a), claim(*b))


def test_a_narrow_claim_implies_a_broader_one():
    assert broader(claim("b", "on", "a")) == Claim("b", "above", "a")
    assert broader(claim("b", "inside", "a")) == Claim("a", "near", "b")
    assert broader(claim("a", "left of", "b")) is None


def test_every_way_to_say_something_has_one_meaning():
    ways = [way for table in (WAYS_TO_SAY, WAYS_TO_SAY_CONVERSE) for relation in table.values() for way in relation]
    assert len(ways) == len(set(ways)) == len(MEANINGS)
    assert all(meaning(way) == MEANINGS[way] for way in ways)
    assert {*BROADER.keys(), *BROADER.values(), *SYMMETRIC} <= WAYS_TO_SAY.keys()
