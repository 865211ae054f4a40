"""From a question of a benchmark to what the model is shown: its media as asked for, its words by one template.

What leaves this file are tasks whose question is the whole prompt: every back-end hands it on as it is, so that one
template is rendered in one place, whoever answers.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from spatialrl.data.prompts import load_template
from spatialrl.types import Media, Task

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

    def prompt(self, task: Task) -> Task:
        return self._prompted(task, template=self.template)

    def map_request(self, task: Task) -> Task:
        """Asks for a map of the scene, not for the answer."""
        return self._prompted(task, template=MAP_REQUEST)

    def _prompted(self, task: Task, *, template: str) -> Task:
        """The answer, and all that is known of the scene, stays here."""
        task = replace(task, media=tuple(map(self._shown, task.media)))
        return Task(
            id=task.id,
            question=load_template(template).render(task=task, benchmark=self.own_words),
            media=task.media,
            answer="",
            answer_kind=task.answer_kind,
        )

    def _shown(self, medium: Media) -> Media:
        medium = scaled(medium, longest=self.resolution) if self.resolution else medium
        return replace(medium, blank=True) if self.blind else medium


def scaled(medium: Media, *, longest: int) -> Media:
    """The longer side becomes `longest`; the other keeps its proportion."""
    scale = longest / max(medium.width, medium.height)
    width, height = (max(1, round(side * scale)) for side in (medium.width, medium.height))
    return replace(medium, width=width, height=height)


def prompt_hash(prompt: Task) -> str:
    """Of words, and of media by their content where it is known."""
    media = [asdict(replace(medium, path=medium.sha256 or medium.path)) for medium in prompt.media]
    return hashlib.sha256(json.dumps([prompt.question, media]).encode()).hexdigest()[:16]
