"""Which of two things is more: nearer to the camera, nearer to a third, taller. The families `relative_depth`,
`relative_distance` and `relative_size`; each pair is offered with either of the two named first.
"""

from itertools import permutations

from spatialrl.dice import Dice
from spatialrl.scenes.catalogue import KINDS
from spatialrl.scenes.questions.draft import Draft, Prior, the
from spatialrl.scenes.relations import DEPTH_MARGIN_M, gap
from spatialrl.scenes.truth import Sighting, View

DISTANCE_MARGIN_M = 0.3
SIZE_MARGIN = 1.2


def relative_depth(view: View, dice: Dice) -> list[Draft]:
    return [
        _draft(
            "relative_depth",
            f"Which is closer to the camera, {the(first)} or {the(second)}?",
            (first, second),
            _comparison("depth", (first, second), (first.depth, second.depth)),
            winner=min(first, second, key=lambda sighting: sighting.depth),
        )
        for first, second in permutations(view.nameable, 2)
        if abs(first.depth - second.depth) > DEPTH_MARGIN_M
    ]


def relative_distance(view: View, dice: Dice) -> list[Draft]:
    drafts = []
    for anchor, first, second in permutations(view.nameable, 3):
        gaps = gap(anchor.thing, first.thing), gap(anchor.thing, second.thing)
        if abs(gaps[0] - gaps[1]) > DISTANCE_MARGIN_M:
            drafts.append(
                _draft(
                    "relative_distance",
                    f"Which is closer to {the(anchor)}, {the(first)} or {the(second)}?",
                    (anchor, first, second),
                    _comparison(f"distance to {anchor.name}", (first, second), gaps),
                    winner=first if gaps[0] < gaps[1] else second,
                )
            )
    return drafts


def relative_size(view: View, dice: Dice) -> list[Draft]:
    """Between things of one kind: of two kinds, one is known to be the taller."""
    drafts = []
    for first, second in permutations(view.nameable, 2):
        heights = first.thing.size[2], second.thing.size[2]
        if first.thing.category == second.thing.category and max(heights) > SIZE_MARGIN * min(heights):
            drafts.append(
                _draft(
                    "relative_size",
                    f"Which is taller, {the(first)} or {the(second)}?",
                    (first, second),
                    _comparison("height", (first, second), heights, decimals=2),
                    winner=max(first, second, key=lambda sighting: sighting.thing.size[2]),
                )
            )
    return drafts


def _draft(key: str, question: str, subjects: tuple[Sighting, ...], because: str, *, winner: Sighting) -> Draft:
    first, second = subjects[-2:]
    return Draft(
        question=question,
        subjects=subjects,
        answer=the(winner),
        options=(the(first), the(second)),
        because=f"{because}, so {the(winner)}",
        priors=(
            Prior(key=key, result="first" if winner is first else "second", num_results=2),
            *_kind_priors(key, subjects, winner.thing.category),
        ),
    )


def _kind_priors(key: str, subjects: tuple[Sighting, ...], winner: str) -> list[Prior]:
    """For each pair of kinds, and for large against small kinds: large ones hide others and reach further."""
    *anchors, first, second = (subject.thing.category for subject in subjects)
    if first == second:
        return []
    larger = max(sorted((first, second)), key=_usual_area)
    beside = "".join(KINDS[anchor].holds for anchor in anchors)
    return [
        Prior(key=f"{key} {sorted((first, second))}", result=winner, num_results=2),
        Prior(key=f"{key} size {beside}", result="larger" if winner == larger else "smaller", num_results=2),
    ]


def _usual_area(category: str) -> float:
    kind = KINDS[category]
    return sum(kind.length) * sum(kind.width or kind.length)


def _comparison(what: str, pair: tuple[Sighting, Sighting], values: tuple[float, float], *, decimals: int = 1) -> str:
    sign = "<" if values[0] < values[1] else ">"
    first, second = (f"{sighting.name} {round(value, decimals)}" for sighting, value in zip(pair, values, strict=True))
    return f"{what}: {first} {sign} {second}"
