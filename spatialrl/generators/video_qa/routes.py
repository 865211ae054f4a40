"""The family `route_planning`: a robot's way from thing to thing, of which the turns are to be filled in."""

import math
from collections.abc import Iterator, Sequence
from itertools import pairwise, permutations, product

from spatialrl.dice import Dice
from spatialrl.generators.video_qa.blocks import contains, crosses
from spatialrl.generators.video_qa.draft import Draft
from spatialrl.generators.video_qa.scene import Scene, Thing
from spatialrl.scenes.geometry import Point, angle_of
from spatialrl.scenes.questions.draft import Prior

TURNS = {"Turn Left": (45.0, 120.0), "Turn Right": (240.0, 315.0), "Turn Back": (150.0, 210.0)}
"""By name, its limits in degrees, counter-clockwise; what lies between them is a close call, or no turn."""
APART_M = 1.0
"""At least between the centres of two stops."""
CLEAR_M = 0.15
"""Between the straight way from stop to stop and anything that stands on the floor."""
KNEE_M = 0.3
"""What reaches no lower than this is no hindrance."""
MOST_WAYS = 200
NUM_STOPS = (3, 4)
"""The start and the things the robot goes to."""
NUM_OPTIONS = 4
FACES_NEXT = 0.4
"""How often the robot faces where it goes first, beside the times that chance makes it."""


def route_planning(scene: Scene, dice: Dice) -> list[Draft]:
    drafts: list[Draft] = []
    for count in NUM_STOPS:
        for way in dice.sample(list(permutations(scene.single, count)), MOST_WAYS):
            others = [thing for thing in scene.single if thing is not way[0]]
            faced = way[1] if dice.chance(FACES_NEXT) else dice.choice(others)
            drafts += _draft(scene, way, faced, dice)
    return dice.sample(drafts, MOST_WAYS)


def turns_of(start: Thing, faced: Thing, stops: Sequence[Thing]) -> list[str | None]:
    """Before each stop: the name of the turn, empty where the robot goes straight on to what it faces, or None in a close
    call."""
    points = [_point(thing) for thing in (start, *stops)]
    headings = [_heading(_point(start), _point(faced))] + [_heading(a, b) for a, b in pairwise(points)]
    found = [_turn(math.degrees(after - before) % 360) for before, after in pairwise(headings)]
    return ["" if stops[0] is faced else found[0], *found[1:]]


def is_free(scene: Scene, first: Thing, second: Thing) -> bool:
    """Whether nothing stands in the straight way between two stops. What a stop stands on, or in, is part of it."""
    ends = _point(first), _point(second)
    if math.dist(*ends) < APART_M:
        return False
    return not any(
        crosses(*ends, block.footprint, clear_m=CLEAR_M)
        for block in scene.obstacles
        if block.low < KNEE_M and not any(contains(block.footprint, end) for end in ends)
    )


def _draft(scene: Scene, way: Sequence[Thing], faced: Thing, dice: Dice) -> Iterator[Draft]:
    start, *stops = way
    turns = turns_of(start, faced, stops)
    named = [turn for turn in turns if turn]
    is_apart = math.dist(_point(start), _point(faced)) >= APART_M
    if None in turns or not named or not is_apart or not all(is_free(scene, a, b) for a, b in pairwise(way)):
        return
    answer = ", ".join(named)
    wrong = [", ".join(other) for other in product(TURNS, repeat=len(named)) if list(other) != named]
    yield Draft(
        question=_question(start, faced, stops, [turn or "" for turn in turns]),
        answer=answer,
        options=(answer, *dice.sample(wrong, NUM_OPTIONS - 1)),
        thought=_thought(way, faced, turns),
        priors=(Prior(key=f"route of {len(named)}", result=answer, num_results=3 if len(named) == 1 else 0),),
    )


def _question(start: Thing, faced: Thing, stops: Sequence[Thing], turns: Sequence[str]) -> str:
    steps: list[str] = []
    for stop, turn in zip(stops, turns, strict=True):
        steps += ["[please fill in]"] if turn else []
        steps.append(f"Go forward until the {stop.name}")
    numbered = " ".join(f"{number}. {step}." for number, step in enumerate(steps, start=1))
    return (
        f"You are a robot beginning at the {start.name} and facing the {faced.name}. You want to navigate to the "
        f"{stops[-1].name}. You will perform the following actions (Note: for each [please fill in], choose either "
        f"'turn back,' 'turn left,' or 'turn right.'): {numbered} You have reached the final destination."
    )


def _thought(way: Sequence[Thing], faced: Thing, turns: Sequence[str | None]) -> str:
    seen = way if faced in way else (*way, faced)
    places = ", ".join(f"{thing.name} ({x:.1f}, {y:.1f})" for thing in seen for x, y in [_point(thing)])
    told = " ".join(
        f"Towards the {stop.name}: {turn.lower()}." for stop, turn in zip(way[1:], turns, strict=True) if turn
    )
    return f"{places}. {told}"


def _turn(degrees: float) -> str | None:
    return next((name for name, (low, high) in TURNS.items() if low <= degrees <= high), None)


def _heading(start: Point, end: Point) -> float:
    return angle_of(end[0] - start[0], end[1] - start[1])


def _point(thing: Thing) -> Point:
    return thing.block.centre[0], thing.block.centre[1]
