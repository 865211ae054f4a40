import json
from collections import Counter
from dataclasses import replace
from pathlib import Path
from zipfile import ZipFile

import pytest
from small_general import GENERAL
from small_measures import MEASURES
from small_sources import Small, clip, seen, stored, tasks_of, write_rows
from small_spatial import SPATIAL
from small_video import VIDEO

from spatialrl.benchmarks.rows import Place, questions
from spatialrl.benchmarks.spec import SourceFiles, benchmark_names, read_benchmark
from spatialrl.data.importers.probe import FrameBudget
from spatialrl.errors import DataError, ResourceError, UserError
from spatialrl.types import Task
from tests.small_disk import disk_of

SMALL = SPATIAL | MEASURES | VIDEO | GENERAL


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


@pytest.mark.parametrize(
    ("window", "shown"),
    # The clip has 12 frames, 4 a second: frame n stands at n / 4 s.
    [((0.5, 2.0), (2, 4, 6, 8)), ((1, 1.3), (4, 5)), (("2.0", "99"), (8, 9, 10, 11))],
)
def test_of_a_video_the_window_of_the_question_is_shown(window: tuple, shown: tuple[int, ...], tmp_path: Path):
    (row,) = VIDEO["sti_bench"].rows
    asked = Small(
        file="qa.json",
        clips=["video/desk.mp4"],
        asked=(),
        rows=[row | {"time_start": window[0], "time_end": window[1]}],
    )
    source = asked.write(tmp_path / "source")
    described = replace(read_benchmark("sti_bench"), source=SourceFiles(kind="json", path=str(source), files="qa.json"))
    (task,) = questions(described, folder=tmp_path / "out", report=[].append)
    (clip_shown,) = task.media
    assert clip_shown.frames is not None
    assert clip_shown.frames.indices == shown
    assert clip_shown.frames.times_s == tuple(index / 4 for index in shown)


@pytest.mark.parametrize("window", [(2.0, 1.0), (3.5, 9.0), ("soon", 2.0)])
def test_a_window_without_a_frame_is_no_question(window: tuple, tmp_path: Path):
    (row,) = VIDEO["sti_bench"].rows
    bad = row | {"ID": 8, "time_start": window[0], "time_end": window[1]}
    small = Small(file="qa.json", clips=["video/desk.mp4"], asked=(), rows=[row, bad])
    source = small.write(tmp_path / "source")
    described = replace(read_benchmark("sti_bench"), source=SourceFiles(kind="json", path=str(source), files="qa.json"))
    assert [task.id for task in questions(described, folder=tmp_path / "out", report=[].append)] == ["7"]
    assert json.loads((tmp_path / "out/rejected.jsonl").read_text())["place"] == "qa.json:2"


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


def test_options_that_come_with_the_right_one_first_are_shuffled_by_id_alone(tmp_path: Path):
    captions = ["on", "under", "left of", "right of"]
    rows = [
        {"image_path": f"data/controlled_images/{n}_on_table.jpeg", "caption_options": captions} for n in range(400)
    ]
    shown = [f"controlled_images/{n}_on_table.jpeg" for n in range(400)]
    many = Small(file="controlled_images_dataset.json", rows=rows, pictures=shown, asked=())
    tasks = tasks_of("whatsup", many, tmp_path)
    assert {task.answer_text for task in tasks} == {"on"}
    assert {task.id: task.options for task in tasks_of("whatsup", many, tmp_path)} == {t.id: t.options for t in tasks}
    letters = Counter(task.answer for task in tasks)
    assert sorted(letters) == ["A", "B", "C", "D"]
    assert all(70 <= number <= 130 for number in letters.values()), letters


def test_media_in_archives_of_the_source_are_unpacked_once(tmp_path: Path):
    small = VIDEO["vsi_bench"]
    source = Small(file=small.file, rows=small.rows, asked=small.asked).write(tmp_path / "source")
    made = clip(tmp_path / "made/arkitscenes/41069025.mp4")
    with ZipFile(source / "arkitscenes.zip", "w") as archive:
        archive.write(made, "arkitscenes/41069025.mp4")
    first = tasks_of("vsi_bench", small, tmp_path / "other")
    asked = [tasks_in(source, tmp_path / "out") for _ in range(2)]
    assert [seen(task) for task in asked[0]] == [seen(task) for task in first]
    assert asked[0] == asked[1]
    assert asked[0][0].media[0].path == str(tmp_path / "out/unpacked/arkitscenes/arkitscenes/41069025.mp4")


def tasks_in(source: Path, folder: Path, name: str = "vsi_bench") -> list[Task]:
    return list(questions(read_benchmark(name), folder=folder, place=Place(source=str(source)), report=[].append))


def test_questions_without_an_image_are_no_part_of_hallusionbench(tmp_path: Path):
    images = GENERAL["hallusionbench"]
    without = [{**row, "image": None, "figure_id": "9"} for row in images.rows]
    Small(file="data/non_image-00000-of-00001.parquet", rows=without, asked=()).write(tmp_path / "source")
    assert len(tasks_of("hallusionbench", images, tmp_path)) == 2


