"""What a predicate says about space: a closed list of relations, the ways to write each, which of them are each other's
converse, and which can't hold together. `A right of B` and `B to the left of A` become the same claim.

Predicates outside the list keep their words and agree with the same words only.
"""

import re
from dataclasses import dataclass

SIDES = ("{}", "on {}", "at {}", "{} side", "on {} side", "at {} side", "in {} side", "on {} hand side", "{} hand side")
WAYS_TO_SAY: dict[str, tuple[str, ...]] = {
    "left of": tuple(way.format("left") for way in SIDES),
    "above": ("above", "over", "higher", "higher than"),
    "in front of": ("in front", "front", "at front", "ahead"),
    "on": ("on", "on top", "atop", "upon", "onto", "top", "supported by"),
    "inside": ("inside", "in", "within", "into", "contained in", "contained by", "enclosed in", "enclosed by"),
    "near": ("near", "next", "beside", "by", "close", "close by", "nearby", "adjacent", "alongside"),
    "far from": ("far", "far from", "away", "away from", "far away", "far away from", "distant", "distant from"),
    "touching": ("touching", "touches", "in contact", "in contact with", "against", "attached"),
}
"""Each without the words in FILLERS."""
WAYS_TO_SAY_CONVERSE: dict[str, tuple[str, ...]] = {
    "left of": tuple(way.format("right") for way in SIDES),
    "above": ("below", "under", "beneath", "underneath", "lower", "lower than"),
    "in front of": ("behind", "in back", "at back", "back"),
    "on": ("supporting", "supports"),
    "inside": ("contains", "containing", "encloses", "enclosing"),
}
"""`A below B` says what `B above A` says. The relations that are not here are symmetric."""
MEANINGS = {way: (relation, False) for relation, ways in WAYS_TO_SAY.items() for way in ways}
MEANINGS |= {way: (relation, True) for relation, ways in WAYS_TO_SAY_CONVERSE.items() for way in ways}
BROADER = {"on": "above", "touching": "near", "inside": "near"}
"""What a relation implies, and says more than."""
EXCLUSIVE = frozenset(("near", "far from"))
SYMMETRIC = WAYS_TO_SAY.keys() - WAYS_TO_SAY_CONVERSE.keys()

SAYS_NOTHING = """
    is are was were be being the a an to of its directly slightly immediately just partially
    located positioned situated placed standing sitting seated lying laying resting leaning
    parked mounted walking growing painted
"""
FILLERS = frozenset(SAYS_NOTHING.split())
"""Words that change nothing about where things are."""
WORD = re.compile(r"[^\W_]+")
MAX_PREDICATE = 100
"""Characters; what is longer is read up to there."""


@dataclass(frozen=True, slots=True, order=True)
class Claim:
    """A relation between two objects, in the one form in which claims are compared."""

    subject: str
    relation: str
    object: str


def claim(subject: str, predicate: str, thing: str) -> Claim:
    relation, is_converse = meaning(predicate)
    return _claim(thing, relation, subject) if is_converse else _claim(subject, relation, thing)


def meaning(predicate: str) -> tuple[str, bool]:
    """The relation, and whether it holds of the object towards the subject: `below` is (`above`, True)."""
    words = WORD.findall(predicate[:MAX_PREDICATE].lower())
    plain = " ".join([word for word in words if word not in FILLERS] or words)
    return MEANINGS.get(plain, (plain, False))


def broader(narrow: Claim) -> Claim | None:
    """What a claim implies: `A on B` that A is above B."""
    relation = BROADER.get(narrow.relation)
    return _claim(narrow.subject, relation, narrow.object) if relation else None


def contradict(a: Claim, b: Claim) -> bool:
    """Whether two claims, or what they imply, can't both be true: left and right, on and below, near and far."""
    return any(_exclude(each, other) for each in (a, broader(a)) for other in (b, broader(b)))


def _claim(subject: str, relation: str, thing: str) -> Claim:
    if relation in SYMMETRIC and thing < subject:
        subject, thing = thing, subject
    return Claim(subject, relation, thing)


def _exclude(a: Claim | None, b: Claim | None) -> bool:
    if a is None or b is None:
        return False
    if a.relation == b.relation:
        is_converse = (a.subject, a.object) == (b.object, b.subject)
        return is_converse and a.relation in WAYS_TO_SAY_CONVERSE
    return {a.relation, b.relation} == EXCLUSIVE and (a.subject, a.object) == (b.subject, b.object)
