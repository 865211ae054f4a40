"""The first look at a source: every row becomes a graph with its picture and with what can be asked of it, one line in a
journal each, so that a survey that was broken off goes on.
"""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import astuple, dataclass
from functools import partial
from pathlib import Path
from typing import Any

from spatialrl.data.importers.bad_row import BadRow
from spatialrl.data.importers.probe import FrameBudget
from spatialrl.data.importers.read import Unread, read_rows
from spatialrl.data.importers.shelf import Shelf
from spatialrl.data.importers.source import Source
from spatialrl.data.journal import Journal, Record
from spatialrl.generators.jobs import finish
from spatialrl.generators.recipe import fingerprint
from spatialrl.generators.scene_graph_qa.draft import Draft
from spatialrl.generators.scene_graph_qa.graph import graph_to_record
from spatialrl.generators.scene_graph_qa.read_graph import image_value, read_graph
from spatialrl.generators.scene_graph_qa.recipe import Recipe
from spatialrl.generators.scene_graph_qa.templates import drafts_of
from spatialrl.generators.scene_graph_qa.visual_genome import joined, own_files

Row = dict[str, Any]
RELATIONS = ".relations"
PER_CATEGORY = 3
"""Questions of a category about one image that are considered."""
UNDER = ("", "images", "VG_100K", "VG_100K_2")
"""Folders in which a picture is looked for."""


def survey(
    source: Source, recipe: Recipe, journal: Journal, folder: Path, *, num_processes: int, progress: bool
) -> None:
    with closing(Journal(folder / RELATIONS)) as relations:
        finish(
            places_of(source, relations),
            partial(look_at, recipe=recipe, folder=folder, roots=_roots(source, recipe)),
            journal,
            title="graphs",
            unit="graph",
            total=None,
            num_processes=num_processes,
            progress=progress,
        )
        relations.remove()


@dataclass(frozen=True, slots=True)
class Place:
    """A row of the source."""

    name: str
    """`train.jsonl:17`."""
    row: Row | Unread


def places_of(source: Source, relations: Journal) -> Iterator[Place]:
    if files := own_files(source):
        for name, row in joined(*files, relations):
            yield Place(name, row)
        return
    for file in source.files:
        for number, row in read_rows(file.path):
            yield Place(f"{file.name}:{number}", row)


def look_at(place: Place, *, recipe: Recipe, folder: Path, roots: list[Path]) -> Record:
    """`graph`, `media` and what can be asked, by category: ratings, and what somebody blind would guess by; or `reason`."""
    row = place.row
    if isinstance(row, Unread):
        return {"reason": row.reason, "kind": "unreadable"}
    keep = "copy" if recipe.media == "copy" else "reference"
    shelf = Shelf(folder, roots=roots, keep=keep, budget=FrameBudget())
    try:
        medium = shelf.image(image_value(row), under=UNDER)
        graph = read_graph(row, width=medium.width, height=medium.height)
    except BadRow as bad:
        return {"reason": str(bad), "kind": bad.kind}
    drafts = {name: drafts for name in recipe.weights if (drafts := drafts_of(graph, name))}
    return {
        "image_id": str(row.get("image_id") or place.name),
        "media": {"path": medium.path, "sha256": medium.sha256},
        "graph": graph_to_record(graph),
        "asked": {name: [_summary(draft) for draft in drafts[name][:PER_CATEGORY]] for name in drafts},
    }


def _summary(draft: Draft) -> Record:
    return {"rating": draft.rating, "ways": [[list(astuple(p)) for p in way.priors] for way in draft.ways]}


def describe_source(source: Source) -> str:
    """Changes when a file does."""
    return fingerprint([(file.name, file.path.stat().st_size) for file in source.files])


def _roots(source: Source, recipe: Recipe) -> list[Path]:
    return [Path(recipe.media_root).expanduser()] if recipe.media_root else source.folders
