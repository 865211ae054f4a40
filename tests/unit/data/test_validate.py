import struct
import time
import zlib
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from spatialrl.data.tasks import write_tasks
from spatialrl.data.validate import check_task, validate
from spatialrl.errors import DataError
from spatialrl.scenes.video import write_video
from spatialrl.types import FramePlan, Media, Relation, SceneGraph, SceneObject, Task


@pytest.fixture
def good(tmp_path) -> Task:
    """A choice about an image of 40 x 30."""
    Image.fromarray(np.arange(3600).reshape(30, 40, 3).astype(np.uint8)).save(tmp_path / "a.png")
    return Task(
        id="row-1",
        question="Which one?",
        media=(Media(kind="image", path=str(tmp_path / "a.png"), width=40, height=30),),
        options=("left", "right"),
        answer="B",
        answer_kind="choice",
        scene_id="scene-1",
        scene=SceneGraph(objects=(SceneObject(id="red_cube.1", bbox=(0, 0, 40, 30)),), relationships=()),
    )


def medium(task: Task, **changes) -> Task:
    return replace(task, media=(replace(task.media[0], **changes),))


def box(task: Task, *sides: float) -> Task:
    x1, y1, x2, y2 = sides
    return replace(
        task, scene=SceneGraph(objects=(SceneObject(id="red_cube.1", bbox=(x1, y1, x2, y2)),), relationships=())
    )


def with_video(task: Task, folder: Path, *, num_frames: int = 4, **plan) -> Task:
    write_video(folder / "a.mp4", np.zeros((4, 32, 32, 3), np.uint8), fps=4)
    frames = FramePlan(**{"indices": (0, 2), "source_fps": 4.0, "num_source_frames": num_frames, **plan})
    video = Media(kind="video", path=str(folder / "a.mp4"), width=32, height=32, frames=frames)
    return replace(task, media=(video,), scene=None)


def bomb(path: Path, side: int) -> None:
    """A PNG of a few bytes that declares side x side pixels."""
    header = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    chunks = [(b"IHDR", header), (b"IDAT", zlib.compress(b"")), (b"IEND", b"")]
    parts = [struct.pack(">I", len(d)) + k + d + struct.pack(">I", zlib.crc32(k + d)) for k, d in chunks]
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + b"".join(parts))


def test_a_good_row_has_no_problem(good, tmp_path):
    assert check_task(good) is None
    assert check_task(with_video(good, tmp_path)) is None


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda t: replace(t, id=""), "It has no id."),
        (lambda t: replace(t, question=" "), "It has no question."),
        (lambda t: replace(t, answer=""), "It has no answer."),
        (lambda t: replace(t, answer="C"), "Its answer 'C' is none of its options, A to B."),
        (lambda t: replace(t, answer="right"), "Its answer 'right' is none of its options, A to B."),
        (lambda t: replace(t, options=()), "A choice needs at least 2 options; it has 0."),
        (lambda t: replace(t, options=("left", "left")), "Two of its options are the same."),
        (lambda t: replace(t, answer_kind="guess"), "Its answer_kind is 'guess'"),
        (lambda t: replace(t, answer_kind="number", answer="two"), "Its answer 'two' is not a number."),
        (lambda t: replace(t, answer_kind="number", answer="nan"), "Its answer 'nan' is not a number."),
        (lambda t: replace(t, split="dev"), "Its split is 'dev'"),
        (lambda t: replace(t, coordinates="inches"), "Its coordinates are in 'inches'"),
        (lambda t: medium(t, width=8041, height=40), "is more than 200 times as long as it is short"),
        (lambda t: box(t, 5, 5, 5, 9), "is reversed or empty"),
        (lambda t: box(t, 9, 5, 5, 9), "is reversed or empty"),
        (lambda t: box(t, 0, 0, 41, 30), "of red_cube.1 reaches outside 40 x 30."),
        (lambda t: box(t, -1, 0, 40, 30), "of red_cube.1 reaches outside 40 x 30."),
        (lambda t: box(t, float("nan"), 0, 40, 30), "is reversed or empty"),
        (lambda t: medium(t, path="/missing.png"), "The image /missing.png does not exist."),
        (lambda t: medium(replace(t, scene=None), width=30, height=40), "is 40 x 30, but the row says 30 x 40."),
        (
            lambda t: medium(t, kind="video", frames=FramePlan(indices=(), source_fps=1.0, num_source_frames=1)),
            "frame plan of",
        ),
    ],
)
def test_a_planted_fault_is_named(good, change, sentence):
    assert sentence in str(check_task(change(good)))


