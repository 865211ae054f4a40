"""From the drafts of a scene to tasks: the questions that keep answers balanced, each once about the image and, where that
was asked for, once about its mirror image.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from spatialrl.contrasts.mirror import mirrored_box, mirrored_object
from spatialrl.data.journal import Record
from spatialrl.dice import Dice
from spatialrl.generators.records import medium, object_3d
from spatialrl.generators.scene_rows import SceneJob
from spatialrl.generators.spatial_3d.draft import Draft
from spatialrl.generators.spatial_3d.recipe import Recipe
from spatialrl.scenes.balance import Ledger
from spatialrl.types import LETTERS, SceneGraph, SceneObject, Task

SOURCE = "spatial_3d"
SPLITS = {"sft": "train"}
"""Of files that are not called after theirs."""


def ask(job: SceneJob, record: Record, ledger: Ledger, *, recipe: Recipe) -> Iterator[Task]:
    if "drafts" not in record:
        return
    drafts = {family: [Draft.from_record(item) for item in found] for family, found in record["drafts"].items()}
    seen = Seen(record)
    for number, (family, draft) in enumerate(ledger.choose(drafts, recipe.questions_per_scene), start=1):
        name = f"{job.name}-{number}"
        sides = [(name, draft.answer, draft.thought, False)]
        if draft.mirrored_answer:
            sides.append((f"{name}-mirrored", draft.mirrored_answer, draft.mirrored_thought, True))
        # The first row about a scene is as often of the mirrored image as not.
        for row, answer, thought, is_mirrored in Dice(name, "sides").shuffled(sides):
            options = ledger.place_options(row, family, _Placed(draft, answer))
            yield seen.task(job, row, family, draft, options, answer, thought, is_mirrored=is_mirrored)


class _Placed:
    """A draft with the answer that it has on one side of the mirror."""

    def __init__(self, draft: Draft, answer: str) -> None:
        self.options, self.priors, self.matter, self.answer = draft.options, draft.priors, draft.matter, answer


class Seen:
    """What a record says of its scene, as an image and its mirror image show it."""

    def __init__(self, record: Mapping[str, Any]) -> None:
        self.media = {side: replace(medium(record["media"]), mirrored=side) for side in (False, True)}
        objects = tuple(map(object_3d, record["objects_3d"]))
        self.objects = {False: objects, True: tuple(map(mirrored_object, objects))}
        self.boxes = {name: tuple(round(side, 2) for side in box) for name, box in record["boxes"].items()}

    def task(
        self,
        job: SceneJob,
        name: str,
        family: str,
        draft: Draft,
        options: tuple[str, ...],
        answer: str,
        thought: str,
        *,
        is_mirrored: bool,
    ) -> Task:
        letter = LETTERS[options.index(answer)]
        return Task(
            id=name,
            question=draft.question,
            media=(self.media[is_mirrored],),
            options=options,
            answer=letter,
            answer_kind="choice",
            family=family,
            source=SOURCE,
            scene_id=job.name,
            split=SPLITS.get(job.file, job.file),  # pyright: ignore[reportArgumentType]
            demonstration=f"<think>\n{thought}\n</think>\n<answer>({letter}) {answer}</answer>",
            scene=self._graph(draft, is_mirrored),
            objects_3d=self.objects[is_mirrored],
            extra={"truth": job.source or "rendered"},
        )

    def _graph(self, draft: Draft, is_mirrored: bool) -> SceneGraph:
        width = self.media[False].width
        boxes = {name: self.boxes[name] for name in draft.subjects}
        turned = {name: mirrored_box(box, width) if is_mirrored else box for name, box in boxes.items()}
        objects = tuple(SceneObject(id=name, bbox=turned[name]) for name in draft.subjects)
        return SceneGraph(objects=objects, relationships=())
