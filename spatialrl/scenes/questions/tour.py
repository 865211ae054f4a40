"""What only a walk through the room shows: in which order things appear, and where a thing is for somebody who stands
at a second and faces a third. The families `appearance_order` and `relative_direction`.
"""

import math
from itertools import pairwise, permutations

from spatialrl.dice import Dice
from spatialrl.scenes.geometry import angle_of
from spatialrl.scenes.questions.draft import Draft, Prior, the
from spatialrl.scenes.truth import Sighting, View

ORDERED = 3
"""Things to put in order."""
NUM_ORDERS = 4
FRAME_MARGIN = 2
"""Frames between one thing's appearance and the next."""
ANGLE_MARGIN = math.radians(15)
APART_M = 0.8

Sectors = dict[str, tuple[float, float]]
"""Name to its two edges in radians, counter-clockwise from straight ahead."""
QUARTER = math.pi / 2
DIRECTIONS: dict[str, Sectors] = {
    "to my left or to my right": {"left": (0.0, 2 * QUARTER), "right": (2 * QUARTER, 4 * QUARTER)},
    "to my left, to my right or at my back": {
        "left": (0.0, 1.5 * QUARTER),
        "right": (2.5 * QUARTER, 4 * QUARTER),
        "back": (1.5 * QUARTER, 2.5 * QUARTER),
    },
    "to my front left, front right, back left or back right": {
        "front left": (0.0, QUARTER),
        "front right": (3 * QUARTER, 4 * QUARTER),
        "back left": (QUARTER, 2 * QUARTER),
        "back right": (2 * QUARTER, 3 * QUARTER),
    },
}


def appearance_order(view: View, dice: Dice) -> list[Draft]:
    chosen = dice.sample(view.nameable, ORDERED)
    right = sorted(chosen, key=lambda sighting: sighting.first_frame)
    waits = [later.first_frame - earlier.first_frame for earlier, later in pairwise(right)]
    if len(chosen) < ORDERED or min(waits) < FRAME_MARGIN:
        return []
    wrong = [order for order in permutations(chosen) if list(order) != right]
    names = ", ".join(sighting.name for sighting in chosen)
    frames = ", ".join(f"{sighting.name} frame {sighting.first_frame}" for sighting in right)
    return [
        Draft(
            question=f"In which order do these appear for the first time in the video: {names}?",
            subjects=tuple(chosen),
            answer=_list(right),
            options=tuple(_list(order) for order in [right, *dice.sample(wrong, NUM_ORDERS - 1)]),
            because=frames,
            related=False,
        )
    ]


def relative_direction(view: View, dice: Dice) -> list[Draft]:
    drafts = []
    for here, ahead, target in permutations(view.nameable, 3):
        angle = _angle(here, ahead, target)
        if angle is not None:
            drafts += [_direction(here, ahead, target, angle, words) for words in DIRECTIONS]
    return [draft for draft in drafts if draft]


def _direction(here: Sighting, ahead: Sighting, target: Sighting, angle: float, words: str) -> Draft | None:
    sectors = DIRECTIONS[words]
    inside = [name for name, (low, high) in sectors.items() if low + ANGLE_MARGIN <= angle <= high - ANGLE_MARGIN]
    if not inside:
        return None
    answer = inside[0]
    return Draft(
        question=f"If I stand by {the(here)} and face {the(ahead)}, is {the(target)} {words}?",
        subjects=(here, ahead, target),
        answer=answer,
        options=tuple(sectors),
        because=f"{target.name} is {round(math.degrees(angle))} degrees to the left of {ahead.name}, so {answer}",
        priors=(Prior(key=f"direction {len(sectors)}", result=answer, num_results=len(sectors)),),
        related=False,
    )


def _angle(here: Sighting, ahead: Sighting, target: Sighting) -> float | None:
    """Radians from what is faced to the target, counter-clockwise, 0 to 2 pi; None where things are too close."""
    x, y, _ = here.thing.centre
    (ax, ay), (tx, ty) = ((s.thing.centre[0] - x, s.thing.centre[1] - y) for s in (ahead, target))
    if min(ax * ax + ay * ay, tx * tx + ty * ty) < APART_M * APART_M:
        return None
    angle = angle_of(ax * tx + ay * ty, ax * ty - ay * tx)
    return angle if angle >= 0 else angle + 2 * math.pi


def _list(order: list[Sighting] | tuple[Sighting, ...]) -> str:
    return ", ".join(sighting.name for sighting in order)
