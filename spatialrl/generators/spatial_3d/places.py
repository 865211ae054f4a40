"""The families that places decide: which is higher, whether it is above, which is nearer to the camera or to a third, and
whether two are next to each other. None where the margins below leave it open.
"""

from collections.abc import Sequence

from spatialrl.generators.spatial_3d.draft import Asked
from spatialrl.generators.spatial_3d.scene import Thing, gap, level_gap
from spatialrl.generators.spatial_3d.sentences import at, between, camera_at, from_camera, number_text
from spatialrl.generators.spatial_3d.stage import Stage

HEIGHT_M = 0.25
"""Between two centres, of which the lower one has also the lower top and underside."""
RESTS_M = 0.1
"""By which what is directly above may seem to reach into what is below."""
ASIDE_M = 0.3
"""Between what is not directly above and the other, seen from above."""
CAMERA_M, CAMERA_SHARE = 0.4, 0.1
"""By which, and by what share of the nearer one's distance, one of two must be farther from the camera."""
NEAR_GAP_M, NEAR_M = 0.4, 1.6
"""At most: between the blocks around two things next to each other, and between their centres."""
FAR_GAP_M, FAR_M = 1.5, 2.1
"""At least, for what is far away from each other."""
THIRD_M, THIRD_SHARE = 0.4, 0.15
"""By which, and by what share, one of two must be farther from a third; their blocks in the same order."""


def height_higher(stage: Stage, things: Sequence[Thing], other: bool) -> Asked | None:
    first, second = things
    rise = stage.place(first)[1] - stage.place(second)[1]
    upper, lower = (first, second) if rise > 0 else (second, first)
    if abs(rise) < HEIGHT_M or upper.high[1] < lower.high[1] or upper.low[1] < lower.low[1] - RESTS_M:
        return None
    asked = lower if other else upper
    heights = [number_text(stage.place(thing)[1]) for thing in (upper, lower)]
    word = "lower" if other else "higher"
    return Asked(
        question=f"Which has its centre {word} above the floor, the {first.name} or the {second.name}?",
        options=_names(first, second),
        right=things.index(asked),
        write=lambda: (
            *at(stage, first, second),
            f"{heights[0]} is more than {heights[1]}: the {asked.name} is {word}.",
        ),
        word=word,
    )


def location_above(stage: Stage, things: Sequence[Thing], other: bool) -> Asked | None:
    """No: the second is directly above the first, or the first is off to a side."""
    first, second = things
    if first.low[1] >= second.high[1] - RESTS_M and _over(first, second):
        right, why = 0, f"the {first.name} is higher, and there is no way to the side between them"
    elif second.low[1] >= first.high[1] - RESTS_M and _over(second, first):
        right, why = 1, f"the {first.name} is lower than the {second.name}"
    elif level_gap(first, second) >= ASIDE_M:
        right, why = 1, f"the {first.name} is off to a side of the {second.name}"
    else:
        return None
    return Asked(
        question=f"Is the {first.name} directly above the {second.name}?",
        options=("yes", "no"),
        right=right,
        write=lambda: (*at(stage, first, second), f"By these, {why}."),
    )


def location_closer_to_camera(stage: Stage, things: Sequence[Thing], other: bool) -> Asked | None:
    """The same seen from the camera and from the floor below it."""
    metres = [stage.distance(thing, None) for thing in things]
    level = [sum(side * side for side in stage.place(thing)) ** 0.5 for thing in things]
    nearer = min(metres)
    if abs(metres[0] - metres[1]) < max(CAMERA_M, CAMERA_SHARE * nearer) or not _same_order(metres, level):
        return None
    near = metres.index(nearer)
    word, right = ("farther from", 1 - near) if other else ("closer to", near)
    return Asked(
        question=f"Which is {word} the camera, the {things[0].name} or the {things[1].name}?",
        options=_names(*things),
        right=right,
        write=lambda: (
            camera_at(stage),
            *at(stage, *things),
            *(from_camera(stage, thing) for thing in things),
            _less(metres[near], metres[1 - near], f"the {things[right].name} is {word} the camera"),
        ),
        word=word,
    )


def location_next_to(stage: Stage, things: Sequence[Thing], other: bool) -> Asked | None:
    first, second = things
    apart, metres = gap(first, second), stage.distance(first, second)
    if apart <= NEAR_GAP_M and metres <= NEAR_M:
        right, why = 0, "little more than the size of the two"
    elif apart >= FAR_GAP_M and metres >= FAR_M:
        right, why = 1, "much more than the size of the two"
    else:
        return None
    return Asked(
        question=f"Are the {first.name} and the {second.name} next to each other or far away from each other?",
        options=("next to each other", "far away from each other"),
        right=right,
        write=lambda: (*at(stage, first, second), between(stage, first, second), f"{number_text(metres)} m is {why}."),
    )


def multi_object_closer_to(stage: Stage, things: Sequence[Thing], other: bool) -> Asked | None:
    anchor, *pair = things
    metres = [stage.distance(anchor, thing) for thing in pair]
    gaps = [gap(anchor, thing) for thing in pair]
    if abs(metres[0] - metres[1]) < max(THIRD_M, THIRD_SHARE * min(metres)) or not _same_order(metres, gaps):
        return None
    near = metres.index(min(metres))
    word, right = ("farther from", 1 - near) if other else ("closer to", near)
    return Asked(
        question=f"Is the {anchor.name} {word} the {pair[0].name} or the {pair[1].name}?",
        options=_names(*pair),
        right=right,
        write=lambda: (
            *at(stage, *things),
            *(between(stage, anchor, thing) for thing in pair),
            _less(metres[near], metres[1 - near], f"the {anchor.name} is {word} the {pair[right].name}"),
        ),
        word=word,
    )


def _over(upper: Thing, lower: Thing) -> bool:
    """Whether the centre of the one is over the block around the other."""
    return all(lower.low[axis] <= upper.place[axis] <= lower.high[axis] for axis in (0, 2))


def _same_order(first: Sequence[float], second: Sequence[float]) -> bool:
    return (first[0] - first[1]) * (second[0] - second[1]) > 0


def _names(*things: Thing) -> tuple[str, ...]:
    return tuple(f"the {thing.name}" for thing in things)


def _less(less: float, more: float, so: str) -> str:
    return f"{number_text(less)} m is less than {number_text(more)} m: {so}."
