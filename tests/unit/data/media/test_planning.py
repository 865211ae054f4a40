from dataclasses import replace
from pathlib import Path

import pytest

from spatialrl.config import DataConfig, VideoConfig
from spatialrl.data.media.check import check_header, check_pixels
from spatialrl.data.media.frame_plan import plan_frames
from spatialrl.data.media.planning import with_frame_plans
from spatialrl.data.media.probe import probe_video
from spatialrl.data.tasks import write_tasks
from spatialrl.errors import DataError
from spatialrl.prepare import load_tasks, load_training
from spatialrl.types import FramePlan, Media, Task
from tests.fakes import make_task
from tests.media_files import write_clip

OWN = FramePlan(indices=(0, 9), source_fps=10.0, num_source_frames=40)


@pytest.fixture(scope="module")
def video(tmp_path_factory: pytest.TempPathFactory) -> Media:
    """Four seconds."""
    path = write_clip(tmp_path_factory.mktemp("video") / "a.mp4", num_frames=40, fps=10, size=(48, 32))
    return Media(kind="video", path=str(path), width=48, height=32)


def frames(task: Task) -> tuple[int, ...]:
    assert task.media[0].frames is not None
    return task.media[0].frames.indices


def test_a_row_without_a_plan_gets_that_of_the_config(video: Media):
    # Two frames a second of four seconds are 8, from the first to the last of 40.
    ((task,), _) = with_frame_plans([make_task(media=(video,))], VideoConfig(fps=2.0, min_frames=2))
    assert frames(task) == (0, 6, 11, 17, 22, 28, 33, 39)
    ((task,), _) = with_frame_plans([make_task(media=(video,))], VideoConfig(fps=2.0, min_frames=2, max_frames=4))
    assert frames(task) == (0, 13, 26, 39)
    ((task,), _) = with_frame_plans([make_task(media=(video,))], VideoConfig(fps=0.1, min_frames=6))
    assert len(frames(task)) == 6


def test_a_plan_of_the_row_stays_unless_all_are_planned_anew(video: Media):
    row = make_task(media=(replace(video, frames=OWN),))
    assert with_frame_plans([row], VideoConfig()) == ([row], {})
    ((task,), _) = with_frame_plans([row], VideoConfig(fps=1.0, replan=True))
    assert task.media[0].frames == plan_frames(probe_video(video.path), fps=1.0)


def test_images_are_left_alone_and_their_files_are_not_opened():
    row = make_task(media=(Media(kind="image", path="nowhere.png", width=10, height=10),))
    assert with_frame_plans([row], VideoConfig(replan=True)) == ([row], {})


def test_a_video_that_can_not_be_planned_is_named_with_its_row(tmp_path: Path):
    (tmp_path / "a.mp4").write_bytes(b"no video")
    broken = Media(kind="video", path=str(tmp_path / "a.mp4"), width=48, height=32)
    write_tasks(tmp_path / "rows.parquet", [make_task("row-7", media=(broken,))])
    with pytest.raises(DataError, match=r"row-7: .*a\.mp4 can't be read as a video"):
        load_tasks(DataConfig(), str(tmp_path / "rows.parquet"))


def test_a_run_plans_its_training_rows_and_its_held_out_rows_alike(video: Media, tmp_path: Path):
    write_tasks(tmp_path / "rows.parquet", [make_task("row-1", media=(video,))])
    path = str(tmp_path / "rows.parquet")
    config = DataConfig(train=path, test=path, video=VideoConfig(fps=1.0, max_frames=4))
    (pool,) = load_training(config, seed=1)
    assert pool.tasks == load_tasks(config, path)
    assert frames(pool.tasks[0]) == (0, 13, 26, 39)


def test_a_row_without_a_plan_is_a_good_row(video: Media):
    assert check_header(video) is None
    assert check_pixels(video) is None


def test_rows_with_broken_media_are_dropped_where_the_config_says_so(
    video: Media, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    (tmp_path / "a.mp4").write_bytes(Path(video.path).read_bytes()[:2000])
    (tmp_path / "b.png").write_bytes(b"no image")
    cut = replace(video, path=str(tmp_path / "a.mp4"))
    image = Media(kind="image", path=str(tmp_path / "b.png"), width=10, height=10)
    rows = [make_task("good", media=(video,)), make_task("cut", media=(cut,)), make_task("odd", media=(image,))]
    path = str(tmp_path / "rows.parquet")
    write_tasks(Path(path), rows)
    assert [task.id for task in load_tasks(DataConfig(bad_media="drop"), path)] == ["good"]
    told = capsys.readouterr().out
    assert "2 of 3 rows are dropped (cut: " in told
    assert "odd: " in told
    dropped: dict[str, str] = {}
    (pool,) = load_training(DataConfig(train=path, bad_media="drop"), seed=1, drop=dropped.__setitem__)
    assert [task.id for task in pool.tasks] == ["good"]
    assert list(dropped) == ["cut", "odd"]
    assert "b.png is not an image" in dropped["odd"]
    told_of_test: list[str] = []
    load_tasks(DataConfig(bad_media="drop"), path, drop=lambda name, _: told_of_test.append(name))
    assert told_of_test == ["cut", "odd"]
    with pytest.raises(DataError, match="2 bad of 3 rows"):
        load_tasks(DataConfig(), path)
    write_tasks(Path(path), rows[1:])
    with pytest.raises(DataError, match="no row left: the media of all 2"):
        load_tasks(DataConfig(bad_media="drop"), path)
