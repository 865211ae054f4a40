"""Tasks of every kind: those of our own scenes, those about explicit 3D, one or more for each kind of answer that is
measured, and what remains of them when things are missing."""

from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from itertools import cycle, islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import strategies as st

from spatialrl.data.tasks import read_tasks
from spatialrl.scenes.make import make_scenes
from spatialrl.types import AnswerKind, FramePlan, MapCell, Media, Task
from tests.property.chain_of_thought import QUESTIONS, name, spatial_task

IMAGE = Media(kind="image", path="room.png", width=640, height=480)
VIDEO = replace(IMAGE, kind="video", frames=FramePlan(indices=(0, 8, 16), source_fps=8.0, num_source_frames=24))
ROOM = (("table", 4, 4), ("sofa", 1, 8), ("lamp", 8, 2), ("lamp", 0, 1), ("chair", 5, 7))


@cache
def scene_tasks() -> tuple[Task, ...]:
    """Fifteen families of questions about rendered rooms, images and videos, with and without options."""
    return (*_made(seed=1, num_train=12, videos=5), *_made(seed=2, num_train=6, options="none"))


def _made(**recipe: Any) -> list[Task]:
    with TemporaryDirectory() as folder:
        rooms = Path(folder) / "rooms"
        sizes = {"num_validation": 0, "num_test": 0, "image_size": 96, "questions_per_scene": 4}
        make_scenes(rooms, **{**sizes, **recipe}, progress=False)
        return read_tasks(rooms / "train.parquet")


@cache
def spatial_tasks() -> tuple[Task, ...]:
    """The families of 3DSRBench, about things of our own rooms; each with and without the true places."""
    rooms = {task.scene_id: task.objects_3d for task in scene_tasks()}
    named = ({name(thing): thing for thing in objects} for objects in rooms.values())
    things = [tuple(by_name.values()) for by_name in named if len(by_name) >= 3]
    tasks = [spatial_task(family, room) for room in things[:5] for family in QUESTIONS]
    return (*tasks, *(replace(task, objects_3d=()) for task in tasks[: len(QUESTIONS)]))


def task(kind: AnswerKind, answer: str, **fields: Any) -> Task:
    return Task(
        **{"id": f"{kind}-{answer}"[:40], "question": "What is it?", "media": (IMAGE,)} | fields,
        answer=answer,
        answer_kind=kind,
    )


WRITTEN_TASKS = (
    task("text", "The red cube stands on the table."),
    task("text", "left", options=("left", "right")),
    task("text", "das große Fenster · 窓"),
    task("text", "\\frac{1}{2}"),
    task("text", "(1, 2)"),
    task("ocr", "EXIT 24"),
    task("ocr", "Größe: 42"),
    task("number", "3.5", unit="m"),
    task("number", "7"),
    task("number", "0"),
    task("number", "-2.5", unit="m"),
    task("number", "20", unit="square metres", family="regression"),
    task("number", "1e300"),
    task("sequence", "3-1-2-0"),
    task("sequence", "2-1-3", media=(VIDEO,)),
    task("sequence", "1-1-2"),
    task("label_pair", "3-0"),
    task("label_pair", "left, near"),
    task("choice", "A", options=("left", "right")),
    task("choice", "D", options=("A", "B", "C", "D")),
    task("choice", "B", options=("a chair", "the chair", "2 chairs", "not a chair")),
    task("choice", "C", options=("3.5 m", "35 cm", "350 cm")),
)
"""What is answered in words, numbers and letters."""
MEASURED_TASKS = (
    task("box", "[10, 20, 110, 220]"),
    task("box", "[[10, 20], [110, 220]]"),
    task("box", "[[10, 20], [110, 20], [60, 220]]"),
    task("box", '{"size": [4, 3], "counts": [2, 5, 3, 2]}'),
    task("box", "[10, 20, 110, 220]", media=()),
    task("text", "lamp, chair, sofa"),
    task("text", "3 > 1 > 2"),
    task("number", "350", unit="degrees"),
    task("number", "1.2", unit="rad"),
    task("number", "12", unit="ft"),
    task("text", "[[0, 0], [50, 80], [100, 0]]"),
    task("text", "[[0, 0, 0], [1, 1, 1]]"),
    task("number", "4", unit="m", cognitive_map=tuple(MapCell(label=n, column=c, row=r) for n, c, r in ROOM)),
)
"""What is answered in coordinates, orders, angles and distances; with a map."""
POOLS = {
    "scenes": scene_tasks,
    "explicit 3D": spatial_tasks,
    "written": lambda: WRITTEN_TASKS,
    "measured": lambda: MEASURED_TASKS,
}
WITHOUT: dict[str, tuple[Any, ...]] = {
    "answer": (
        "",
        " ",
        "Z",
        "AB",
        "E",
        "nan",
        "[" * 3000,
        "[1, 1, 1, 1]",
        "[9, 9, 1, 1]",
        '{"size": [2, 2], "counts": [Infinity]}',
        "\ud800",
    ),
    "options": ((), ("",), ("same", "same"), ("A",) * 30, ("x",)),
    "media": ((), (replace(IMAGE, width=0, height=0),), (replace(IMAGE, width=1, height=1),)),
    "scene": (None,),
    "objects_3d": ((),),
    "cognitive_map": ((), tuple(MapCell(label="chair", column=5, row=5) for _ in range(4))),
    "unit": ("", "furlongs", "m", "\x00"),
    "family": ("", "regression", "height_higher", "unheard of"),
    "question": ("", "?" * 50),
    "answer_kind": ("choice", "number", "text", "ocr", "sequence", "label_pair", "box"),
}
"""What a field may be in a task that nobody checked."""


def degenerate(tasks: tuple[Task, ...]) -> st.SearchStrategy[Task]:
    """Tasks of which one to four fields are missing or make no sense."""
    changes = st.lists(
        st.sampled_from([(key, value) for key, values in WITHOUT.items() for value in values]), min_size=1, max_size=4
    )
    return st.builds(lambda task, some: replace(task, **dict(some)), st.sampled_from(tasks), changes)


@cache
def some_of_each() -> tuple[Task, ...]:
    return tuple(islice(_round_robin(), 120))


def _round_robin() -> Iterator[Task]:
    pools = [cycle(pool()) for pool in POOLS.values()]
    while True:
        yield from map(next, pools)


def tasks(kind: str) -> st.SearchStrategy[Task]:
    return degenerate(some_of_each()) if kind == "degenerate" else st.sampled_from(POOLS[kind]())


TASK_KINDS = (*POOLS, "degenerate")
