"""The families that compare: which of four is closest, which of four comes into sight first."""

from collections.abc import Sequence
from itertools import pairwise, permutations

from spatialrl.dice import Dice
from spatialrl.generators.video_qa.blocks import gap
from spatialrl.generators.video_qa.draft import Draft
from spatialrl.generators.video_qa.scene import Scene, Sight, Thing
from spatialrl.scenes.questions.draft import Prior

NUM_CHOICES = 4
DISTANCE_M = 0.3
"""By which the closest of four is closer than the next."""
DISTANCE_SHARE = 0.15
"""And by which share of its distance."""
TRIES = 12
"""Sets of four that are looked at for every thing, or scene."""


def object_rel_distance(scene: Scene, dice: Dice) -> list[Draft]:
    drafts = []
    for anchor in scene.single:
        others = [thing for thing in scene.single if thing is not anchor]
        if len(others) < NUM_CHOICES:
            return []
        for _ in range(TRIES):
            draft = _closest(anchor, dice.sample(others, NUM_CHOICES))
            drafts += [draft] if draft else []
    return drafts


def obj_appearance_order(scene: Scene, dice: Dice) -> list[Draft]:
    known = [thing for thing in scene.single if thing.sight]
    drafts = []
    for _ in range(TRIES if len(known) >= NUM_CHOICES else 0):
        chosen = dice.sample(known, NUM_CHOICES)
        order = in_order(chosen, scene.shown_s)
        if order:
            drafts.append(_appearance(chosen, order, dice))
    return drafts


def in_order(things: Sequence[Thing], shown_s: Sequence[float]) -> list[Thing]:
    """By the moment at which they come into sight; empty where one is glimpsed before a frame shows the one before it
    well."""
    timed = sorted(((thing, _sight(thing)) for thing in things), key=lambda pair: pair[1].clear_s)
    is_told = all(
        any(earlier.clear_s <= moment < later.glimpsed_s for moment in shown_s)
        for (_, earlier), (_, later) in pairwise(timed)
    )
    return [thing for thing, _ in timed] if is_told else []


def _closest(anchor: Thing, chosen: Sequence[Thing]) -> Draft | None:
    gaps = {thing.name: gap(anchor.block, thing.block) for thing in chosen}
    best, second = sorted(gaps.values())[:2]
    if second - best < max(DISTANCE_M, DISTANCE_SHARE * best):
        return None
    names = [thing.name for thing in chosen]
    answer = min(gaps, key=gaps.__getitem__)
    by_size = sorted(chosen, key=lambda thing: (thing.block.longest_m, thing.name))
    rank = [thing.name for thing in by_size].index(answer)
    told = ", ".join(f"{name} {gaps[name]:.1f} m" for name in names)
    return Draft(
        question=(
            f"Measuring from the closest point of each object, which of these objects ({', '.join(names)}) is the "
            f"closest to the {anchor.name}?"
        ),
        answer=answer,
        options=tuple(names),
        thought=f"From the {anchor.name}: {told}. The least is {gaps[answer]:.1f} m, to the {answer}.",
        priors=(
            Prior(key="closest place", result=str(names.index(answer)), num_results=NUM_CHOICES),
            Prior(key="closest size", result=str(rank), num_results=NUM_CHOICES),
        ),
    )


def _appearance(chosen: Sequence[Thing], order: Sequence[Thing], dice: Dice) -> Draft:
    right = _list(order)
    wrong = [_list(other) for other in permutations(chosen) if list(other) != list(order)]
    told = ", ".join(f"{thing.name} {_sight(thing).clear_s:.1f} s" for thing in order)
    places = [list(chosen).index(thing) for thing in order]
    return Draft(
        question=(
            f"What will be the first-time appearance order of the following categories in the video: {_list(chosen)}?"
        ),
        answer=right,
        options=(right, *dice.sample(wrong, NUM_CHOICES - 1)),
        thought=f"They are first seen at: {told}. So the order is {right}.",
        priors=(Prior(key="first to appear", result=str(places[0]), num_results=NUM_CHOICES),),
    )


def _sight(thing: Thing) -> Sight:
    assert thing.sight is not None, thing.name
    return thing.sight


def _list(things: Sequence[Thing]) -> str:
    return ", ".join(thing.name for thing in things)
