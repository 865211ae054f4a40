"""How well the relations of two scenes agree, by what they claim. Saying both of two opposites earns neither, saying
things twice or about objects that are not there costs.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from itertools import combinations

from spatialrl.rewards.predicates import WAYS_TO_SAY, Claim, broader, claim, contradict, meaning
from spatialrl.types import Relation

NEARLY = 0.5
"""What a claim is worth that implies a true one, or is implied by it: `above` for `on`."""


def relation_f1(
    guesses: Sequence[Relation],
    truths: Sequence[Relation],
    *,
    names: Mapping[str, str],
    true_names: Mapping[str, str] | None = None,
) -> float:
    """F1 of the guessed claims against the true ones. `names` are the true objects of those guessed ids, in lower case,
    that have one; `true_names` are those of the true ids, where objects go by another name than their id.

    The converse of a claim may stand beside it, as the two are one; 0 where no true relation is there to be found.
    """
    true_claims = _true_claims(truths, true_names or {})
    claims, num_wasted = _claims(guesses, names)
    total = len(claims) + num_wasted + len(true_claims)
    return 2 * _credit(_consistent(claims), true_claims) / total if true_claims else 0.0


def _true_claims(truths: Sequence[Relation], names: Mapping[str, str]) -> set[Claim]:
    """Without those of an object to itself, which nobody can find."""
    ends = [(names.get(each.subject, each.subject), names.get(each.object, each.object)) for each in truths]
    return {
        claim(subject, each.predicate, thing)
        for each, (subject, thing) in zip(truths, ends, strict=True)
        if subject != thing
    }


def _claims(guesses: Sequence[Relation], names: Mapping[str, str]) -> tuple[set[Claim], int]:
    """In true ids, and how many relations claim nothing: of an unknown object, of itself, or once more."""
    stated, claims = set(), set()
    num_wasted = 0
    for each in guesses:
        subject, thing = names.get(each.subject.casefold()), names.get(each.object.casefold())
        statement = (subject, meaning(each.predicate), thing)
        if subject is None or thing is None or subject == thing or statement in stated:
            num_wasted += 1
            continue
        stated.add(statement)
        claims.add(claim(subject, each.predicate, thing))
    return claims, num_wasted


def _consistent(claims: set[Claim]) -> set[Claim]:
    """Without those that another one contradicts."""
    by_pair: dict[frozenset[str], list[Claim]] = defaultdict(list)
    for each in claims:
        if each.relation in WAYS_TO_SAY:
            by_pair[frozenset((each.subject, each.object))].append(each)
    pairs = (pair for known in by_pair.values() for pair in combinations(known, 2))
    return claims - {each for pair in pairs if contradict(*pair) for each in pair}


def _credit(claims: set[Claim], true_claims: set[Claim]) -> float:
    """One for each true claim that is guessed, half for each that is nearly guessed; every guess counts once."""
    nearly = _num_nearly(claims - true_claims, true_claims - claims)
    return len(true_claims & claims) + NEARLY * nearly


def _num_nearly(spare: set[Claim], missed: set[Claim]) -> int:
    """Spare guesses, each beside a missed truth of its own that it implies or is implied by."""
    narrower: dict[Claim | None, list[Claim]] = defaultdict(list)
    for guess in sorted(spare):
        narrower[broader(guess)].append(guess)
    left = set(spare)
    for truth in sorted(missed):
        found = next((guess for guess in (broader(truth), *narrower[truth]) if guess in left), None)
        if found:
            left.remove(found)
    return len(spare) - len(left)
