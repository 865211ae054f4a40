"""Questions of 3DSRBench's twelve kinds (arXiv:2412.07825) about a room, whose answers follow from places and fronts by
clear margins. What is true is computed here, by rules of their own.
"""

import math
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import permutations

from spatialrl.bench.integrity.chain import CAMERA, ROLES, Stage, cosine
from spatialrl.dice import Dice
from spatialrl.rewards.process_truth import places
from spatialrl.scenes.catalogue import KINDS
from spatialrl.scenes.questions.draft import Draft, Family, Prior
from spatialrl.scenes.truth import Sighting, View
from spatialrl.types import Object3D

TRIES = 12
"""Ways to fill the roles of a question that are looked at in one room."""
NEXT_TO_M = 1.25
SIDES = ("front", "back", "left", "right")

Lean = Callable[[Stage, Sequence[str]], tuple[float, ...]]
"""How much the truth leans to each option, in metres or cosines; the greatest is the answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    words: str
    options: tuple[str, ...]
    lean: Lean
    margin: float
    num_things: int = 2
    num_facing: int = 0
    """The first so many of them need a front."""


def _opposite(value: Callable[[Stage, Sequence[str]], float]) -> Lean:
    return lambda stage, names: (value(stage, names), -value(stage, names))


def _height(stage: Stage, name: str) -> float:
    return stage.place(name)[1]


def _metres(stage: Stage, first: str, second: str) -> float:
    return math.hypot(*stage.between(first, second))


def _towards(side: str, target: int) -> Callable[[Stage, Sequence[str]], float]:
    return lambda stage, names: cosine(stage.axis(side, names[0]), stage.between(names[0], names[target]))


def _fronts(stage: Stage, names: Sequence[str]) -> float:
    return cosine(stage.axis("front", names[0]), stage.axis("front", names[1]))


def _quadrants(stage: Stage, name: str, target: str) -> tuple[float, ...]:
    front, left = (cosine(stage.axis(side, name), stage.between(name, target)) for side in ("front", "left"))
    return front, -front, left, -left


QUESTIONS: dict[str, Question] = {
    "height_higher": Question(
        words="Which is higher, the {A} or the {B}?",
        options=("the {A}", "the {B}"),
        lean=_opposite(lambda stage, names: _height(stage, names[0]) - _height(stage, names[1])),
        margin=0.2,
    ),
    "location_above": Question(
        words="Is the {A} above or below the {B}?",
        options=("above", "below"),
        lean=_opposite(lambda stage, names: _height(stage, names[0]) - _height(stage, names[1])),
        margin=0.2,
    ),
    "location_closer_to_camera": Question(
        words="Which is closer to the camera, the {A} or the {B}?",
        options=("the {A}", "the {B}"),
        lean=lambda stage, names: (-_metres(stage, names[0], CAMERA), -_metres(stage, names[1], CAMERA)),
        margin=0.3,
    ),
    "location_next_to": Question(
        words="Is the {A} next to the {B}, or far from it?",
        options=("next to it", "far from it"),
        lean=_opposite(lambda stage, names: NEXT_TO_M - _metres(stage, *names)),
        margin=1.6,
    ),
    "orientation_in_front_of": Question(
        words="Seen from the {A}, is the {B} in front or behind?",
        options=("in front", "behind"),
        lean=_opposite(_towards("front", 1)),
        margin=0.3,
        num_facing=1,
    ),
    "orientation_on_the_left": Question(
        words="Seen from the {A}, is the {B} on the left or on the right?",
        options=("on the left", "on the right"),
        lean=_opposite(_towards("left", 1)),
        margin=0.3,
        num_facing=1,
    ),
    "orientation_viewpoint": Question(
        words="Which side of the {A} does the camera see?",
        options=SIDES,
        lean=lambda stage, names: _quadrants(stage, names[0], CAMERA),
        margin=0.3,
        num_things=1,
        num_facing=1,
    ),
    "multi_object_closer_to": Question(
        words="Is the {A} closer to the {B} or to the {C}?",
        options=("the {B}", "the {C}"),
        lean=lambda stage, names: (-_metres(stage, names[0], names[1]), -_metres(stage, names[0], names[2])),
        margin=0.4,
        num_things=3,
    ),
    "multi_object_parallel": Question(
        words="Do the {A} and the {B} face parallel or perpendicular ways?",
        options=("parallel", "perpendicular"),
        lean=_opposite(lambda stage, names: abs(_fronts(stage, names)) - math.cos(math.radians(45))),
        margin=0.3,
        num_facing=2,
    ),
    "multi_object_same_direction": Question(
        words="Do the {A} and the {B} face the same way or opposite ways?",
        options=("the same way", "opposite ways"),
        lean=_opposite(_fronts),
        margin=0.3,
        num_facing=2,
    ),
    "multi_object_facing": Question(
        words="Does the {A} face the {B} or the {C}?",
        options=("the {B}", "the {C}"),
        lean=lambda stage, names: (_towards("front", 1)(stage, names), _towards("front", 2)(stage, names)),
        margin=0.3,
        num_things=3,
        num_facing=1,
    ),
    "multi_object_viewpoint_towards_object": Question(
        words="On which side of the {A} is the {B}?",
        options=SIDES,
        lean=lambda stage, names: _quadrants(stage, names[0], names[1]),
        margin=0.3,
        num_facing=1,
    ),
}


def stage_of(objects: Sequence[Object3D]) -> Stage:
    """What is true, by `colour category`, of the things that have such a name alone."""
    uses = Counter(map(_name, objects))
    alone = [thing for thing in objects if uses[_name(thing)] == 1]
    where = places(objects)
    return Stage(
        places={_name(thing): where[thing.id] for thing in alone},
        fronts={_name(thing): (math.sin(thing.yaw_camera), 0.0, math.cos(thing.yaw_camera)) for thing in alone},
    )


def leans_to(option: str, family: str, things: Sequence[str], stage: Stage) -> bool:
    """Whether the option is what a stage speaks for, by the margin of its kind."""
    decided = _decided(QUESTIONS[family], things, stage)
    return decided is not None and _options(family, things)[decided] == option


def _decided(question: Question, things: Sequence[str], stage: Stage) -> int | None:
    """Index of the option, None in a close call."""
    lean = question.lean(stage, things)
    best, second = sorted(lean, reverse=True)[:2]
    return lean.index(best) if best - second > question.margin else None


def _options(family: str, things: Sequence[str]) -> tuple[str, ...]:
    roles = dict(zip(ROLES, things, strict=False))
    return tuple(option.format(**roles) for option in QUESTIONS[family].options)


def _family(name: str) -> Family:
    return lambda view, dice: list(_drafts(name, view, dice))


def _drafts(family: str, view: View, dice: Dice) -> Iterator[Draft]:
    question, stage = QUESTIONS[family], stage_of(view.objects_3d)
    known = [seen for seen in view.nameable if seen.name in stage.places]
    ways = [way for way in permutations(known, question.num_things) if _can_face(way, question)]
    for way in dice.sample(ways, TRIES):
        decided = _decided(question, [seen.name for seen in way], stage)
        if decided is not None:
            yield _draft(family, way, decided)


def _can_face(way: Sequence[Sighting], question: Question) -> bool:
    return all(KINDS[seen.thing.category].faces for seen in way[: question.num_facing])


def _draft(family: str, way: Sequence[Sighting], right: int) -> Draft:
    names = [seen.name for seen in way]
    options = _options(family, names)
    return Draft(
        question=QUESTIONS[family].words.format(**dict(zip(ROLES, names, strict=False))),
        subjects=tuple(way),
        answer=options[right],
        options=options,
        because=f"so {options[right]}",
        priors=(Prior(key=family, result=str(right), num_results=len(options)),),
        related=False,
    )


def _name(thing: Object3D) -> str:
    return f"{thing.colour} {thing.category}"


EXPLICIT: dict[str, Family] = {name: _family(name) for name in QUESTIONS}
