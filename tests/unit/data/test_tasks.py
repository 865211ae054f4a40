import json
from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from spatialrl.data.schema import SCHEMA
from spatialrl.data.tasks import FIELDS, read_tasks, write_tasks
from spatialrl.errors import DataError
from spatialrl.types import FramePlan, MapCell, Media, Object3D, Relation, SceneGraph, SceneObject, Task

FULL = Task(
    id="full",
    question="Is the red cube left of or right of the blue lamp?",
    media=(
        Media(kind="image", path="media/a.png", width=40, height=30, sha256="ab"),
        Media(
            kind="video",
            path="media/a.mp4",
            width=64,
            height=48,
            frames=FramePlan(indices=(0, 2), source_fps=8.0, num_source_frames=4, order=(1, 0), times_s=(0.0, 0.25)),
            blank=True,
            mirrored=True,
            shown=(56, 56),
        ),
    ),
    options=("left of", "right of"),
    answer="A",
    answer_kind="choice",
    unit="m",
    family="relation",
    source="test",
    scene_id="scene-1",
    split="test",
    demonstration="<answer>(A) left of</answer>",
    twin="full-swapped",
    scene=SceneGraph(
        objects=(SceneObject(id="red_cube.1", bbox=(1, 2, 3, 4.5)), SceneObject(id="blue_lamp.1", bbox=(5, 6, 7, 8))),
        relationships=(Relation(subject="red_cube.1", predicate="left of", object="blue_lamp.1"),),
        frame="thousandths",
    ),
    objects_3d=(
        Object3D(
            id="red_cube.1",
            category="cube",
            colour="red",
            centre_world=(1.0, 2.0, 0.5),
            centre_camera=(0.1, 0.2, 3.0),
            size=(1.0, 1.0, 1.0),
            yaw_world=0.5,
            yaw_camera=-1.0,
            visibility=0.75,
        ),
    ),
    coordinates="pixels",
    cognitive_map=(MapCell(label="red cube", column=3, row=9),),
    extra={"level": "hard", "rating": "7"},
)
BARE = Task(id="bare", question="How many?", answer="3", answer_kind="number")


def placed(task: Task, folder: Path) -> Task:
    """With media paths as they are after reading."""
    media = tuple(replace(medium, path=str(folder / medium.path)) for medium in task.media)
    return replace(task, media=media)


@pytest.mark.parametrize("name", ["tasks.parquet", "tasks.jsonl"])
def test_what_is_written_is_read(tmp_path, name):
    write_tasks(tmp_path / name, [FULL, BARE])
    assert read_tasks(tmp_path / name) == [placed(FULL, tmp_path), BARE]


@pytest.mark.parametrize("name", ["tasks.parquet", "tasks.jsonl"])
def test_what_is_read_is_written_the_same(tmp_path, name):
    write_tasks(tmp_path / name, [FULL, BARE])
    before = (tmp_path / name).read_bytes()
    write_tasks(tmp_path / name, read_tasks(tmp_path / name))
    assert (tmp_path / name).read_bytes() == before


def test_media_paths_are_relative_in_the_file_and_absolute_in_the_task(tmp_path):
    write_tasks(tmp_path / "tasks.parquet", [placed(FULL, tmp_path)])
    (row,) = pq.read_table(tmp_path / "tasks.parquet").to_pylist()
    assert row["media"][0]["path"] == "media/a.png"
    (tmp_path / "tasks.parquet").rename(tmp_path / "moved.parquet")
    assert read_tasks(tmp_path / "moved.parquet")[0].media[0].path == str(tmp_path / "media/a.png")


def test_media_outside_the_folder_keep_their_path(tmp_path):
    task = replace(BARE, media=(Media(kind="image", path="/elsewhere/a.png", width=1, height=1),))
    write_tasks(tmp_path / "tasks.jsonl", [task])
    assert read_tasks(tmp_path / "tasks.jsonl") == [task]


def test_a_parquet_file_has_the_schema_and_no_compression(tmp_path):
    write_tasks(tmp_path / "tasks.parquet", [FULL] * 1500)
    file = pq.ParquetFile(tmp_path / "tasks.parquet")
    assert file.schema_arrow.names == SCHEMA.names == list(FIELDS)
    assert [file.metadata.row_group(i).num_rows for i in range(file.num_row_groups)] == [1024, 476]
    assert file.metadata.row_group(0).column(0).compression == "UNCOMPRESSED"


def test_no_tasks_make_an_empty_file(tmp_path):
    write_tasks(tmp_path / "tasks.parquet", [])
    assert read_tasks(tmp_path / "tasks.parquet") == []


def test_fields_a_row_lacks_get_their_defaults(tmp_path):
    row = {"id": "bare", "question": "How many?", "answer": "3", "answer_kind": "number"}
    (tmp_path / "tasks.jsonl").write_text(json.dumps(row) + "\n")
    assert read_tasks(tmp_path / "tasks.jsonl") == [BARE]


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"optoins": ["a"]}, "Row bare has a field 'optoins'; the fields of a task are id, "),
        ({"answer": 3}, "Row bare is not a task: TypeError answer is 3 where text is expected"),
        ({"extra": {"rating": 7}}, "extra.rating is 7 where text is expected"),
        ({"options": "left"}, "'left' is one text where a list is expected"),
        ({"media": [{"kind": "image"}]}, "Row bare is not a task: KeyError 'path'"),
        (
            {"media": [{"kind": "image", "path": "a.png", "width": "4", "height": 4}]},
            "width is '4' where a whole number",
        ),
        (
            {"scene": {"objects": [{"id": "a.1", "bbox": [1, 2, 3]}], "relationships": []}},
            "[1, 2, 3] has 3 numbers where 4 are expected",
        ),
    ],
)
def test_a_row_that_is_not_a_task_is_named(tmp_path, change, sentence):
    row = {"id": "bare", "question": "How many?", "answer": "3", "answer_kind": "number"} | change
    (tmp_path / "tasks.jsonl").write_text(json.dumps(row) + "\n")
    with pytest.raises(DataError) as error:
        read_tasks(tmp_path / "tasks.jsonl")
    assert sentence in str(error.value)


def test_files_that_are_not_rows_are_named(tmp_path):
    (tmp_path / "a.jsonl").write_text('{"id": 1}\nnot json\n')
    (tmp_path / "a.parquet").write_bytes(b"not parquet")
    (tmp_path / "a.csv").write_text("")
    for name, sentence in (
        ("a.jsonl", "Row 1 is not a task"),
        ("a.parquet", "can't be read as parquet"),
        ("a.csv", "is not a .parquet or .jsonl file"),
        ("missing.jsonl", "does not exist"),
    ):
        with pytest.raises(DataError, match=sentence):
            read_tasks(tmp_path / name)


def test_parquet_files_of_other_writers_are_read(tmp_path):
    table = pa.table({"id": ["bare"], "question": ["How many?"], "answer": ["3"], "answer_kind": ["number"]})
    pq.write_table(table, tmp_path / "tasks.parquet")
    assert read_tasks(tmp_path / "tasks.parquet") == [BARE]


def test_a_write_that_fails_leaves_the_old_file(tmp_path):
    write_tasks(tmp_path / "tasks.jsonl", [BARE])

    def broken():
        yield FULL
        raise RuntimeError("no luck")

    with pytest.raises(RuntimeError, match="no luck"):
        write_tasks(tmp_path / "tasks.jsonl", broken())
    assert read_tasks(tmp_path / "tasks.jsonl") == [BARE]
