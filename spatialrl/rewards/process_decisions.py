"""What follows from a chain of thought in explicit 3D, for each of the twelve kinds of question of 3DSRBench
(arXiv:2412.07825): the words or names that the numbers speak for, and those that they speak against.

A decision too close to call speaks for nothing; numbers that are missing give no decision.
"""

import math
import re
from collections.abc import Callable
from dataclasses import dataclass

from spatialrl.rewards.parse import CAMERA, Axis, Span
from spatialrl.rewards.process import ABSOLUTE, Program, cosine, minus

Words = tuple[str, ...]

FRONT: Words = ("front",)
BACK: Words = ("back", "behind", "rear")
LEFT: Words = ("left",)
RIGHT: Words = ("right",)
ABOVE: Words = ("above", "over", "on top")
BELOW: Words = ("below", "under", "beneath", "underneath")
NEAR: Words = ("next to", "near", "close", "adjacent", "beside")
FAR: Words = ("far", "away", "apart", "not next to")
PARALLEL: Words = ("parallel",)
PERPENDICULAR: Words = ("perpendicular", "not parallel")
SAME: Words = ("same", "similar")
OPPOSITE: Words = ("opposite", "different")
LEAST: Words = ("lower", "lowest", "shorter", "closer", "closest", "nearer", "nearest")
MOST: Words = ("higher", "highest", "taller", "farther", "further", "farthest", "furthest")

HALF_RIGHT_ANGLE = math.cos(math.radians(45))
NEXT_TO_M = (0.5, 2.0)
"""Below is next to each other, above is far apart; where the limit lies between the two is open."""


@dataclass(frozen=True, slots=True)
class Decision:
    fits: Words
    refuted: Words


OPEN = Decision((), ())


def follows(option: str, question: str, decision: Decision) -> bool | None:
    """Whether an option says what was decided; None where its words do not tell."""
    said = _verdict(option, decision)
    if said is not None:
        return said
    first_word = _words(option).strip().partition(" ")[0]
    asked = _verdict(question, decision)
    return None if first_word not in ("yes", "no") or asked is None else asked == (first_word == "yes")


def _verdict(text: str, decision: Decision) -> bool | None:
    """None where neither side is named, or both. A phrase inside one of the other side is not named by it:
    `not parallel`, `water bottle` beside `bottle`."""
    fits, refuted = (_named(text, phrases) for phrases in (decision.fits, decision.refuted))
    said = any(not _inside(phrase, refuted) for phrase in fits)
    denied = any(not _inside(phrase, fits) for phrase in refuted)
    return None if said == denied else said


def _named(text: str, phrases: Words) -> list[str]:
    return [_words(phrase) for phrase in phrases if _words(phrase) in _words(text)]


def _inside(phrase: str, others: list[str]) -> bool:
    return any(phrase != other and phrase in other for other in others)


def _words(text: str) -> str:
    return " " + " ".join(re.findall(r"\w+", text.lower())) + " "


def higher(program: Program, question: str) -> Decision | None:
    return _extreme({name: program.places[name][1] for name in program.things}, question, least=False)


def above(program: Program, question: str) -> Decision | None:
    """Of the two things in the order in which the question names them. The higher one need not be right above."""
    named = sorted(program.things, key=lambda name: _words(question).find(_words(name)))
    if len(named) != 2:
        return None
    rise = program.places[named[0]][1] - program.places[named[1]][1]
    return OPEN if rise > -ABSOLUTE else Decision(BELOW, ABOVE)


def closer_to_camera(program: Program, question: str) -> Decision | None:
    return _extreme(_distances(program, CAMERA), question, least=True)


def next_to(program: Program, question: str) -> Decision | None:
    if len(program.things) != 2:
        return None
    metres = program.distance(*program.things) or 0.0
    low, high = NEXT_TO_M
    return Decision(NEAR, FAR) if metres < low else Decision(FAR, NEAR) if metres > high else OPEN


def in_front_of(program: Program, question: str) -> Decision | None:
    return _side(_turn(program, "front"), FRONT, BACK)


def on_the_left(program: Program, question: str) -> Decision | None:
    return _side(_turn(program, "left"), LEFT, RIGHT)


def viewpoint(program: Program, question: str) -> Decision | None:
    """The side that the camera sees."""
    return _quadrant(program, CAMERA)