def test_a_relation_between_strangers_is_named(good):
    scene = replace(good.scene, relationships=(Relation(subject="red_cube.1", predicate="on", object="table.1"),))
    assert "speaks of table.1" in str(check_task(replace(good, scene=scene)))


def test_what_is_not_an_image_is_named(good, tmp_path):
    (tmp_path / "a.png").write_bytes(b"hello")
    assert "is not an image" in str(check_task(good))


@pytest.mark.parametrize("side", [9_000, 60_000])
def test_an_image_bomb_is_refused_before_it_is_decoded(good, tmp_path, side):
    bomb(tmp_path / "a.png", side)
    start = time.process_time()
    assert "not decoded" in str(check_task(medium(good, width=side, height=side)))
    assert time.process_time() - start < 0.5


def test_what_is_not_a_video_is_named(good, tmp_path):
    task = with_video(good, tmp_path)
    (tmp_path / "a.mp4").write_bytes(b"hello")
    assert "can't be read as a video" in str(check_task(task))


def test_a_frame_plan_beyond_the_video_is_named(good, tmp_path):
    assert "asks for frame 7 of 4" in str(check_task(with_video(good, tmp_path, indices=(0, 7))))


def problems(folder: Path, **files: list[Task]) -> list[tuple[str, str]]:
    for name, tasks in files.items():
        write_tasks(folder / f"{name}.jsonl", tasks)
    return [(problem.row, problem.reason) for problem in validate(folder)]


def test_a_damaged_image_is_found_by_decoding_it(good, tmp_path):
    data = (tmp_path / "a.png").read_bytes()
    (tmp_path / "a.png").write_bytes(data[: len(data) // 2])
    assert check_task(good) is None
    ((row, reason),) = problems(tmp_path, train=[good])
    assert row == "row-1"
    assert "can't be decoded" in reason


def test_a_changed_image_is_found_by_its_hash(good, tmp_path):
    ((_, reason),) = problems(tmp_path, train=[medium(good, sha256="0" * 64)])
    assert "its sha256 differs" in reason


def test_missing_frames_are_found_by_decoding_them(good, tmp_path):
    ((_, reason),) = problems(tmp_path, train=[with_video(good, tmp_path, num_frames=5)])
    assert reason.endswith("a.mp4 has 4 frames, but the row says 5.")


@pytest.mark.parametrize(
    ("question", "told"),
    [("What is in <image>?", None), ("Is <image> like <image>?", "2 <image> for 1"), ("<video>?", "1 <video> for 0")],
)
def test_a_question_names_all_of_its_media_or_none(good, question, told):
    reason = check_task(replace(good, question=question))
    assert (reason is None) if told is None else told in str(reason)


def test_options_may_be_images(good):
    task = medium(replace(good, question="Which one fits <image>?", options=("<image>", "<image>"), scene=None))
    assert check_task(replace(task, media=task.media * 3)) is None


def test_the_same_id_twice_is_named_once(good, tmp_path):
    assert problems(tmp_path, train=[good, good]) == [("row-1", "The id row-1 is used before, in train.jsonl.")]


def test_a_scene_in_two_splits_is_named(good, tmp_path):
    other = replace(good, id="row-2", split="test")
    assert problems(tmp_path, a=[good], b=[other]) == [
        ("row-2", "Scene scene-1 is in the split test and in train."),
    ]


def test_rows_without_a_scene_do_not_leak(good, tmp_path):
    rows = [replace(good, scene_id=""), replace(good, id="row-2", split="test", scene_id="")]
    assert problems(tmp_path, a=rows) == []


def test_every_bad_row_is_reported_and_the_good_are_not(good, tmp_path):
    rows = [replace(good, id=f"row-{i}", answer="B" if i % 2 else "") for i in range(6)]
    assert [row for row, _ in problems(tmp_path, train=rows)] == ["row-0", "row-2", "row-4"]


def test_a_problem_reads_as_a_sentence(good, tmp_path):
    write_tasks(tmp_path / "train.jsonl", [replace(good, answer="")])
    assert [str(problem) for problem in validate(tmp_path)] == ["train.jsonl: row-1: It has no answer."]


def test_a_file_that_can_not_be_read_is_a_problem_and_the_others_are_checked(good, tmp_path):
    (tmp_path / "bad.jsonl").write_text("not json\n")
    found = problems(tmp_path, train=[replace(good, answer="")])
    assert "is not JSON" in found[0][1]
    assert found[1] == ("row-1", "It has no answer.")


def test_a_folder_without_rows_is_an_error(tmp_path):
    with pytest.raises(DataError, match=r"holds no \.parquet or \.jsonl file"):
        validate(tmp_path)
