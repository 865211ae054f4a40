"""The same world from its other side, and the questions whose answers turn with the camera as geometry says."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import replace

from spatialrl.rewards.consistency import are_twins
from spatialrl.scenes.camera import Camera
from spatialrl.scenes.geometry import wrap
from spatialrl.scenes.questions.draft import Draft
from spatialrl.scenes.world import Room
from spatialrl.types import LETTERS, Task


def opposite(camera: Camera, room: Room) -> Camera:
    """Turned by half a turn around the middle of the room."""
    x, y, z = camera.position
    position = (round(room.width - x, 3), round(room.length - y, 3), z)
    return replace(camera, position=position, yaw=round(wrap(camera.yaw + math.pi), 4))


def in_pairs(drafts: Sequence[Draft], others: Iterable[Draft]) -> tuple[list[Draft], dict[str, Draft]]:
    """The drafts that the other side asks too, with the answer that they have there; and those of the other side, by
    question."""
    by_question = {draft.question: draft for draft in others}
    pairs = [(draft, by_question[draft.question]) for draft in drafts if draft.question in by_question]
    true = [(draft, other) for draft, other in pairs if are_twins(as_task(draft), as_task(other), "swapped")]
    return [draft for draft, _ in true], {draft.question: other for draft, other in true}


def as_task(draft: Draft) -> Task:
    return Task(
        id="",
        question=draft.question,
        options=draft.options,
        answer=LETTERS[draft.options.index(draft.answer)] if draft.options else draft.answer,
        answer_kind=draft.kind,
    )
