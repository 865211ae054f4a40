"""A small data set without a flaw, and its rows to plant flaws into."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from spatialrl.bench.photographs import photograph
from spatialrl.data.inspection.finding import Finding
from spatialrl.data.inspection.order import Order
from spatialrl.data.inspection.run import Inspection, inspection
from spatialrl.data.tasks import write_tasks
from spatialrl.types import Media, SceneGraph, SceneObject, Task

SIZE = (160, 120)


def photo(path: Path, number: int) -> Media:
    """Every number is another picture."""
    path.parent.mkdir(parents=True, exist_ok=True)
    photograph(number, SIZE).save(path, quality=92)
    return Media(kind="image", path=str(path), width=SIZE[0], height=SIZE[1])


def row(folder: Path, number: int, **changes: object) -> Task:
    """A choice about a photograph of its own, with a box; sides and letters alternate."""
    task = Task(
        id=f"row-{number}",
        question=f"Where is thing {number}?",
        media=(photo(folder / f"{number}.jpg", number),),
        options=("left", "right") if number % 4 < 2 else ("right", "left"),
        answer="AB"[number % 2],
        answer_kind="choice",
        family="position",
        source="rooms",
        scene_id=f"room-{number}",
        scene=SceneGraph(objects=(SceneObject(id="thing.1", bbox=(10, 10, 60, 50)),), relationships=()),
    )
    return replace(task, **changes)  # type: ignore[arg-type]


def rows(folder: Path, count: int, *, start: int = 0) -> list[Task]:
    return [row(folder, number) for number in range(start, start + count)]


def text_row(name: str, answer: str, **changes: object) -> Task:
    task = Task(id=name, question=f"What of {name}?", answer=answer, answer_kind="text", source="words")
    return replace(task, **changes)  # type: ignore[arg-type]


def inspected(folder: Path, tasks: Sequence[Task], **asked: object) -> Inspection:
    write_tasks(folder / "train.parquet", tasks)
    return inspected_at(folder / "train.parquet", **asked)


def inspected_at(path: Path, **asked: object) -> Inspection:
    words = {"path": str(path), "progress": False, "page": None, **asked}
    return inspection(Order(**words))  # type: ignore[arg-type]


def finding(found: Inspection, name: str) -> Finding:
    return next(finding for finding in found.findings if finding.name == name)


def not_ok(found: Inspection) -> dict[str, str]:
    """Verdicts by name."""
    return {finding.name: finding.verdict for finding in found.findings if finding.verdict != "ok"}
