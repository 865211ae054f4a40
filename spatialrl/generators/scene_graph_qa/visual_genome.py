"""Visual Genome's own files, versions 1.2 and 1.4: `objects.json` says what is in each picture, `relationships.json` how it
is related, under the same `image_id`. Both are longer than memory, so the second is written to a journal first.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from spatialrl.data.importers.read import Unread, read_rows
from spatialrl.data.importers.source import Source
from spatialrl.data.journal import Journal

OBJECTS, RELATIONSHIPS = "objects.json", "relationships.json"

Row = dict[str, Any]


def own_files(source: Source) -> tuple[Path, Path] | None:
    """Objects and relationships, where the source is Visual Genome's folder; the other files there are of no use."""
    found = {file.name: file.path for file in source.files}
    return (found[OBJECTS], found[RELATIONSHIPS]) if {OBJECTS, RELATIONSHIPS} <= found.keys() else None


def joined(objects: Path, relationships: Path, journal: Journal) -> Iterator[tuple[str, Row | Unread]]:
    """`objects.json:17`, and what stands there together with its relationships."""
    yield from _keep(relationships, journal)
    for number, row in read_rows(objects):
        if not isinstance(row, Unread):
            image = str(row.get("image_id"))
            known = next(journal.records([image])) if image in journal else {}
            row = {**row, "relationships": known.get("relationships", [])}
        yield f"{OBJECTS}:{number}", row


def _keep(relationships: Path, journal: Journal) -> Iterator[tuple[str, Unread]]:
    """Yields what can't be read."""
    for number, row in read_rows(relationships):
        if isinstance(row, Unread):
            yield f"{RELATIONSHIPS}:{number}", row
        elif (image := str(row.get("image_id"))) not in journal:
            journal.add(image, {"relationships": row.get("relationships") or []})
