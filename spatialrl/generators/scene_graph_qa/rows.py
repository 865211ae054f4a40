"""From a draft to a row. The right option stands where the selection put it; the order of the others depends on the seed and
the question's name, and on nothing else."""

from pathlib import Path
from typing import Any

from spatialrl.data.tasks import task_to_row
from spatialrl.dice import stable_order
from spatialrl.generators.scene_graph_qa.candidate import Candidate
from spatialrl.generators.scene_graph_qa.draft import Draft
from spatialrl.generators.scene_graph_qa.graph import Graph
from spatialrl.types import LETTERS, Media, Task

SOURCE = "scene_graph_qa"


def make_row(
    draft: Draft, graph: Graph, record: dict[str, Any], candidate: Candidate, *, split: str, seed: int, folder: Path
) -> dict[str, Any]:
    name = f"{SOURCE}-{seed}-{candidate.name}"
    options, letter = in_order(draft, name, slot=candidate.slot)
    medium = record["media"]
    task = Task(
        id=name,
        question=draft.question,
        media=(
            Media(kind="image", path=medium["path"], width=graph.width, height=graph.height, sha256=medium["sha256"]),
        ),
        options=options,
        answer=letter,
        answer_kind="choice",
        family=draft.category,
        source=SOURCE,
        scene_id=record["image_id"],
        split=split,  # pyright: ignore[reportArgumentType]
        scene=graph.scene(list(draft.things), list(draft.relations)),
        extra={"level": draft.level, "rating": str(draft.rating), "image_id": record["image_id"]},
    )
    return task_to_row(task, folder=folder)


def in_order(draft: Draft, name: str, *, slot: int | None = None) -> tuple[tuple[str, ...], str]:
    """The options as they are shown, and the letter of the right one: that of its slot, where it has one."""
    options = (draft.right, *draft.wrong)
    order = stable_order(name, "options", count=len(options))
    if slot is not None:
        order.remove(0)
        order.insert(slot, 0)
    return tuple(options[place] for place in order), LETTERS[order.index(0)]
