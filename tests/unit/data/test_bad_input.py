"""Every kind of bad input, at every door: an import drops the row and counts it, `validate` and `inspect` name it with the
reason, and no training starts on it. Rows beside it are not harmed."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from PIL import Image

from spatialrl.ask import still
from spatialrl.config import DataConfig
from spatialrl.data.media.load import load_image, load_video
from spatialrl.data.tasks import read_tasks, write_tasks
from spatialrl.data.validate import validate
from spatialrl.endpoints.images import image_file
from spatialrl.errors import DataError
from spatialrl.generators.pretext.picture import read_picture
from spatialrl.generators.pretext.question import Damaged
from spatialrl.prepare import load_training
from spatialrl.types import FramePlan, Media, SceneGraph, SceneObject, Task
from tests.media_files import noise, write_clip
from tests.unit.data.importers.sources import imported, put_json_lines
from tests.unit.data.inspection.planted import inspected_at, not_ok

FRONT = {"movflags": "faststart"}


def image_task(folder: Path, name: str = "bad") -> Task:
    """Of noise, so that a file that is cut off lacks pixels."""
    Image.fromarray(noise(64, 48, seed=len(name))).save(folder / f"{name}.png")
    return Task(
        id=name,
        question=f"What is {name}?",
        media=(Media(kind="image", path=str(folder / f"{name}.png"), width=64, height=48),),
        options=("a cube", "a ball"),
        answer="A",
        answer_kind="choice",
        scene=SceneGraph(objects=(SceneObject(id="cube.1", bbox=(1, 1, 9, 9)),), relationships=()),
    )


def video_task(folder: Path, **clip: object) -> Task:
    """Eight frames, all of which are seen."""
    write_clip(folder / "bad.mp4", **{"num_frames": 8, **clip})  # type: ignore[arg-type]
    plan = FramePlan(indices=tuple(range(8)), source_fps=10.0, num_source_frames=8)
    video = Media(kind="video", path=str(folder / "bad.mp4"), width=48, height=32, frames=plan)
    return Task(id="bad", question="What is bad?", media=(video,), answer="a cube", answer_kind="text")


def cut(path: Path, share: float) -> None:
    path.write_bytes(path.read_bytes()[: int(path.stat().st_size * share)])


def cut_image(folder: Path) -> Task:
    task = image_task(folder)
    cut(folder / "bad.png", 0.5)
    return task


def cut_video(folder: Path, share: float = 0.5, **clip: object) -> Task:
    task = video_task(folder, **clip)
    cut(folder / "bad.mp4", share)
    return task


def cut_video_with_its_index(folder: Path) -> Task:
    """The header is whole and promises all frames."""
    return cut_video(folder, share=0.7, container_options=FRONT)


def video_without_frames(folder: Path) -> Task:
    task = video_task(folder)
    write_clip(folder / "bad.mp4", num_frames=0)
    return task


def huge_image(folder: Path) -> Task:
    task = image_task(folder)
    Image.new("1", (10_000, 10_000)).save(folder / "bad.png")
    return replace(task, media=(replace(task.media[0], width=10_000, height=10_000),), scene=None)


def misnamed_image(folder: Path) -> Task:
    task = image_task(folder)
    Image.open(folder / "bad.png").save(folder / "bad.png", format="jpeg")
    return task


def missing_image(folder: Path) -> Task:
    task = image_task(folder)
    (folder / "bad.png").unlink()
    return task


def empty_image(folder: Path) -> Task:
    task = image_task(folder)
    (folder / "bad.png").write_bytes(b"")
    return task


def page_for_an_image(folder: Path) -> Task:
    task = image_task(folder)
    (folder / "bad.png").write_bytes(b"<html>404</html>")
    return task


# What is planted; the kind under which an import drops it; the finding of `inspect`; a part of the sentence that
# `validate` and a training say; and where a training does not say it, since it reads no pixels.
FAULTS: dict[str, tuple[Callable[[Path], Task], str, str, str]] = {
    "cut image": (cut_image, "corrupt media", "bad media", "bad.png can't be decoded"),
    "cut video": (cut_video, "corrupt media", "bad media", "bad.mp4 can't be read as a video, or is cut off"),
    "cut video with its index": (cut_video_with_its_index, "corrupt media", "bad media", "bad.mp4"),
    "video without frames": (video_without_frames, "corrupt media", "bad media", "bad.mp4"),
    "huge image": (huge_image, "corrupt media", "bad media", "declares 10000 x 10000 pixels, more than 64000000"),
    "missing image": (missing_image, "media", "missing media", "bad.png does not exist"),
    "empty image": (empty_image, "corrupt media", "bad media", "bad.png is empty: 0 bytes"),
    "page for an image": (page_for_an_image, "corrupt media", "bad media", "bad.png is not an image"),
}
SEEN_IN_PIXELS_ONLY = ("cut image", "cut video with its index")

ROWS: dict[str, tuple[dict, str, str]] = {
    "answer": ({"answer": "C"}, "answer", "Its answer 'C' is none of its options, A to B."),
    "placeholders": ({"question": "<image> or <image>?"}, "placeholders", "2 <image> for 1"),
    "box": (
        {"scene": SceneGraph(objects=(SceneObject(id="cube.1", bbox=(1, 1, 65, 9)),), relationships=())},
        "box",
        "of cube.1 reaches outside 64 x 48",
    ),
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "set").mkdir()
    return tmp_path / "set"


def stored(folder: Path, bad: Task) -> Path:
    path = folder / "train.jsonl"
    write_tasks(path, [image_task(folder, "good"), bad, image_task(folder, "other")])
    return path


def validated(path: Path) -> list[tuple[str, str]]:
    return [(problem.row, problem.reason) for problem in validate(path)]


def trained(path: Path) -> None:
    load_training(DataConfig(train=str(path)), seed=1)


@pytest.mark.parametrize("fault", FAULTS)
def test_bad_media_are_named_with_their_row_by_validate_and_inspect(folder: Path, fault: str):
    plant, _, finding, sentence = FAULTS[fault]
    path = stored(folder, plant(folder))
    ((row, reason),) = validated(path)
    assert row == "bad"
    assert sentence in reason
    found = inspected_at(path)
    assert not_ok(found) == {finding: "stop"}
    (example,) = next(item.examples for item in found.findings if item.name == finding)
    assert example.startswith("bad: ")
    assert sentence in example


@pytest.mark.parametrize("fault", [fault for fault in FAULTS if fault not in SEEN_IN_PIXELS_ONLY])
def test_no_training_starts_on_bad_media(folder: Path, fault: str):
    plant, _, _, sentence = FAULTS[fault]
    path = stored(folder, plant(folder))
    with pytest.raises(DataError) as caught:
        trained(path)
    assert str(caught.value).startswith(f"{path} has 1 bad of 3 rows (bad: ")
    assert sentence in str(caught.value)


@pytest.mark.parametrize("fault", SEEN_IN_PIXELS_ONLY)
def test_media_that_are_damaged_behind_their_header_are_named_when_they_are_decoded(folder: Path, fault: str):
    plant, _, _, sentence = FAULTS[fault]
    (medium,) = plant(folder).media
    with pytest.raises(DataError) as caught:
        load_video(medium, size=(56, 56)) if medium.kind == "video" else load_image(medium, size=(56, 56))
    assert sentence in str(caught.value)


@pytest.mark.parametrize("fault", [*FAULTS, "misnamed image"])
def test_an_import_drops_rows_with_bad_media_and_counts_them(
    folder: Path, fault: str, capsys: pytest.CaptureFixture[str]
):
    plant, kind = (misnamed_image, "wrong extension") if fault == "misnamed image" else FAULTS[fault][:2]
    (medium,) = plant(folder).media
    image_task(folder, "good")
    shown = {"videos": "bad.mp4"} if medium.kind == "video" else {"images": "bad.png"}
    rows = [{"id": "bad", "problem": "What?", "answer": "1", **shown}]
    rows = [{**row, "problem": f"<{'video' if medium.kind == 'video' else 'image'}>What?"} for row in rows]
    rows.append({"id": "good", "problem": "<image>What?", "answer": "1", "images": "good.png"})
    result = imported("easyr1", put_json_lines(folder / "rows.jsonl", rows))
    assert (result.rejected, result.task.id) == ([("bad", kind)], "good")
    assert f"Dropped 1 {kind}; see " in capsys.readouterr().out


def test_an_image_with_the_name_of_another_format_is_worth_a_look_and_can_be_trained_on(folder: Path):
    path = stored(folder, misnamed_image(folder))
    assert validated(path) == []
    assert not_ok(inspected_at(path)) == {"wrong extension": "look"}
    trained(path)


def test_who_looks_at_pictures_reads_them_by_content_and_not_by_name(folder: Path):
    """A question to a model, an endpoint, the generators that need no label; what is no picture at all is named by each."""
    path = folder / "bad.png"
    misnamed_image(folder)
    assert still(str(path), kind="image").width == 64
    assert image_file(path).media_type == "image/jpeg"
    assert read_picture(path, 64).size == (64, 48)
    page_for_an_image(folder)
    for look in (lambda: still(str(path), kind="image"), lambda: image_file(path), lambda: read_picture(path, 64)):
        with pytest.raises((DataError, Damaged), match=r"bad\.png"):
            look()


@pytest.mark.parametrize("fault", ROWS)
def test_a_bad_row_is_named_by_validate_by_inspect_and_by_a_training(folder: Path, fault: str):
    change, finding, sentence = ROWS[fault]
    path = stored(folder, replace(image_task(folder), **change))
    ((row, reason),) = validated(path)
    assert row == "bad"
    assert sentence in reason
    found = inspected_at(path)
    assert not_ok(found) == {finding: "stop"}
    with pytest.raises(DataError) as caught:
        trained(path)
    assert str(caught.value).startswith(f"{path} has 1 bad of 3 rows (bad: ")
    assert sentence in str(caught.value)


def test_an_id_that_is_used_twice_is_named_by_validate_by_inspect_and_by_a_training(folder: Path):
    path = stored(folder, replace(image_task(folder), id="good"))
    assert validated(path) == [("good", "The id good is used before, in train.jsonl.")]
    assert not_ok(inspected_at(path)) == {"ids": "stop"}
    with pytest.raises(DataError, match="different tasks of the id good"):
        trained(path)


def test_a_line_that_was_cut_in_half_is_named_by_validate_by_inspect_and_by_a_training(folder: Path):
    path = stored(folder, image_task(folder))
    cut(path, 0.9)
    ((row, reason),) = validated(path)
    assert row == ""
    assert "train.jsonl line 3 is not JSON" in reason
    found = inspected_at(path)
    assert not_ok(found) == {"unreadable": "stop"}
    assert found.summary.startswith("2 rows ")
    with pytest.raises(DataError, match=r"train\.jsonl line 3 is not JSON"):
        trained(path)


@pytest.mark.parametrize("damage", ["\\ud800", "\xff"])
def test_text_that_is_no_text_is_named_by_validate_by_inspect_and_by_a_training(folder: Path, damage: str):
    """Half of a character, which JSON can hold and no file, and a byte that is no UTF-8."""
    path = stored(folder, image_task(folder))
    content = path.read_bytes().replace(b"What is bad", b"What is " + damage.encode("latin-1"))
    path.write_bytes(content)
    assert [row for row, _ in validated(path)] == [""]
    found = inspected_at(path)
    assert not_ok(found) == {"unreadable": "stop"}
    assert found.summary.startswith("2 rows ")
    with pytest.raises(DataError, match="line 2"):
        trained(path)


@pytest.mark.parametrize("damage", [b"\\ud800", b"\xff"])
def test_an_import_drops_text_that_is_no_text(folder: Path, damage: bytes):
    rows = [{"id": name, "problem": f"What is {name}?", "answer": "1"} for name in ("good", "bad", "other")]
    path = put_json_lines(folder / "rows.jsonl", rows)
    path.write_bytes(path.read_bytes().replace(b"What is bad", b"What is " + damage))
    result = imported("easyr1", path)
    assert [task.id for task in result.tasks()] == ["good", "other"]
    assert [kind for _, kind in result.rejected] == ["unreadable"]


def damaged_parquet(folder: Path) -> Path:
    """Three row groups, the second of which can't be read."""
    tasks = [Task(id=f"t{n}", question=f"How many {n}?", answer=str(n), answer_kind="number") for n in range(9)]
    write_tasks(folder / "whole.jsonl", tasks)
    lines = [json.loads(line) for line in (folder / "whole.jsonl").read_text().splitlines()]
    (folder / "whole.jsonl").unlink()
    rows = [{key: row[key] for key in ("id", "question", "answer", "answer_kind")} for row in lines]
    path = folder / "train.parquet"
    pq.write_table(pa.Table.from_pylist(rows), path, row_group_size=3, compression="snappy", use_dictionary=False)
    column = pq.ParquetFile(path).metadata.row_group(1).column(1)
    content = bytearray(path.read_bytes())
    start = column.data_page_offset
    content[start : start + column.total_compressed_size] = b"\xff" * column.total_compressed_size
    path.write_bytes(content)
    return path


