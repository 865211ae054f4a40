"""Prompts are counted without their pixels, and are as long as with them."""

from dataclasses import replace
from pathlib import Path

import pytest

from spatialrl.config import DataConfig, VideoConfig
from spatialrl.data.inspection.tokens import TokenCounter
from spatialrl.data.media.planning import with_frame_plans
from spatialrl.data.tasks import write_tasks
from spatialrl.data.vision import PromptReader
from spatialrl.errors import ConfigError
from spatialrl.prepare import in_coordinates
from spatialrl.types import Task
from tests.tiny_policy import tasks_of_every_modality, text_task, tiny_config
from tests.unit.data.inspection.planted import finding, inspected_at, not_ok

DATA = DataConfig(template="compact", max_pixels=8000)


@pytest.fixture(scope="module", params=["qwen2_5_vl", "qwen3_vl"])
def made(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[PromptReader, list[Task]]:
    folder = tmp_path_factory.mktemp(request.param)
    config = tiny_config(folder, family=request.param)
    reader = PromptReader(config.model.path, DATA)
    return reader, list(tasks_of_every_modality(folder).values())


def test_a_prompt_is_as_long_as_the_processor_makes_it(made: tuple[PromptReader, list[Task]]):
    reader, tasks = made
    for task in tasks:
        counted = TokenCounter(reader, DATA).count(task)
        whole = reader.model_inputs(task, reader.load(task))
        assert sum(filter(None, counted)) == len(whole.prompt_ids), task.id


def test_pixels_are_counted_after_the_budget(tmp_path: Path):
    """112 x 112 within 8,000 pixels is 84 x 84: three times three patches of 28. A frame has 128 patches at least, which
    makes it 336 x 336: twelve times twelve. The video has two steps of it."""
    tasks = tasks_of_every_modality(tmp_path)
    config = tiny_config(tmp_path)
    counter = TokenCounter(PromptReader(config.model.path, DATA), DATA)
    assert {name: counter.count(task)[1] for name, task in tasks.items()} == {
        "text": 0,
        "image": 9,
        "images": 18,
        "video": 288,
    }


@pytest.mark.parametrize("coordinates", ["pixels", "resized_pixels", "thousandths"])
def test_the_settings_of_the_run_decide_how_long_its_prompts_are(tmp_path: Path, coordinates: str):
    """The prompt states the size of the media, and frames have as many pixels as the run gives them."""
    tasks = list(tasks_of_every_modality(tmp_path).values())
    write_tasks(tmp_path / "train.parquet", tasks)
    config = tiny_config(tmp_path)
    video = VideoConfig(replan=True, min_frames=2, max_frames=2, min_pixels=3136, max_pixels=8000, total_pixels=2**20)
    run = DataConfig(template="spatialthinker_short", coordinates=coordinates, max_pixels=8000, video=video)
    reader = PromptReader(config.model.path, run)
    planned, _ = with_frame_plans(tasks, video)
    asked = [in_coordinates(task, coordinates) for task in planned]
    wholes = sorted(len(reader.model_inputs(task, reader.load(task)).prompt_ids) for task in asked)
    settings = {"template": run.template, "max_pixels": 8000, "coordinates": coordinates, "replan": True}
    settings |= {"max_frames": 2, "min_frames": 2}
    settings |= {"video_min_pixels": 3136, "video_max_pixels": 8000, "video_total_pixels": 2**20}
    found = inspected_at(tmp_path / "train.parquet", model=config.model.path, media=False, **settings)
    quantiles = {bars.title: [bar.count for bar in bars.bars] for bars in finding(found, "tokens").bars}
    assert (quantiles["Tokens: prompt"][0], quantiles["Tokens: prompt"][-1]) == (wholes[0], wholes[-1])
    # Three times three patches for an image or two frames, at 84 x 84.
    assert quantiles["Tokens: vision"][-1] == 18


def test_coordinates_that_nobody_knows_are_refused(tmp_path: Path):
    write_tasks(tmp_path / "train.parquet", [text_task()])
    with pytest.raises(ConfigError, match="coordinates=percent: there are: pixels, resized_pixels, thousandths"):
        inspected_at(tmp_path / "train.parquet", coordinates="percent")


def test_prompts_that_are_too_long_are_named(tmp_path: Path):
    tasks = tasks_of_every_modality(tmp_path)
    write_tasks(tmp_path / "train.parquet", tasks.values())
    config = tiny_config(tmp_path)
    counter = TokenCounter(PromptReader(config.model.path, DATA), DATA)
    lengths = {name: sum(map(int, filter(None, counter.count(task)))) for name, task in tasks.items()}
    assert max(lengths.values()) == lengths["video"] > lengths["images"]
    asked = {"model": config.model.path, "template": "compact", "max_pixels": 8000, "media": False}
    long = lengths["video"]
    for most, verdict, examples in (
        (long + 100, "ok", ()),
        (long + 99, "look", (f"video: {long} tokens",)),
        (long, "stop", None),
    ):
        found = inspected_at(tmp_path / "train.parquet", max_tokens=most, completion_tokens=min(100, most - 1), **asked)
        assert not_ok(found) == ({} if verdict == "ok" else {"tokens": verdict})
        if examples is not None:
            assert finding(found, "tokens").examples == examples
    quantiles = {bars.title: bars.bars for bars in finding(found, "tokens").bars}
    assert quantiles["Tokens: prompt"][-1].count == long
    assert quantiles["Tokens: vision"][0].count == 0


def test_a_video_without_a_plan_is_counted_by_that_of_the_run(made: tuple[PromptReader, list[Task]]):
    """Eight frames at four a second are four at two a second, as the row has planned them."""
    reader, tasks = made
    video = next(task for task in tasks if task.id == "video")
    left_out = replace(video, media=(replace(video.media[0], frames=None),))
    counter = TokenCounter(reader, DATA)
    assert counter.count(left_out)[1] == counter.count(video)[1]
    assert counter.count(replace(left_out, media=(replace(left_out.media[0], path="gone.mp4"),))) == (None, None)


def test_rows_whose_media_are_no_media_have_no_length(made: tuple[PromptReader, list[Task]]):
    reader, tasks = made
    image = next(task for task in tasks if task.id == "image")
    for width, height in ((0, 112), (112, -1), (30_000, 1)):
        flat = replace(image, media=(replace(image.media[0], width=width, height=height),))
        assert TokenCounter(reader, DATA).count(flat) == (None, None)
