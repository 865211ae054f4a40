"""The first look at a source: every row becomes a graph with its picture and with what can be asked of it, one line in a
journal each, so that a survey that was broken off goes on.
"""

import hashlib
from collections.abc import Iterator
from functools import partial
from itertools import chain, islice
from pathlib import Path
from typing import Any

from tqdm import tqdm

from spatialrl.data.importers.bad_row import BadRow
from spatialrl.data.importers.probe import FrameBudget
from spatialrl.data.importers.read import Unread, read_rows
from spatialrl.data.importers.shelf import Shelf
from spatialrl.data.importers.source import Source
from spatialrl.data.journal import Journal, Record
from spatialrl.data.pool import PARALLEL_FROM, pool
from spatialrl.scene_graph_qa.graph import graph_to_record
from spatialrl.scene_graph_qa.make import Recipe
from spatialrl.scene_graph_qa.read_graph import image_value, read_graph
from spatialrl.scene_graph_qa.templates import drafts_of

Row = dict[str, Any]
UNDER = ("", "images", "VG_100K", "VG_100K_2")
"""Folders in which a picture is looked for."""


def survey(
    source: Source, recipe: Recipe, journal: Journal, folder: Path, *, num_processes: int, progress: bool
) -> None:
    work = partial(look_at, recipe=recipe, folder=folder, roots=_roots(source, recipe))
    rows = ((place, row) for place, row in places_of(source) if place not in journal)
    first = list(islice(rows, PARALLEL_FROM))
    bar = tqdm(initial=len(journal), desc="graphs", unit="graph", disable=not progress)
    with bar, pool(len(first), num_processes=num_processes) as workers:
        for (place, _), record in workers.as_done(work, chain(first, rows)):
            journal.add(place, record)
            bar.update()


def places_of(source: Source) -> Iterator[tuple[str, Row | Unread]]:
    """`train.jsonl:17` and what stands there."""
    for file in source.files:
        for number, row in read_rows(file.path):
            yield f"{file.name}:{number}", row


def look_at(job: tuple[str, Row | Unread], *, recipe: Recipe, folder: Path, roots: list[Path]) -> Record:
    """`graph`, `media` and the ratings of what can be asked, by category; or `reason`."""
    place, row = job
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
        "image_id": str(row.get("image_id") or place),
        "media": {"path": medium.path, "sha256": medium.sha256},
        "graph": graph_to_record(graph),
        "ratings": {name: [draft.rating for draft in drafts[name]] for name in drafts},
    }


def describe_source(source: Source) -> str:
    """Changes when a file does."""
    files = [(file.name, file.path.stat().st_size) for file in source.files]
    return f"{len(files)}, {hashlib.sha256(repr(files).encode()).hexdigest()[:12]}"


def _roots(source: Source, recipe: Recipe) -> list[Path]:
    return [Path(recipe.media_root).expanduser()] if recipe.media_root else source.folders
