"""The families that the way a thing faces decides. The first thing has a front; of two that are compared, both have. None
where the margins below leave it open.
"""

import math
from collections.abc import Sequence

from spatialrl.generators.spatial_3d.draft import Asked
from spatialrl.generators.spatial_3d.scene import Thing
from spatialrl.generators.spatial_3d.sentences import at, axis, between_fronts, camera_at, number_text, turn, vector
from spatialrl.generators.spatial_3d.stage import Stage

SIDE = 0.35
"""Least cosine of what is in front, behind, left or right; 20 degrees off the line between the two."""
QUADRANT = 0.3
"""By which the cosine of the nearest of four sides exceeds that of the next."""
ALIGNED = math.cos(math.radians(20))
"""Least |cosine| of two fronts in line."""
ACROSS = math.sin(math.radians(20))
"""Greatest |cosine| of two fronts at a right angle."""
FACED, NOT_FACED = math.cos(math.radians(40)), math.cos(math.radians(65))
"""Of the way to what is faced at least, and of the way to what isn't at most."""
APART_M = 0.5
"""Least distance of what is on a side."""
SIDES = ("front", "back", "left", "right")


def orientation_in_front_of(stage: Stage, things: Sequence[Thing], other: bool) -> Asked | None:
    return _one_axis(stage, things, "front", "in front of it or behind it", ("in front of it", "behind it"))


def orientation_on_the_left(stage: Stage, things: Sequence[Thing], other: bool) -> Asked | None:
    return _one_axis(stage, things, "left", "on its left or on its right", ("on the left", "on the right"))


def orientation_viewpoint(stage: Stage, things: Sequence[Thing], other: bool) -> Asked | None:
    question = f"Which side of the {things[0].name} is turned to the camera: its front, back, left or right side?"
    return _quadrant(stage, things[0], None, question, (camera_at(stage), *at(stage, things[0])))


def multi_object_viewpoint_towards_object(stage: Stage, things: Sequence[Thing], other: bool) -> Asked | None:
    first, second = things
    question = f"Which side of the {first.name} is turned to the {second.name}: its front, back, left or right side?"
    return _quadrant(stage, first, second, question, tuple(at(stage, first, second)))


def multi_object_parallel(stage: Stage, things: Sequence[Thing], other: bool) -> Asked | None:
    first, second = things
    value = stage.between_fronts(first, second)
    if ACROSS < abs(value) < ALIGNED:
        return None
    words = ("parallel", "perpendicular")
    question = f"Are the ways that the {first.name} and the {second.name} face parallel or perpendicular to each other?"
    right = 0 if abs(value) >= ALIGNED else 1
    return _two_fronts(stage, things, question, words, right, "near 1 or -1" if right == 0 else "near 0")


def multi_object_same_direction(stage: Stage, things: Sequence[Thing], other: bool) -> Asked | None:
    first, second = things
    value = stage.between_fronts(first, second)
    if abs(value) < ALIGNED:
        return None
    words = ("the same direction", "opposite directions")
    question = f"Do the {first.name} and the {second.name} face the same direction or opposite directions?"
    return _two_fronts(stage, things, question, words, int(value < 0), "near 1" if value > 0 else "near -1")


def multi_object_facing(stage: Stage, things: Sequence[Thing], other: bool) -> Asked | None:
    first, *pair = things
    turns = [stage.turn("front", first, thing) for thing in pair]
    if max(turns) < FACED or min(turns) > NOT_FACED or _is_close(stage, first, *pair):
        return None
    right = turns.index(max(turns))
    return Asked(
        question=f"Does the {first.name} face the {pair[0].name} or the {pair[1].name}?",
        options=tuple(f"the {thing.name}" for thing in pair),
        right=right,
        write=lambda: (
            *at(stage, *things),
            *(vector(stage, first, thing) for thing in pair),
            axis(stage, "front", first),
            *(turn(stage, "front", first, thing) for thing in pair),
            f"{number_text(turns[right])} is more than {number_text(turns[1 - right])}: "
            f"the {first.name} faces the {pair[right].name}.",
        ),
    )


def _one_axis(stage: Stage, things: Sequence[Thing], side: str, words: str, options: tuple[str, str]) -> Asked | None:
    first, second = things
    value = stage.turn(side, first, second)
    if abs(value) < SIDE or _is_close(stage, first, second):
        return None
    right = int(value < 0)
    return Asked(
        question=f"From the view of the {first.name}, as its front looks, is the {second.name} {words}?",
        options=options,
        right=right,
        write=lambda: (
            *at(stage, first, second),
            vector(stage, first, second),
            axis(stage, side, first),
            turn(stage, side, first, second),
            f"{number_text(value)} is {'above' if value > 0 else 'below'} 0: the {second.name} is {options[right]}.",
        ),
    )


def _quadrant(stage: Stage, first: Thing, target: Thing | None, question: str, places: tuple[str, ...]) -> Asked | None:
    front, left = stage.turn("front", first, target), stage.turn("left", first, target)
    leans = (front, -front, left, -left)
    best, second = sorted(leans, reverse=True)[:2]
    if best - max(second, 0.0) < QUADRANT or _is_close(stage, first, target):
        return None
    right = leans.index(best)
    return Asked(
        question=question,
        options=SIDES,
        right=right,
        write=lambda: (
            *places,
            vector(stage, first, target),
            axis(stage, "front", first),
            axis(stage, "left", first),
            turn(stage, "front", first, target),
            turn(stage, "left", first, target),
            f"Of {number_text(front)} to the front and {number_text(left)} to the left, "
            f"the larger in size points to the {SIDES[right]}.",
        ),
    )


def _two_fronts(
    stage: Stage, things: Sequence[Thing], question: str, options: tuple[str, str], right: int, why: str
) -> Asked:
    first, second = things
    value = number_text(stage.between_fronts(first, second))
    return Asked(
        question=question,
        options=options,
        right=right,
        write=lambda: (
            axis(stage, "front", first),
            axis(stage, "front", second),
            between_fronts(stage, first, second),
            f"{value} is {why}: {options[right]}.",
        ),
    )


def _is_close(stage: Stage, first: Thing, *targets: Thing | None) -> bool:
    """Seen from above: what is over or under a thing is on no side of it."""
    ways = (stage.vector(first, target) for target in targets)
    return any(math.hypot(x, z) < APART_M for x, _, z in ways)
