"""What is planted is found, and nothing else."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from spatialrl.data.inspection import FINDINGS
from spatialrl.data.inspection.order import Order
from spatialrl.data.inspection.page import page
from spatialrl.data.tasks import write_tasks
from spatialrl.data.verbs import data
from spatialrl.errors import ConfigError, DataError
from spatialrl.types import FramePlan, Media, Relation, SceneGraph, SceneObject
from tests.media_files import write_clip
from tests.unit.data.inspection.planted import finding, inspected, inspected_at, not_ok, photo, row, rows, text_row

ALL_OF_THEM = [name for name in FINDINGS if name not in ("excluded scenes", "tokens")]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "set"


def saved_anew(path: Path, *, place: Path, scale: float, quality: int) -> Media:
    place.parent.mkdir(parents=True, exist_ok=True)
    with Image.open(path) as image:
        small = image.resize((round(image.width * scale), round(image.height * scale)))
    small.save(place, quality=quality)
    return Media(kind="image", path=str(place), width=small.width, height=small.height)


def test_nothing_is_found_in_good_data(folder: Path):
    found = inspected(folder, rows(folder, 12))
    assert [finding.name for finding in found.findings] == ALL_OF_THEM
    assert not_ok(found) == {}
    assert found.summary == "12 rows in 1 file, 12 media"


def test_rows_are_counted_by_source_kind_and_media(folder: Path):
    two = row(folder, 2, media=(photo(folder / "2a.jpg", 102), photo(folder / "2b.jpg", 202)), scene=None)
    number = replace(row(folder, 3), answer_kind="number", answer="3", options=(), split="test")
    found = inspected(folder, [*rows(folder, 2), two, number, text_row("t", "blue")])
    counts = {bars.title: {bar.label: bar.count for bar in bars.bars} for bars in found.counts}
    assert counts["Sources"] == {"rooms": 4, "words": 1}
    assert counts["Kinds of answer"] == {"choice": 3, "number": 1, "text": 1}
    assert counts["Media"] == {"image": 3, "2 images": 1, "text": 1}
    assert counts["Splits"] == {"train": 4, "test": 1}


def test_rows_that_are_wrong_by_themselves_are_named_with_the_reason(folder: Path):
    good = rows(folder, 8)
    stranger = SceneGraph(objects=(), relationships=(Relation(subject="a", predicate="on", object="b"),))
    outside = SceneGraph(objects=(SceneObject(id="thing.1", bbox=(10, 10, 161, 50)),), relationships=())
    bad = [
        replace(good[0], answer="C"),
        replace(good[1], question="Is <image> like <image>?"),
        replace(good[2], scene=outside),
        replace(good[3], scene=stranger),
        replace(good[4], question=" "),
    ]
    found = inspected(folder, [*bad, *good[5:]])
    kinds = ("answer", "placeholders", "box", "scene", "fields")
    assert not_ok(found) == dict.fromkeys(("fields", "answer", "placeholders", "box", "scene"), "stop")
    assert [finding(found, kind).examples for kind in kinds] == [
        ("train.parquet: row-0: Its answer 'C' is none of its options, A to B.",),
        (
            "train.parquet: row-1: Its question names its media otherwise than they are: 2 <image> for 1 and "
            "0 <video> for 0 there are.",
        ),
        ("train.parquet: row-2: The box [10.0, 10.0, 161.0, 50.0] of thing.1 reaches outside 160 x 120.",),
        ("train.parquet: row-3: A relation speaks of a, which is not among the objects of the scene.",),
        ("train.parquet: row-4: It has no question.",),
    ]
    assert finding(found, "box").told == "A box lies outside the image, or is empty: 1 row."


def test_files_that_are_missing_damaged_or_misnamed_are_named_with_the_row(folder: Path):
    tasks = rows(folder, 8)
    (folder / "1.jpg").unlink()
    content = (folder / "2.jpg").read_bytes()
    (folder / "2.jpg").write_bytes(content[: len(content) // 2])
    Image.open(folder / "3.jpg").save(folder / "3.png")
    (folder / "3.png").rename(folder / "3.jpg")
    tasks[4] = replace(tasks[4], media=(replace(tasks[4].media[0], sha256="0" * 64),))
    tasks[5] = replace(tasks[5], media=(replace(tasks[5].media[0], width=161),))
    found = inspected(folder, tasks)
    assert not_ok(found) == {"missing media": "stop", "bad media": "stop", "wrong extension": "look"}
    assert finding(found, "missing media").examples == (f"row-1: {folder}/1.jpg does not exist.",)
    damaged, changed, other_size = finding(found, "bad media").examples
    assert damaged.startswith(f"row-2: {folder}/2.jpg can't be decoded: ")
    assert changed == f"row-4: {folder}/4.jpg is another file than the row says: its sha256 differs."
    assert other_size == f"row-5: {folder}/5.jpg is 160 x 120, but the row says 161 x 120."
    assert finding(found, "wrong extension").examples == (
        f"row-3: {folder}/3.jpg is a PNG file by its content; rename it.",
    )


def test_a_damaged_file_is_told_once_for_all_of_its_rows(folder: Path):
    tasks = rows(folder, 4)
    (folder / "0.jpg").write_bytes(b"no image")
    shared = [replace(tasks[0], id=f"more-{number}", question=f"And {number}?") for number in range(4)]
    found = inspected(folder, [*tasks, *shared])
    (told,) = finding(found, "bad media").examples
    assert told.startswith("row-0 and 4 others: ")
    assert finding(found, "bad media").told.endswith(": 1 file, of 5 rows.")


def test_lines_that_are_no_rows_are_counted_and_the_others_inspected(folder: Path):
    write_tasks(folder / "train.jsonl", rows(folder, 4))
    lines = (folder / "train.jsonl").read_text().splitlines(keepends=True)
    strange = json.dumps({**json.loads(lines[0]), "id": "x", "optoins": []}) + "\n"
    half = lines[0].replace("row-0", "half").replace("thing 0", "\\ud800")
    (folder / "train.jsonl").write_text("".join([*lines[:2], strange, half, *lines[2:], lines[0][:40]]))
    found = inspected_at(folder)
    assert not_ok(found) == {"unreadable": "stop"}
    unknown, halved, cut = finding(found, "unreadable").examples
    assert unknown.startswith("train.jsonl: x: Row x has a field 'optoins'")
    assert halved == "train.jsonl: row 4: The line holds half of a character, '\\ud800'."
    assert cut.startswith("train.jsonl: row 7: The line is not JSON: ")
    assert found.summary.startswith("4 rows ")


def test_an_id_that_is_used_twice_is_told(folder: Path):
    tasks = rows(folder, 4)
    found = inspected(folder, [*tasks, replace(tasks[1], question="And now?")])
    assert not_ok(found) == {"ids": "stop"}
    assert finding(found, "ids").examples == ("row-1 stands 2 times",)


def test_the_same_question_about_the_same_bytes_is_one_row_too_many(folder: Path):
    tasks = rows(folder, 4)
    (folder / "copy.jpg").write_bytes((folder / "0.jpg").read_bytes())
    copy = Media(kind="image", path=str(folder / "copy.jpg"), width=160, height=120)
    again = replace(tasks[0], id="again", media=(copy,), question=" where is THING  0?")
    mirrored = replace(tasks[0], id="mirrored", media=(replace(copy, mirrored=True),))
    found = inspected(folder, [*tasks, again, mirrored])
    assert not_ok(found) == {"questions": "look", "pictures": "look"}
    assert finding(found, "questions").examples == ("what row-0 asks is asked 2 times",)
    assert finding(found, "pictures").examples == (f"{folder}/0.jpg (row-0) 2 times",)
    assert finding(found, "pictures").told.startswith("The bytes of another file: 1 file.")


def test_the_same_question_with_another_answer_is_a_contradiction(folder: Path):
    tasks = rows(folder, 4)
    found = inspected(folder, [*tasks, replace(tasks[0], id="other", answer="B")])
    assert not_ok(found) == {"contradictions": "stop"}
    assert finding(found, "contradictions").examples == ("row-0 says left, other says right",)


@pytest.mark.parametrize(("scale", "quality"), [(1.0, 50), (0.5, 75), (1.7, 90)])
def test_a_picture_that_was_saved_anew_is_found(folder: Path, scale: float, quality: int):
    tasks = rows(folder, 30)
    anew = saved_anew(folder / "7.jpg", place=folder / "anew.jpg", scale=scale, quality=quality)
    found = inspected(folder, [*tasks, row(folder, 31, media=(anew,), scene=None)])
    assert not_ok(found) == {"pictures": "look"}
    assert finding(found, "pictures").examples == (f"{folder}/7.jpg (row-7) and {folder}/anew.jpg (row-31)",)


def test_pictures_without_content_are_not_alike(folder: Path):
    tasks = rows(folder, 4)
    for number, shade in enumerate((0, 10, 200, 255)):
        Image.new("RGB", (160, 120), (shade, shade, shade)).save(folder / f"{number}.jpg")
    assert not_ok(inspected(folder, tasks)) == {}


@pytest.fixture
def bench(tmp_path: Path) -> Path:
    """An evaluation set of six rows with pictures of its own."""
    folder = tmp_path / "bench"
    write_tasks(folder / "test.jsonl", [replace(t, id=f"b{t.id}", split="train") for t in rows(folder, 6, start=100)])
    return folder


def test_leaks_are_found_by_scene_by_file_and_by_picture(folder: Path, bench: Path):
    tasks = rows(folder, 8)
    tasks[1] = replace(tasks[1], scene_id="room-101")
    (folder / "2.jpg").write_bytes((bench / "102.jpg").read_bytes())
    anew = saved_anew(bench / "103.jpg", place=folder / "3.jpg", scale=0.6, quality=70)
    tasks[3] = replace(tasks[3], media=(anew,), scene=None)
    found = inspected(folder, tasks, against=str(bench))
    assert not_ok(found) == dict.fromkeys(("leaked scenes", "leaked files", "leaked pictures"), "stop")
    assert [finding(found, name).examples for name in ("leaked scenes", "leaked files", "leaked pictures")] == [
        ("train.parquet: row-1 with test.jsonl: brow-101",),
        ("train.parquet: row-2 with test.jsonl: brow-102",),
        ("train.parquet: row-3 with test.jsonl: brow-103",),
    ]
    assert found.summary == f"8 rows in 1 file, 8 media, against 6 rows of {bench}"


def test_splits_of_the_data_itself_leak_as_well(folder: Path):
    tasks = rows(folder, 8)
    held_out = [replace(tasks[6], split="validation", scene_id="room-0"), replace(tasks[7], split="test")]
    (folder / "5.jpg").write_bytes((folder / "7.jpg").read_bytes())
    found = inspected(folder, [*tasks[:6], *held_out])
    assert finding(found, "leaked scenes").examples == ("train.parquet: row-0 with train.parquet: row-6",)
    assert finding(found, "leaked files").examples == ("train.parquet: row-5 with train.parquet: row-7",)


def test_a_picture_leaks_whichever_of_the_two_rows_is_read_first(folder: Path):
    tasks = rows(folder, 6)
    anew = saved_anew(folder / "0.jpg", place=folder / "anew.jpg", scale=0.6, quality=70)
    tested = [replace(tasks[0], split="test"), *tasks[1:5], replace(tasks[5], media=(anew,), scene=None)]
    assert finding(inspected(folder, tested), "leaked pictures").examples == (
        "train.parquet: row-5 with train.parquet: row-0",
    )


def test_rows_that_test_do_not_leak_into_an_evaluation_set(folder: Path, bench: Path):
    tested = row(folder, 0, split="test", scene_id="room-101")
    assert not_ok(inspected(folder, [tested, *rows(folder, 4, start=1)], against=str(bench))) == {}


def test_a_file_is_not_inspected_against_itself(folder: Path):
    write_tasks(folder / "train.parquet", rows(folder, 4))
    write_tasks(folder / "test.parquet", rows(folder, 4, start=4))
    found = inspected_at(folder, against=f"{folder}/test.parquet")
    assert not_ok(found) == {}
    assert found.summary.startswith("4 rows in 1 file, 4 media, against 4 rows of ")
    with pytest.raises(DataError, match=r"All files of inspect=.* are among those of against="):
        inspected_at(folder, against=str(folder))


def test_a_video_is_compared_by_its_frames(folder: Path, bench: Path):
    plan = FramePlan(indices=(0, 3), source_fps=10.0, num_source_frames=4)
    for place in (folder / "a.mp4", bench / "b.mp4"):
        place.parent.mkdir(exist_ok=True)
        write_clip(place, num_frames=4, size=(64, 48), options={"qp": "24" if place.stem == "a" else "30"})
    video = Media(kind="video", path=str(folder / "a.mp4"), width=64, height=48, frames=plan)
    write_tasks(bench / "v.jsonl", [text_row("v", "one", media=(replace(video, path=str(bench / "b.mp4")),))])
    found = inspected(folder, [text_row("t", "two", media=(video,)), *rows(folder, 4)], against=str(bench))
    assert not_ok(found) == {"leaked pictures": "stop"}
    assert finding(found, "leaked pictures").examples == ("train.parquet: t with v.jsonl: v",)


def test_a_video_without_a_plan_is_opened_as_a_run_would(folder: Path):
    folder.mkdir()
    write_clip(folder / "a.mp4", num_frames=20, size=(64, 48))
    video = Media(kind="video", path=str(folder / "a.mp4"), width=64, height=48)
    assert not_ok(inspected(folder, [text_row("t", "two", media=(video,)), *rows(folder, 4)])) == {}
    content = (folder / "a.mp4").read_bytes()
    (folder / "a.mp4").write_bytes(content[: len(content) // 2])
    assert not_ok(inspected(folder, [text_row("t", "two", media=(video,)), *rows(folder, 4)])) == {"bad media": "stop"}


def test_media_without_sides_are_told_and_leave_the_page_whole(folder: Path):
    flat = row(folder, 1)
    flat = replace(flat, media=(replace(flat.media[0], height=0),))
    found = inspected(folder, [*rows(folder, 1), flat])
    assert not_ok(found) == {"box": "stop", "bad media": "stop"}
    assert "The row says that" in page(found, Order(path="x"))


def test_scenes_of_an_exclusion_list_stop(folder: Path):
    (folder.parent / "list.txt").write_text("room-2.mp4\n")
    tasks = [*rows(folder, 4)]
    tasks[3] = replace(tasks[3], scene_id="room-2", split="test")
    found = inspected(folder, tasks, exclude=str(folder.parent / "list.txt"))
    assert not_ok(found) == {"leaked scenes": "stop", "excluded scenes": "stop"}
    assert finding(found, "excluded scenes").examples == ("row-2 shows room-2",)


def test_the_verb_writes_a_page_prints_a_line_for_each_finding_and_fails_where_one_stops(
    folder: Path, capsys: pytest.CaptureFixture[str]
):
    tasks = rows(folder, 4)
    write_tasks(folder / "train.parquet", [*tasks, replace(tasks[1], question="And now?")])
    place = folder.parent / "pages/a.html"
    words = [f"inspect={folder}/train.parquet", f"page={place}", "progress=false"]
    with pytest.raises(DataError, match=r"train\.parquet is not fit to be trained on: ids\. .* accept=ids "):
        data(words)
    told = capsys.readouterr().out
    assert "\nstop  ids                Used by an earlier row: 1 id.\n" in told
    assert "\nok    questions          No question is asked twice.\n" in told
    assert f"18 ok, 0 look, 1 stop.\n{place}\n" in told
    assert place.exists()
    place.unlink()
    data([*words, "accept=ids"])
    assert "look  ids                Used by an earlier row: 1 id. It is accepted.\n" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "error", "told"),
    [
        (["inspect=nowhere"], DataError, "nowhere does not exist; give a file or a folder of rows"),
        (["inspect=.", "againts=x"], ConfigError, "There is no argument 'againts'. Did you mean against?"),
        (["inspect=.", "accept=luck"], ConfigError, "accept=luck: there are: unreadable, fields"),
        (["inspect=.", "cards=-1"], ConfigError, "cards is -1; give 0 to 200"),
        (["inspect=.", "max_tokens=100"], ConfigError, "leaves no room for a prompt"),
        (["inspect=pyproject.toml"], DataError, "is not a .parquet or .jsonl file"),
    ],
)
def test_a_mistake_in_the_words_of_an_inspection_is_told(words: list[str], error: type[Exception], told: str):
    with pytest.raises(error) as caught:
        data(words)
    assert told in str(caught.value)


def test_data_without_a_row_is_an_error(folder: Path):
    folder.mkdir()
    (folder / "train.jsonl").write_text("not json\n")
    with pytest.raises(DataError, match=r"no row can be read\. The line is not JSON"):
        inspected_at(folder)
