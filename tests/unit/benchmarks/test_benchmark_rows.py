import json
from dataclasses import replace
from pathlib import Path

import pytest
from small_sources import Small, seen, stored, tasks_of
from small_spatial import SPATIAL
from small_video import VIDEO

from spatialrl.benchmarks.rows import Place, questions
from spatialrl.benchmarks.spec import SourceFiles, benchmark_names, read_benchmark
from spatialrl.errors import DataError, UserError
from spatialrl.types import Task

SMALL = SPATIAL | VIDEO


@pytest.mark.parametrize("name", SMALL)
def test_rows_become_the_questions_they_ask(name: str, tmp_path: Path):
    assert [seen(task) for task in tasks_of(name, SMALL[name], tmp_path)] == list(SMALL[name].asked)


def test_every_benchmark_has_a_small_source():
    assert {
        name for name in benchmark_names() if name not in SMALL and not any(name.startswith(f"{n}_") for n in SMALL)
    } == {
        "scenes",
        "scenes_images",
        "scenes_videos",
    }


def test_rooms_of_our_own_are_made_once_and_need_no_download(tmp_path: Path):
    arguments = {
        "seed": 3,
        "num_train": 0,
        "num_validation": 0,
        "num_test": 2,
        "image_size": 64,
        "questions_per_scene": 3,
    }
    rooms = replace(
        read_benchmark("scenes"), source=SourceFiles(kind="scenes", files="test.parquet", arguments=arguments)
    )
    told: list[str] = []
    first = list(questions(rooms, folder=tmp_path, report=told.append))
    made = (tmp_path / "scenes/test.parquet").stat().st_mtime_ns
    assert list(questions(rooms, folder=tmp_path, report=told.append)) == first
    assert (tmp_path / "scenes/test.parquet").stat().st_mtime_ns == made
    assert all(task.split == "test" and task.media[0].path.startswith(str(tmp_path)) for task in first)
    assert told == [f"scenes: {len(first)} questions where 593 are expected."] * 2


def test_a_variant_asks_only_its_rows(tmp_path: Path):
    assert [task.extra["category"] for task in tasks_of("cv_bench_3d", SPATIAL["cv_bench"], tmp_path)] == ["Depth"]


def ids(name: str, folder: Path) -> list[str]:
    return [task.id for task in tasks_of(name, SPATIAL["3dsrbench"], folder)]


def test_views_of_3dsrbench_are_told_apart_by_their_names(tmp_path: Path):
    assert ids("3dsrbench_vanilla", tmp_path) == ["0"]
    assert ids("3dsrbench_circular", tmp_path) == ["0", "1"]
    assert ids("3dsrbench_flip", tmp_path) == ["0", "2"]


def test_a_row_that_is_not_asked_still_lends_its_image(tmp_path: Path):
    rows = list(SPATIAL["3dsrbench"].rows)
    flipped_lends = Small(file=SPATIAL["3dsrbench"].file, rows=[rows[2], rows[0] | {"image": "2"}], asked=())
    (task,) = tasks_of("3dsrbench_circular", flipped_lends, tmp_path)
    assert (task.id, len(task.media)) == ("0", 1)


def broken(**cells: object) -> Small:
    good = SPATIAL["cv_bench"].rows
    return Small(file="test_2d.parquet", rows=[{**good[0], **cells}, good[1]], asked=())


def rejected(folder: Path) -> list[tuple[str, str]]:
    rows = [json.loads(line) for line in (folder / "out/rejected.jsonl").read_text().splitlines()]
    return [(row["kind"], row["reason"]) for row in rows]


def test_a_bad_row_is_told_and_the_others_are_asked(tmp_path: Path):
    told: list[str] = []
    tasks = tasks_of("cv_bench", broken(answer="(D)"), tmp_path, told=told)
    assert [task.id for task in tasks] == ["3D-1"]
    assert rejected(tmp_path) == [("answer", "Its answer '(D)' is none of its 3 options: 1, 2, 0.")]
    assert told == [
        f"cv_bench: 1 questions where 2,638 are expected; left out: 1 answer, see {tmp_path / 'out/rejected.jsonl'}."
    ]


def test_an_image_that_cannot_be_decoded_is_told(tmp_path: Path):
    tasks_of("cv_bench", broken(image={"bytes": b"not an image", "path": None}), tmp_path)
    assert [kind for kind, _ in rejected(tmp_path)] == ["corrupt media"]


def test_strict_ends_at_a_bad_row(tmp_path: Path):
    with pytest.raises(DataError, match=r"test_2d.parquet:1: .*none of its 3 options.*strict=true"):
        tasks_of("cv_bench", broken(answer="(D)"), tmp_path, strict=True)


def test_strict_wants_the_expected_number_of_rows(tmp_path: Path):
    with pytest.raises(DataError, match=r"cv_bench: 2 questions where 2,638 are expected. strict=true"):
        tasks_of("cv_bench", SPATIAL["cv_bench"], tmp_path, strict=True)


def test_a_column_that_is_missing_is_named_with_those_that_are_there(tmp_path: Path):
    rows = [{"idx": 0, "type": "2D", "question": "How many?", "image": stored()}]
    with pytest.raises(
        DataError, match=r"cv_bench: no row became a question.*no column 'choices'; its columns are idx, type"
    ):
        tasks_of("cv_bench", Small(file="test_2d.parquet", rows=rows, asked=()), tmp_path)


def test_a_source_that_is_not_there_is_told_with_its_home(tmp_path: Path):
    empty = tmp_path / "empty"
    empty.mkdir()
    with pytest.raises(UserError, match=r"cv_bench: .*holds no file of rows.*Its home is https://huggingface.co/"):
        list(questions(read_benchmark("cv_bench"), folder=tmp_path, place=Place(source=str(empty))))


def test_the_question_that_is_asked_of_a_model_is_the_same_task_every_time(tmp_path: Path):
    def asked() -> list[Task]:
        return tasks_of("vsi_bench", VIDEO["vsi_bench"], tmp_path)

    assert asked() == asked()
