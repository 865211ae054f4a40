"""From a question of a benchmark to what the model is shown: its media as asked for, its words by one template.

What leaves this file are tasks whose question is the whole prompt: every back-end hands it on as it is, so that one
template is rendered in one place, whoever answers.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from spatialrl.benchmarks.labels import with_labels
from spatialrl.benchmarks.recorded import OWN_WORDS
from spatialrl.data.media.budget import Budgets
from spatialrl.data.prompts import asked_text
from spatialrl.types import Frame, Media, Task

AS_IS = "as_is"
"""The template of the back-ends."""
MAP_REQUEST = "map_request"


@dataclass(frozen=True, slots=True, kw_only=True)
class Prompting:
    template: str
    own_words: Mapping[str, Any] = field(default_factory=dict)
    """What the benchmark's own evaluation says around a question."""
    resolution: int = 0
    """Longest side of images and frames in pixels; 0 leaves them as they are."""
    blind: bool = False
    coordinates: Frame | None = None
    """In which the model writes boxes and points; None: in that of the truth."""
    budgets: Budgets | None = None
    """Of the pixels that the model sees; None where nobody asks in what size."""

    def asked(self, task: Task) -> Task:
        """With what depends on the model: its coordinates, and the size in which it sees each medium."""
        media = (replace(m, shown=self.budgets.size(self._scaled(m))) if self.budgets else m for m in task.media)
        return replace(task, media=tuple(media), coordinates=self.coordinates or task.coordinates)

    def prompt(self, task: Task) -> Task:
        return self._prompted(task, template=self.template)

    def map_request(self, task: Task) -> Task:
        """Asks for a map of the scene, not for the answer."""
        return self._prompted(task, template=MAP_REQUEST)

    def _prompted(self, task: Task, *, template: str) -> Task:
        """The answer, and all that is known of the scene, stays here."""
        task = self.asked(task)
        worded = with_labels(task) if template == OWN_WORDS else task
        return Task(
            id=task.id,
            question=asked_text(worded, template=template, benchmark=self.own_words),
            media=tuple(map(self._shown, task.media)),
            answer="",
            answer_kind=task.answer_kind,
        )

    def _shown(self, medium: Media) -> Media:
        medium = self._scaled(medium)
        return replace(medium, blank=True) if self.blind else medium

    def _scaled(self, medium: Media) -> Media:
        return scaled(medium, longest=self.resolution) if self.resolution else medium


def scaled(medium: Media, *, longest: int) -> Media:
    """The longer side becomes `longest`; the other keeps its proportion."""
    scale = longest / max(medium.width, medium.height)
    width, height = (max(1, round(side * scale)) for side in (medium.width, medium.height))
    return replace(medium, width=width, height=height)


def prompt_hash(prompt: Task) -> str:
    """Of words, and of media by their content where it is known."""
    media = [asdict(replace(medium, path=medium.sha256 or medium.path)) for medium in prompt.media]
    return hashlib.sha256(json.dumps([prompt.question, media]).encode()).hexdigest()[:16]