def viewpoint_towards(program: Program, question: str) -> Decision | None:
    """The side that another thing is on."""
    return _quadrant(program, "")


def closer_to(program: Program, question: str) -> Decision | None:
    """Of two things, to the third that both distances are measured from."""
    anchor = _first_named(program, question)
    return None if len(program.things) < 3 else _extreme(_distances(program, anchor), question, least=True)


def parallel(program: Program, question: str) -> Decision | None:
    value = _between_fronts(program)
    return None if value is None else _side(abs(value) - HALF_RIGHT_ANGLE, PARALLEL, PERPENDICULAR)


def same_direction(program: Program, question: str) -> Decision | None:
    return _side(_between_fronts(program), SAME, OPPOSITE)


def facing(program: Program, question: str) -> Decision | None:
    """Of the other things, the one that the front points at best."""
    axis = _only_axis(program, "front")
    if axis is None or axis.name not in program.places:
        return None
    turns = {name: program.cosine(axis, Span(axis.name, name)) for name in program.things if name != axis.name}
    known = {name: value for name, value in turns.items() if value is not None}
    return _extreme(known, "", least=False)


DECISIONS: dict[str, Callable[[Program, str], Decision | None]] = {
    "height_higher": higher,
    "location_above": above,
    "location_closer_to_camera": closer_to_camera,
    "location_next_to": next_to,
    "orientation_in_front_of": in_front_of,
    "orientation_on_the_left": on_the_left,
    "orientation_viewpoint": viewpoint,
    "multi_object_closer_to": closer_to,
    "multi_object_parallel": parallel,
    "multi_object_same_direction": same_direction,
    "multi_object_facing": facing,
    "multi_object_viewpoint_towards_object": viewpoint_towards,
}
"""By `Task.family`."""


def _extreme(values: dict[str, float], question: str, *, least: bool) -> Decision | None:
    """The name with the least or the greatest value; the question may ask for the other end."""
    if len(values) < 2:
        return None
    words = _words(question)
    opposite = MOST if least else LEAST
    turned = any(f" {word} " in words for word in opposite) and not any(
        f" {word} " in words for word in (LEAST if least else MOST)
    )
    ranked = sorted(values, key=values.__getitem__, reverse=least == turned)
    if abs(values[ranked[0]] - values[ranked[1]]) < ABSOLUTE:
        return OPEN
    return Decision((ranked[0],), tuple(ranked[1:]))


def _side(value: float | None, fits: Words, refuted: Words) -> Decision | None:
    if value is None:
        return None
    if abs(value) < ABSOLUTE:
        return OPEN
    return Decision(fits, refuted) if value > 0 else Decision(refuted, fits)


def _quadrant(program: Program, target: str) -> Decision | None:
    front, left = _turn(program, "front", target), _turn(program, "left", target)
    if front is None or left is None:
        return None
    if abs(abs(front) - abs(left)) < ABSOLUTE:
        return OPEN
    sides = {FRONT: front, BACK: -front, LEFT: left, RIGHT: -left}
    fits = max(sides, key=sides.__getitem__)
    return Decision(fits, tuple(word for side in sides if side != fits for word in side))


def _turn(program: Program, side: str, target: str = "") -> float | None:
    """Cosine between the one stated axis of this side and the way from its owner to the target, or to the only other
    thing."""
    axis = _only_axis(program, side)
    others = [target] if target else [name for name in program.things if axis and name != axis.name]
    if axis is None or len(others) != 1:
        return None
    return program.cosine(axis, Span(axis.name, others[0]))


def _only_axis(program: Program, side: str) -> Axis | None:
    axes = [axis for axis in program.axes if axis.side == side]
    return axes[0] if len(axes) == 1 else None


def _between_fronts(program: Program) -> float | None:
    fronts = [value for axis, value in program.axes.items() if axis.side == "front"]
    return cosine(*fronts) if len(fronts) == 2 else None


def _distances(program: Program, anchor: str) -> dict[str, float]:
    centre = program.place(anchor)
    others = (name for name in program.things if name != anchor)
    return {} if centre is None else {name: math.hypot(*minus(program.places[name], centre)) for name in others}


def _first_named(program: Program, question: str) -> str:
    """Which object is the cup closer to, the lamp or the box? The cup."""
    words = _words(question)
    named = {name: words.find(_words(name)) for name in program.things}
    return min((name for name, at in named.items() if at >= 0), key=named.__getitem__, default="")
