"""Tasks of the kinds that no question family has: boxes, points, paths, directions, orders, sequences, pairs of labels
and texts to read. Each function looks at a room and yields what can be asked there. Where an answer is drawn, rooms take
turns, so that no answer is the commoner one.
"""

import json
import math
from collections.abc import Iterable, Iterator
from itertools import permutations, product
from typing import TypeVar

from spatialrl.bench.integrity.item import Item
from spatialrl.bench.integrity.rooms import Room
from spatialrl.scenes.catalogue import KINDS
from spatialrl.scenes.questions.draft import the
from spatialrl.scenes.questions.metric import distance
from spatialrl.scenes.relations import DEPTH_MARGIN_M
from spatialrl.scenes.truth import Sighting
from spatialrl.types import LETTERS

Choice = TypeVar("Choice")

PATCHES = "0123"
FLIPS = ("vertical", "horizontal")
NUM_TAGS = 3
STRIDE = 7
"""Shares no factor with the numbers of orders and of pairs: all have their turn, neighbours are unlike each other."""
REGRESSION = "regression"


def box(room: Room) -> Iterator[Item]:
    for seen in room.view.nameable[:1]:
        question = f"Where is {the(seen)}? Give its box."
        yield Item(task=room.task("box", question=question, answer=json.dumps(seen.box), kind="box"))


def point(room: Room) -> Iterator[Item]:
    """The mask is the box: the middle of the box is on it."""
    for seen in room.view.nameable[-1:]:
        question = f"Point at {the(seen)}."
        task = room.task("point", question=question, answer=json.dumps(seen.box), kind="box")
        yield Item(task=task, honest=json.dumps([list(seen.middle)]))


def path(room: Room) -> Iterator[Item]:
    """Through the middles of the boxes of three things."""
    stops = room.view.nameable[:3]
    if len(stops) == 3 and len({stop.middle for stop in stops}) == 3:
        question = f"Draw a path that starts at {the(stops[0])}, passes {the(stops[1])} and ends at {the(stops[2])}."
        answer = json.dumps([list(stop.middle) for stop in stops])
        yield Item(task=room.task("path", question=question, answer=answer, kind="sequence"))


def direction(room: Room) -> Iterator[Item]:
    """Degrees, 0 to 360, counter-clockwise from straight away from the camera."""
    for seen in room.view.nameable:
        if KINDS[seen.thing.category].faces:
            question = f"Which way does {the(seen)} face, in degrees to the left of straight away from the camera?"
            degrees = round(math.degrees(seen.truth.yaw_camera)) % 360
            yield Item(task=room.task("direction", question=question, answer=str(degrees), kind="number", unit="deg"))
            return


def distance_error(room: Room) -> Iterator[Item]:
    """A number that is judged by its relative error."""
    for draft in room.drafts("distance", distance)[:1]:
        task = room.task(REGRESSION, question=draft.question, answer=draft.answer, kind="number", unit="m")
        yield Item(task=task)


def depth_order(room: Room) -> Iterator[Item]:
    """By names: two things, three or four."""
    things = _apart_in_depth(room, 2 + room.index % 3)
    if things:
        named = [the(thing) for thing in _in_turn(room.index // 3, permutations(things))]
        question = f"Order from nearest to farthest: {', '.join(named)}."
        answer = ", ".join(the(thing) for thing in things)
        orders = tuple(", ".join(order) for order in permutations(named))
        yield Item(task=room.task("depth order", question=question, answer=answer, kind="sequence"), candidates=orders)


def marker_order(room: Room) -> Iterator[Item]:
    """By the numbers of three markers."""
    things = _apart_in_depth(room, 3)
    if things:
        marked = _in_turn(room.index, permutations(things))
        question = "Order the markers from nearest to farthest: 1, 2, 3."
        answer = "-".join(str(marked.index(thing) + 1) for thing in things)
        yield _sequence(room, "marker order", question, answer, "123")


def patch_order(room: Room) -> Iterator[Item]:
    """Of the image cut into four and shuffled."""
    question = "The image was cut into four patches, which were shuffled. Which patch belongs where?"
    yield _sequence(room, "patch order", question, "-".join(_in_turn(room.index, permutations(PATCHES))), PATCHES)


def flipped_patch(room: Room) -> Iterator[Item]:
    question = "One of four patches was flipped. Which one, and is it a vertical or a horizontal flip?"
    pairs = tuple("-".join(pair) for pair in product(PATCHES, FLIPS))
    answer = _in_turn(room.index, pairs)
    yield Item(task=room.task("flipped patch", question=question, answer=answer, kind="label_pair"), candidates=pairs)


def tags(room: Room) -> Iterator[Item]:
    """Things carry tags with letters and digits."""
    dice = room.dice("tags")
    words = [f"{dice.choice(LETTERS)}{dice.between(10, 99)}" for _ in range(NUM_TAGS)]
    question = "Read the tags from left to right."
    yield Item(task=room.task("tags", question=question, answer=" ".join(words), kind="ocr"))


def description(room: Room) -> Iterator[Item]:
    """A text that the question does not hold."""
    near = sorted(room.view.nameable, key=lambda seen: seen.depth)[:2]
    if len(near) == 2:
        question = "What stands nearest to the camera, and what is behind it?"
        answer = f"{near[0].name} and behind it {near[1].name}"
        yield Item(task=room.task("description", question=question, answer=answer, kind="text"))


def _in_turn(turn: int, choices: Iterable[Choice]) -> Choice:
    known = list(choices)
    return known[STRIDE * turn % len(known)]


def _sequence(room: Room, family: str, question: str, answer: str, labels: str) -> Item:
    orders = tuple("-".join(order) for order in permutations(labels))
    return Item(task=room.task(family, question=question, answer=answer, kind="sequence"), candidates=orders)


def _apart_in_depth(room: Room, count: int) -> list[Sighting]:
    """Nearest first, each clearly behind the one before; empty where there are not so many."""
    chosen: list[Sighting] = []
    for seen in sorted(room.view.nameable, key=lambda sighting: sighting.depth):
        if not chosen or seen.depth - chosen[-1].depth > DEPTH_MARGIN_M:
            chosen.append(seen)
    return chosen[:count] if len(chosen) >= count else []
