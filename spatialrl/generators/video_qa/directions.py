"""Where a thing is for somebody who stands at a second and faces a third, in two, three or four sectors."""

import math
from collections.abc import Iterator
from itertools import permutations

from spatialrl.dice import Dice
from spatialrl.generators.video_qa.draft import Draft, Family
from spatialrl.generators.video_qa.scene import Scene, Thing
from spatialrl.scenes.geometry import angle_of
from spatialrl.scenes.questions.draft import Prior

MARGIN_DEGREES = 15.0
"""Between what is asked about and the edge of its sector."""
APART_M = 0.8
"""At least between the centres of any two of the three, seen from above."""
MOST_WAYS = 60

Sectors = dict[str, tuple[float, float]]
"""By name, its edges in degrees, counter-clockwise from straight ahead."""
SECTORS: dict[str, Sectors] = {
    "easy": {"left": (0, 180), "right": (180, 360)},
    "medium": {"left": (0, 135), "back": (135, 225), "right": (225, 360)},
    "hard": {"front-left": (0, 90), "back-left": (90, 180), "back-right": (180, 270), "front-right": (270, 360)},
}
QUESTIONS = {
    "easy": "is the {target} to the left or the right of the {faced}?",
    "medium": "is the {target} to my left, right, or back? An object is to my back if I would have to turn at least 135 "
    "degrees in order to face it.",
    "hard": "is the {target} to my front-left, front-right, back-left, or back-right? The directions refer to the "
    "quadrants of a Cartesian plane, if I am at the origin and look along the positive y-axis.",
}


def direction_family(level: str) -> Family:
    return lambda scene, dice: list(_drafts(level, scene, dice))


def degrees_left(here: Thing, faced: Thing, target: Thing) -> float | None:
    """From what is faced to the target, counter-clockwise, 0 to 360; None where two of them are too close."""
    (x, y, _), (fx, fy, _), (tx, ty, _) = (thing.block.centre for thing in (here, faced, target))
    ways = (fx - x, fy - y), (tx - x, ty - y), (tx - fx, ty - fy)
    if min(math.hypot(*way) for way in ways) < APART_M:
        return None
    (ax, ay), (bx, by), _ = ways
    return math.degrees(angle_of(ax * bx + ay * by, ax * by - ay * bx)) % 360


def sector(degrees: float, sectors: Sectors) -> str | None:
    """None within the margin of an edge."""
    return next(
        (name for name, (low, high) in sectors.items() if low + MARGIN_DEGREES <= degrees <= high - MARGIN_DEGREES),
        None,
    )


def _drafts(level: str, scene: Scene, dice: Dice) -> Iterator[Draft]:
    for here, faced, target in dice.sample(list(permutations(scene.single, 3)), MOST_WAYS):
        degrees = degrees_left(here, faced, target)
        answer = None if degrees is None else sector(degrees, SECTORS[level])
        if degrees is None or answer is None:
            continue
        asked = QUESTIONS[level].format(target=target.name, faced=faced.name)
        turn = f"{degrees:.0f} degrees to the left" if degrees <= 180 else f"{360 - degrees:.0f} degrees to the right"
        yield Draft(
            question=f"If I am standing by the {here.name} and facing the {faced.name}, {asked}",
            answer=answer,
            options=tuple(SECTORS[level]),
            thought=f"{_at(here)}, {_at(faced)}, {_at(target)}. I would turn {turn}: {answer}.",
            priors=(Prior(key=level, result=answer, num_results=len(SECTORS[level])),),
        )


def _at(thing: Thing) -> str:
    x, y, _ = thing.block.centre
    return f"{thing.name} ({x:.1f}, {y:.1f})"
