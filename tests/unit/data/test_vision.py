"""What the model is given, for both families of models."""

from pathlib import Path

import pytest

from spatialrl.data.media.frame_plan import plan_frames
from spatialrl.data.media.probe import probe_video
from spatialrl.data.vision import PromptReader, video_metadata
from spatialrl.types import Media
from tests.media_files import write_clip
from tests.tiny_policy import picture, tiny_config, with_media


@pytest.fixture(scope="module", params=["qwen2_5_vl", "qwen3_vl"])
def reader(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> PromptReader:
    config = tiny_config(tmp_path_factory.mktemp(request.param), family=request.param)
    config.data.min_pixels = config.data.video.min_pixels = 1024
    return PromptReader(config.model.path, config.data)


def grids(reader: PromptReader, medium: Media, key: str) -> list[list[int]]:
    task = with_media("t", (medium,))
    return reader.model_inputs(task, reader.load(task)).pixels[key].tolist()


def test_an_image_keeps_its_size_though_the_processor_would_enlarge_it(reader: PromptReader, tmp_path: Path):
    """One merged patch by two; the processor would make no less than 3136 pixels of it."""
    path = picture(tmp_path, seed=0).path
    small = Media(kind="image", path=path, width=28, height=56)
    width, height = reader.budgets.size(small)
    assert width * height < 3136
    patch = reader.factor // reader.merge
    assert grids(reader, small, "image_grid_thw") == [[1, height // patch, width // patch]]


def test_a_video_keeps_its_size_though_the_processor_would_change_it(reader: PromptReader, tmp_path: Path):
    path = write_clip(tmp_path / "a.mp4", num_frames=4, size=(28, 56))
    small = Media(kind="video", path=str(path), width=28, height=56, frames=plan_frames(probe_video(path)))
    width, height = reader.budgets.size(small)
    patch = reader.factor // reader.merge
    assert grids(reader, small, "video_grid_thw") == [[2, height // patch, width // patch]]


def test_the_model_is_told_when_frames_at_an_uneven_rate_are_shown(reader: PromptReader, tmp_path: Path):
    """5 intervals in 10 s are a frame every 2 s: moments 0, 8 and 10 s are its frames 0, 4 and 5."""
    times_ms = [0, 7000, 7100, 7200, 8000, 10000]
    path = write_clip(tmp_path / "a.mp4", num_frames=6, size=(32, 32), times_ms=times_ms)
    plan = plan_frames(probe_video(path), max_frames=2)
    task = with_media("t", (Media(kind="video", path=str(path), width=32, height=32, frames=plan),))
    told = video_metadata(reader.load(task).videos[0].plan)
    assert plan.indices == (0, 5)
    assert told["frames_indices"] == [0, 5]
    assert (told["fps"], told["duration"]) == pytest.approx((0.5, 12.0))
    middle = plan_frames(probe_video(path), start_s=7.5, fps=1.0, min_frames=2)
    task = with_media("t", (Media(kind="video", path=str(path), width=32, height=32, frames=middle),))
    assert middle.indices == (4, 5)
    assert video_metadata(reader.load(task).videos[0].plan)["frames_indices"] == [4, 5]