def test_the_first_of_several_patterns_that_finds_a_file_counts(tmp_path: Path):
    small = VIDEO["vsi_bench"]
    newer = replace(small, file="test.jsonl", rows=small.rows[:2])
    small.write(tmp_path / "source")
    assert [task.id for task in tasks_of("vsi_bench", newer, tmp_path)] == ["0", "1"]


def test_a_pair_keeps_its_number_when_a_row_before_it_is_bad(tmp_path: Path):
    rows = [{**row, "Index": n} for n, row in enumerate([*SPATIAL["mmvp"].rows, *SPATIAL["mmvp"].rows], start=1)]
    rows[0]["Correct Answer"] = "(c)"
    pictures = [f"MMVP Images/{n}.jpg" for n in range(1, 5)]
    tasks = tasks_of("mmvp", Small(file="Questions.csv", rows=rows, pictures=pictures, asked=()), tmp_path)
    assert [(task.id, task.extra["group"]) for task in tasks] == [
        ("2", "Questions.csv:1"),
        ("3", "Questions.csv:2"),
        ("4", "Questions.csv:2"),
    ]


def test_depth_can_be_left_out(tmp_path: Path):
    (task,) = tasks_of("robospatial_home_rgb", SPATIAL["robospatial_home"], tmp_path)
    assert [medium.kind for medium in task.media] == ["image"]


def test_every_shard_of_a_source_is_read(tmp_path: Path):
    small = MEASURES["spar_bench"]
    for number, row in enumerate(small.rows):
        write_rows(tmp_path / f"source/data/test-0000{number}-of-00004.parquet", [row])
    place = Place(source=str(tmp_path / "source"))
    asked = questions(read_benchmark("spar_bench"), folder=tmp_path / "out", place=place, report=[].append)
    assert [seen(task) for task in asked] == list(small.asked)


def test_what_scoring_needs_travels_with_the_question(tmp_path: Path):
    first, _ = tasks_of("mathvista", GENERAL["mathvista"], tmp_path / "a")
    assert {name: first.extra[name] for name in ("precision", "answer_type")} == {
        "precision": "1",
        "answer_type": "float",
    }
    first, _ = tasks_of("hallusionbench", GENERAL["hallusionbench"], tmp_path / "b")
    assert (first.id, first.extra["set_id"], first.extra["figure_id"]) == ("VS_chart_0_0_0", "0", "0")


def test_a_benchmark_that_was_read_to_its_end_is_not_read_again(tmp_path: Path):
    told: list[str] = []
    first = tasks_of("vsi_bench", VIDEO["vsi_bench"], tmp_path, told=told)
    (tmp_path / "source/arkitscenes/41069025.mp4").unlink()
    place = Place(source=str(tmp_path / "source"))
    again = list(questions(read_benchmark("vsi_bench"), folder=tmp_path / "out", place=place, report=told.append))
    assert again == first
    assert told == ["vsi_bench: 3 questions where 5,130 are expected."] * 2


def test_what_is_asked_otherwise_is_read_anew(tmp_path: Path):
    (few, *_) = tasks_of("vsi_bench", VIDEO["vsi_bench"], tmp_path)
    place, frames = Place(source=str(tmp_path / "source")), FrameBudget(fps=1, min_frames=2, max_frames=2)
    (fewer, *_) = questions(
        read_benchmark("vsi_bench"), folder=tmp_path / "out", place=place, frames=frames, report=[].append
    )
    assert few.media[0].frames != fewer.media[0].frames
    assert fewer.media[0].frames is not None
    assert len(fewer.media[0].frames.indices) == 2


def test_media_that_were_missing_are_looked_for_again(tmp_path: Path):
    small = VIDEO["sti_bench"]
    with pytest.raises(DataError, match=r"sti_bench: no row became a question.*desk.mp4 does not exist"):
        tasks_of("sti_bench", replace(small, clips=[]), tmp_path)
    assert len(tasks_of("sti_bench", small, tmp_path)) == 1


def test_a_benchmark_that_was_left_half_way_is_not_kept(tmp_path: Path):
    source = VIDEO["vsi_bench"].write(tmp_path / "source")
    for asked in questions(read_benchmark("vsi_bench"), folder=tmp_path / "out", place=Place(source=str(source))):
        assert asked.id == "0"
        break
    assert not list((tmp_path / "out").glob("*questions.p*"))
    assert len(tasks_in(source, tmp_path / "out")) == 3


@pytest.mark.parametrize(("name", "num_bytes"), [("vsi_bench", 2000), ("cv_bench", 100)])
def test_on_a_full_disk_no_questions_are_kept_and_one_sentence_says_so(tmp_path: Path, name: str, num_bytes: int):
    """The rows do not fit; of the other benchmark not even the images that they carry."""
    source = SMALL[name].write(tmp_path / "source")
    with pytest.raises(ResourceError, match=r"out can't be written: .*File too large.*; make room"), disk_of(num_bytes):
        tasks_in(source, tmp_path / "out", name)
    assert not list((tmp_path / "out").glob("*questions.p*"))
    assert not list((tmp_path / "out").glob("questions.json"))
    assert len(tasks_in(source, tmp_path / "out", name)) == len(SMALL[name].asked)
