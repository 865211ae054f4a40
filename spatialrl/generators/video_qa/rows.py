"""From the drafts of a scene to tasks: the questions that keep answers balanced, with letters, map and demonstration."""

import json
from collections.abc import Iterator, Sequence

from spatialrl.data.exclusion import scene_name
from spatialrl.data.journal import Record
from spatialrl.generators.records import medium, object_3d
from spatialrl.generators.scene_rows import SceneJob
from spatialrl.generators.video_qa.draft import Draft
from spatialrl.scenes.balance import Ledger
from spatialrl.types import LETTERS, MapCell, Task

SOURCE = "video_qa"


def ask(job: SceneJob, record: Record, ledger: Ledger, *, questions_per_scene: int) -> Iterator[Task]:
    if "drafts" not in record:
        return
    drafts = {family: [Draft.from_record(item) for item in found] for family, found in record["drafts"].items()}
    shown = medium(record["media"])
    cells = tuple(MapCell(**cell) for cell in record["map"])
    objects = tuple(map(object_3d, record["objects_3d"]))
    for number, (family, draft) in enumerate(ledger.choose(drafts, questions_per_scene), start=1):
        name = f"{job.name}-{number}"
        options = ledger.place_options(name, family, draft) if draft.options else ()
        answer = LETTERS[options.index(draft.answer)] if options else draft.answer
        yield Task(
            id=name,
            question=draft.question,
            media=(shown,),
            options=options,
            answer=answer,
            answer_kind=draft.kind,
            unit=draft.unit,
            family=family,
            source=SOURCE,
            scene_id=scene_name(job.source.rpartition("#")[2]) if job.source else job.name,
            split=job.file,  # pyright: ignore[reportArgumentType]
            demonstration=demonstrate(draft, answer, cells),
            objects_3d=objects,
            cognitive_map=cells,
            extra=record["extra"],
        )


def demonstrate(draft: Draft, answer: str, cells: Sequence[MapCell]) -> str:
    told = f"({answer}) {draft.answer}" if draft.options else answer
    return f"<think>{draft.thought}</think>\n<map>{map_text(cells)}</map>\n<answer>{told}</answer>"


def map_text(cells: Sequence[MapCell]) -> str:
    places: dict[str, list[list[int]]] = {}
    for cell in cells:
        places.setdefault(cell.label, []).append([cell.column, cell.row])
    return json.dumps(places)
