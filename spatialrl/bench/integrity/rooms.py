"""Procedural rooms as somebody sees them. Pixels are only counted for the boxes; no file is written."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice

import numpy as np

from spatialrl.dice import Dice
from spatialrl.rewards.boxes import all_pairs, iou
from spatialrl.scenes.furnish import draw_view
from spatialrl.scenes.layout import LAYOUTS
from spatialrl.scenes.questions.draft import Draft, Family
from spatialrl.scenes.render import render
from spatialrl.scenes.truth import View, look
from spatialrl.types import AnswerKind, Box, Media, SceneGraph, SceneObject, Task

IMAGE_SIZE = 224
NUM_THINGS = (4, 8)
MOST_ROOMS = 5000
TYPICAL_OF = 40
IMAGE = Media(kind="image", path="image", width=IMAGE_SIZE, height=IMAGE_SIZE)
"""By its size: no reward looks at pixels."""


@dataclass(frozen=True)
class Room:
    """A view of a room; every use of chance has dice of its own."""

    name: str
    index: int
    view: View
    _drafts: dict[str, list[Draft]] = field(default_factory=dict, repr=False)

    def dice(self, what: str) -> Dice:
        return Dice(self.name, what)

    def drafts(self, name: str, family: Family) -> list[Draft]:
        if name not in self._drafts:
            dice = self.dice(name)
            self._drafts[name] = dice.shuffled(family(self.view, dice))
        return self._drafts[name]

    def task(self, family: str, *, question: str, answer: str, kind: AnswerKind, unit: str = "") -> Task:
        """About everything that is clearly seen."""
        objects = tuple(SceneObject(id=seen.id, bbox=seen.box) for seen in self.view.sightings if seen.is_clear)
        return Task(
            id=f"{self.name}-{family}",
            question=question,
            media=(IMAGE,),
            answer=answer,
            answer_kind=kind,
            unit=unit,
            family=family,
            scene_id=self.name,
            scene=SceneGraph(objects=objects, relationships=()),
            objects_3d=self.view.objects_3d,
            cognitive_map=self.view.cognitive_map,
        )


class Rooms:
    """As many as are looked at; the same ones every time."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._drawn: list[Room] = []

    def __iter__(self) -> Iterator[Room]:
        for index in range(MOST_ROOMS):
            if index == len(self._drawn):
                self._drawn.append(_draw_room(self._name, index))
            yield self._drawn[index]


def typical_box(rooms: Rooms) -> Box:
    """Among the boxes of things, the one that covers all of them best."""
    views = (room.view for room in islice(rooms, TYPICAL_OF))
    boxes = np.array([seen.box for view in views for seen in view.sightings], dtype=np.float64)
    left, top, right, bottom = boxes[iou(*all_pairs(boxes, boxes)).mean(axis=1).argmax()].tolist()
    return left, top, right, bottom


def _draw_room(name: str, index: int) -> Room:
    dice = Dice(name, index)
    num_things = dice.between(*NUM_THINGS)
    world, camera = draw_view(dice, LAYOUTS["room"], num_things=num_things, image_size=IMAGE_SIZE)
    return Room(f"{name}-{index}", index, look(world, camera, render(world, camera)))
