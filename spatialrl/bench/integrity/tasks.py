"""The tasks of the suite, by the kind of their answer: questions of the scenes' own families, and what is made for the
kinds that have none.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from itertools import chain, islice

from spatialrl.bench.integrity import made_tasks as made
from spatialrl.bench.integrity.explicit_tasks import EXPLICIT, stage_of
from spatialrl.bench.integrity.item import Item
from spatialrl.bench.integrity.rooms import IMAGE, Room, Rooms
from spatialrl.errors import ConfigError
from spatialrl.scenes.ask import ask
from spatialrl.scenes.balance import Ledger
from spatialrl.scenes.questions import FAMILIES
from spatialrl.scenes.questions.draft import Draft
from spatialrl.scenes.scene import Side
from spatialrl.types import LETTERS

TASKS_PER_ROOM = 2
ANY = -1
PAIRS = ("relation", "relative_depth", "relative_distance", "existence")

ASKED: dict[str, tuple[tuple[str, ...], int]] = {
    "choice of 2": (PAIRS, 2),
    "choice of 3": (("position",), 3),
    "choice of 4": (("position", "orientation"), 4),
    "count": (("counting",), ANY),
    "measure": (("distance", "size"), ANY),
    "text": (PAIRS, 2),
    "explicit 3D": (tuple(EXPLICIT), ANY),
    "explicit 3D, unlocated": (tuple(EXPLICIT), ANY),
}
"""Families, and how many options their questions have."""
MADE: dict[str, tuple[Callable[[Room], Iterable[Item]], ...]] = {
    "description": (made.description,),
    "reading": (made.tags,),
    "regression": (made.distance_error,),
    "sequence": (made.patch_order, made.marker_order),
    "label pair": (made.flipped_patch,),
    "box": (made.box,),
    "point": (made.point,),
    "order": (made.depth_order,),
    "direction": (made.direction,),
    "path": (made.path,),
}
ALL = FAMILIES | EXPLICIT
KINDS = (*ASKED, *MADE)


def tasks_of(kind: str, rooms: Rooms, count: int) -> list[Item]:
    items = list(islice(_asked(kind, rooms) if kind in ASKED else _made(kind, rooms), count))
    if len(items) < count:
        raise ConfigError(f"num_tasks={count}: there are {len(items)} tasks of kind {kind}; ask for fewer.")
    return items


def _made(kind: str, rooms: Rooms) -> Iterator[Item]:
    return chain.from_iterable(make(room) for room in rooms for make in MADE[kind])


def _asked(kind: str, rooms: Rooms) -> Iterator[Item]:
    """Balanced as training data are: no letter and no option is the commoner answer."""
    families, num_options = ASKED[kind]
    ledger = Ledger(options="none" if kind == "text" else "shuffled")
    for room in rooms:
        drafts = {name: _fitting(room.drafts(name, ALL[name]), num_options) for name in families}
        for number, (family, draft) in enumerate(ledger.choose(drafts, TASKS_PER_ROOM)):
            task = ask(
                draft,
                name=f"{room.name}-{kind}-{number}",
                scene_id=room.name,
                family=family,
                split="test",
                side=Side(view=room.view, media=(IMAGE,)),
                ledger=ledger,
            )
            item = Item(task=task, candidates=tuple(LETTERS[: len(task.options)]) or draft.options)
            yield _explicit(item, draft, kind) if family in EXPLICIT else item


def _explicit(item: Item, draft: Draft, kind: str) -> Item:
    things = tuple(subject.name for subject in draft.subjects)
    task = replace(item.task, objects_3d=() if kind.endswith("unlocated") else item.task.objects_3d)
    return replace(item, task=task, things=things, stage=stage_of(item.task.objects_3d))


def _fitting(drafts: list[Draft], num_options: int) -> list[Draft]:
    return [draft for draft in drafts if num_options in (ANY, len(draft.options))]
