"""A complete response worth imitating: observe, scene, think, answer, in few and regular words."""

import json

from spatialrl.scenes.questions.draft import Draft
from spatialrl.types import LETTERS, Box, SceneGraph


def demonstrate(draft: Draft, options: tuple[str, ...], scene: SceneGraph) -> str:
    names = ", ".join(subject.name for subject in draft.subjects)
    return (
        f"<observe>{names}</observe>\n"
        f"<scene>{scene_json(scene)}</scene>\n"
        f"<think>{draft.because}</think>\n"
        f"<answer>{_answer(draft, options)}</answer>"
    )


def scene_json(scene: SceneGraph) -> str:
    """Compact, with boxes in whole pixels."""
    objects = [{"id": item.id, "bbox": _whole(item.bbox)} for item in scene.objects]
    relationships = [
        {"subject": item.subject, "predicate": item.predicate, "object": item.object} for item in scene.relationships
    ]
    return json.dumps({"objects": objects, "relationships": relationships}, separators=(",", ":"))


def _answer(draft: Draft, options: tuple[str, ...]) -> str:
    return f"({LETTERS[options.index(draft.answer)]}) {draft.answer}" if options else draft.answer


def _whole(box: Box) -> list[int]:
    return [round(side) for side in box]
