"""From a draft that was chosen to a task: letters, scene graph, demonstration."""

from itertools import combinations

from spatialrl.scenes.balance import Ledger
from spatialrl.scenes.demonstration import demonstrate
from spatialrl.scenes.questions.draft import Draft
from spatialrl.scenes.relations import relations
from spatialrl.scenes.scene import Side
from spatialrl.types import LETTERS, Relation, SceneGraph, SceneObject, Task

SOURCE = "scenes"


def ask(
    draft: Draft,
    *,
    name: str,
    scene_id: str,
    family: str,
    split: str,
    side: Side,
    ledger: Ledger,
    twin: str = "",
) -> Task:
    options = ledger.place_options(name, family, draft) if draft.options else ()
    scene = scene_graph(draft)
    return Task(
        id=name,
        question=draft.question,
        media=side.media,
        options=options,
        answer=LETTERS[options.index(draft.answer)] if options else draft.answer,
        answer_kind="text" if draft.options and not options else draft.kind,
        unit=draft.unit,
        family=family,
        source=SOURCE,
        scene_id=scene_id,
        split=split,  # pyright: ignore[reportArgumentType]
        demonstration=demonstrate(draft, options, scene),
        scene=scene,
        twin=twin,
        objects_3d=side.view.objects_3d,
        cognitive_map=side.view.cognitive_map,
    )


def scene_graph(draft: Draft) -> SceneGraph:
    """What the answer rests on: the draft's subjects, and the relations of earlier ones to later ones."""
    pairs = combinations(draft.subjects, 2) if draft.related else ()
    return SceneGraph(
        objects=tuple(SceneObject(id=subject.id, bbox=subject.box) for subject in draft.subjects),
        relationships=tuple(
            Relation(subject=first.id, predicate=predicate, object=second.id)
            for first, second in pairs
            for predicate in relations(first, second)
        ),
    )
