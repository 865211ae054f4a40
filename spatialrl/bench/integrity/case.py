"""One question as a cheap policy meets it: the task, what is known of others of its kind, and the form to write in."""

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

from spatialrl.bench.integrity.guess import Prior
from spatialrl.bench.integrity.item import Item
from spatialrl.bench.integrity.styles import THOUGHT, write
from spatialrl.dice import Dice
from spatialrl.scenes.catalogue import COLOURS, KINDS
from spatialrl.types import Box, Task

MOST_GUESSES = 24
SOME_GUESSES = 2
NAMES = re.compile(rf"\b({'|'.join(COLOURS)}) ({'|'.join(KINDS)})\b")

Objects = Sequence[tuple[str, Sequence[float]]]
Claims = Sequence[tuple[str, str, str]]
"""Subject, predicate, object."""


@dataclass(frozen=True)
class Case:
    item: Item
    prior: Prior
    style: str
    policy: str
    knows_answer: bool = False

    @property
    def task(self) -> Task:
        return self.item.task

    @cached_property
    def dice(self) -> Dice:
        return Dice("policy", self.policy, self.task.id)

    @property
    def width(self) -> int:
        return self.task.media[0].width

    @property
    def height(self) -> int:
        return self.task.media[0].height

    @cached_property
    def guesses(self) -> Sequence[str]:
        """Every answer the question leaves open, so that guessing has no luck; some that are true elsewhere where it names
        none."""
        if self.knows_answer:
            return [self.item.truth]
        if 0 < len(self.item.candidates) <= MOST_GUESSES:
            return self.item.candidates
        return self.dice.sample(self.prior.others(self.item), SOME_GUESSES)

    @cached_property
    def guess(self) -> str:
        return self.dice.choice(self.guesses)

    @cached_property
    def named(self) -> list[str]:
        """Ids of the things that the question names."""
        found = NAMES.findall(" ".join((self.task.question, *self.task.options)))
        return [f"{colour}_{kind}.1" for colour, kind in dict.fromkeys(found)] or ["thing.1"]

    @property
    def full(self) -> Box:
        return 0.0, 0.0, float(self.width), float(self.height)

    def write(self, *, answer: str, scene: str | None = None, map: str | None = None, thought: str = THOUGHT) -> str:
        """What is not given is written as well as it can be without looking: named things in the usual box, every object
        of the map in the middle."""
        return write(
            self.style,
            self.task,
            answer=answer,
            scene=scene_text([(name, self.prior.typical_box) for name in self.named]) if scene is None else scene,
            map=json.dumps(self.map_counts_at(lambda: [5, 5])) if map is None else map,
            thought=thought,
        )

    def map_counts_at(self, place: Callable[[], list[int]]) -> dict[str, list[list[int]]]:
        """The true objects, each where `place` says."""
        cells: dict[str, list[list[int]]] = {}
        for cell in self.task.cognitive_map:
            cells.setdefault(cell.label, []).append(place())
        return cells


def scene_text(objects: Objects, claims: Claims = ()) -> str:
    return json.dumps(
        {
            "objects": [{"id": name, "bbox": list(box)} for name, box in objects],
            "relationships": [{"subject": a, "predicate": says, "object": b} for a, says, b in claims],
        }
    )