def test_a_row_group_that_can_not_be_read_is_named_by_validate_by_inspect_and_by_a_training(folder: Path):
    path = damaged_parquet(folder)
    ((row, reason),) = validated(path)
    assert (row, "train.parquet can't be read as parquet" in reason) == ("", True)
    found = inspected_at(path)
    assert not_ok(found) == {"unreadable": "stop"}
    assert found.summary.startswith("6 rows ")
    assert "Could not be read: 3 rows." in [finding.told for finding in found.findings]
    with pytest.raises(DataError, match=r"train\.parquet can't be read as parquet"):
        trained(path)
    with pytest.raises(DataError, match=r"train\.parquet can't be read as parquet"):
        read_tasks(path)


def test_a_parquet_file_whose_text_is_no_text_is_named(folder: Path):
    words = pa.array(["a", "b"])
    broken = pa.StringArray.from_buffers(2, words.buffers()[1], pa.py_buffer(b"a\xff"))
    columns = {name: broken if name == "question" else words for name in ("id", "question", "answer")}
    pq.write_table(pa.table(columns | {"answer_kind": pa.array(["text", "text"])}), folder / "train.parquet")
    ((row, reason),) = validated(folder / "train.parquet")
    assert (row, "train.parquet can't be read as parquet" in reason) == ("", True)
    with pytest.raises(DataError, match=r"no row can be read\. Row group 0 can't be read: 'utf-8' codec"):
        inspected_at(folder / "train.parquet")
    with pytest.raises(DataError, match=r"train\.parquet can't be read as parquet"):
        trained(folder / "train.parquet")
