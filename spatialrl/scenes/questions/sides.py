"""Where one thing is towards another: the family `relation`. Which of two opposite answers is right does not depend on
which thing is named first, for each pair is offered both ways round.
"""

from itertools import permutations

from spatialrl.dice import Dice
from spatialrl.scenes.catalogue import KINDS
from spatialrl.scenes.questions.draft import Draft, Prior, the
from spatialrl.scenes.relations import OPPOSITE, depth_relation, height_relation, holding, side_relation
from spatialrl.scenes.truth import Sighting, View


def relation(view: View, dice: Dice) -> list[Draft]:
    drafts = []
    for first, second in permutations(view.nameable, 2):
        drafts += _support(first, second)
        if not holding(first.thing, second.thing):
            drafts += _apart(first, second)
    return drafts


def _support(first: Sighting, second: Sighting) -> list[Draft]:
    """Whether a thing is on, or inside, another that could hold it."""
    held = KINDS[second.thing.category].holds
    if not held or not KINDS[first.thing.category].small:
        return []
    answer = "yes" if first.thing.holder == second.id else "no"
    kinds = f"{first.thing.category} {held} {second.thing.category}"
    return [
        Draft(
            question=f"Is {the(first)} {held} {the(second)}?",
            subjects=(first, second),
            answer=answer,
            options=("yes", "no"),
            because=f"{first.name} is {'' if answer == 'yes' else 'not '}{held} {second.name}, so {answer}",
            priors=(Prior(key=held, result=answer, num_results=2), Prior(key=kinds, result=answer, num_results=2)),
        )
    ]


def _apart(first: Sighting, second: Sighting) -> list[Draft]:
    side, depth, height = (rule(first, second) for rule in (side_relation, depth_relation, height_relation))
    (x1, y1), (x2, y2) = first.middle, second.middle
    drafts = [
        _draft(first, second, side, _because(first, second, "x", x1, x2)),
        _draft(first, second, depth, _because(first, second, "depth", round(first.depth, 1), round(second.depth, 1))),
        _draft(first, second, height, _because(first, second, "y", y1, y2)),
    ]
    return [draft for draft in drafts if draft]


def _draft(first: Sighting, second: Sighting, predicate: str, because: str) -> Draft | None:
    """Two opposite options. Balanced in the words of the answer, and for each pair of kinds."""
    if not predicate:
        return None
    options = tuple(sorted((predicate, OPPOSITE[predicate])))
    kinds = (first.thing.category, second.thing.category)
    in_order = predicate if kinds == tuple(sorted(kinds)) else OPPOSITE[predicate]
    axis = " or ".join(options)
    return Draft(
        question=f"Is {the(first)} {axis} {the(second)}?",
        subjects=(first, second),
        answer=predicate,
        options=options,
        because=f"{because}, so {predicate}",
        priors=(
            Prior(key=axis, result=predicate, num_results=2),
            Prior(key=f"{axis} {sorted(kinds)}", result=in_order, num_results=2),
        ),
    )


def _because(first: Sighting, second: Sighting, what: str, one: float, other: float) -> str:
    sign = "<" if one < other else ">"
    return f"{first.name} {what} {one} {sign} {second.name} {what} {other}"
