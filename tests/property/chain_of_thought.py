"""Questions in explicit 3D about two or three things of a room, with the chain of thought that answers them: true places
and directions, and what follows from them."""

import math
from dataclasses import replace
from itertools import combinations

from spatialrl.rewards.parse import CAMERA, Axis
from spatialrl.rewards.process import cosine, minus
from spatialrl.rewards.process_truth import axis_vector, places
from spatialrl.rewards.spatialreasoner import process_3d
from spatialrl.rewards.spatialreasoner_compat import REQUIRED
from spatialrl.types import LETTERS, Completion, Object3D, Task, Unscored, Vector

QUESTIONS: dict[str, tuple[str, tuple[str, ...]]] = {
    "height_higher": ("Which object has a higher location?", ()),
    "location_above": ("Is the {0} above or below the {1}?", ("above", "below")),
    "location_closer_to_camera": ("Which is closer to the camera?", ()),
    "location_next_to": ("Is the {0} next to the {1} or far away?", ("next to", "far away")),
    "orientation_in_front_of": ("Is the {1} in front of or behind the {0}?", ("in front of", "behind")),
    "orientation_on_the_left": ("Is the {1} on the left or right of the {0}?", ("left", "right")),
    "orientation_viewpoint": ("Which side of the {0} faces the camera?", ("front", "back", "left", "right")),
    "multi_object_closer_to": ("Which is the {0} closer to?", ()),
    "multi_object_parallel": ("Are the {0} and the {1} parallel?", ("parallel", "perpendicular")),
    "multi_object_same_direction": ("Do the {0} and the {1} face the same way?", ("same", "opposite")),
    "multi_object_facing": ("Which object does the {0} face?", ()),
    "multi_object_viewpoint_towards_object": (
        "Which side of the {0} faces the {1}?",
        ("front", "back", "left", "right"),
    ),
}
ANCHORED = ("multi_object_closer_to", "multi_object_facing")
"""Families that ask which of the other two."""


def spatial_task(family: str, objects: tuple[Object3D, ...]) -> Task:
    """`objects` have different names; the question is about the first of them."""
    things = objects[: max(2, REQUIRED[family].get("location", 0))]
    words, options = QUESTIONS[family]
    named = things[1:] if family in ANCHORED else things
    asked = Task(
        id=f"{family}-{things[0].id}",
        question=words.format(*map(name, things)),
        options=options or tuple(f"the {name(thing)}" for thing in named),
        answer=LETTERS[0],
        answer_kind="choice",
        family=family,
        objects_3d=things,
    )
    return replace(asked, answer=_what_follows(asked))


def _what_follows(task: Task) -> str:
    """The letter that the true numbers lead to; A where they are too close to tell."""

    def worth(letter: str) -> float:
        text = f"<think>{chain_of_thought(task)}</think><answer>{letter}</answer>"
        value = process_3d(task, Completion(prompt_ids=(), token_ids=(), text=text))
        assert not isinstance(value, Unscored)
        return value

    return max(LETTERS[: len(task.options)], key=worth)


def chain_of_thought(task: Task) -> str:
    """What the family of the task requires, from its objects."""
    things, required = task.objects_3d, REQUIRED[task.family]
    at = {CAMERA: (0.0, 0.0, 0.0)} | {name(thing): places(things)[thing.id] for thing in things}
    names = [name(thing) for thing in things]
    pairs = [(names[0], other) for other in (names[1:] or [CAMERA])]
    if task.family == "orientation_viewpoint":
        names, pairs = names[:1], [(names[0], CAMERA)]
    axes = [Axis(side, name(thing)) for side in ("front", "left") for thing in things[: required.get(side, 0)]]
    by_name = {name(thing): thing for thing in things}
    vectors = {f"the {axis.side} direction of the {axis.name}": axis_vector(by_name[axis.name], axis) for axis in axes}
    lines = [f"The 3D location of the {each} is {numbers(at[each])}." for each in names[: required.get("location", 0)]]
    lines += [f"{phrase.capitalize()} is {numbers(vector)}." for phrase, vector in vectors.items()]
    lines += _distances(at, names, required)
    spans = {f"the vector from the {a} to the {b}": minus(at[b], at[a]) for a, b in pairs[: required.get("vector", 0)]}
    lines += [f"{phrase.capitalize()} is {numbers(vector)}." for phrase, vector in spans.items()]
    turns = [(span, axis) for span in spans for axis in vectors] or list(combinations(vectors, 2))
    return " ".join(lines + [_turn(first, second, vectors | spans) for first, second in turns])


def _distances(at: dict[str, Vector], names: list[str], required: dict[str, int]) -> list[str]:
    lines = [
        f"The distance from the {each} to the camera is {math.hypot(*at[each]):.2f}."
        for each in names[: required.get("from camera", 0)]
    ]
    return lines + [
        f"The distance between the {names[0]} and the {other} is {math.dist(at[names[0]], at[other]):.2f}."
        for other in names[1 : 1 + required.get("between", 0)]
    ]


def _turn(first: str, second: str, vectors: dict[str, Vector]) -> str:
    value = cosine(vectors[first], vectors[second]) or 0.0
    degrees = math.degrees(math.acos(value))
    return f"The cosine similarity between {first} and {second} is {value:.2f}, corresponding to an angle of {degrees:.2f} degrees."


def name(thing: Object3D) -> str:
    return f"{thing.colour} {thing.category}"


def numbers(vector: Vector) -> str:
    return "({:.2f}, {:.2f}, {:.2f})".format(*(round(value, 2) + 0.0 for value in vector))
