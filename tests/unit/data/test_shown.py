"""What of a medium is shown, and how: frames out of order, left and right exchanged."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from spatialrl.data.media.check import check_header
from spatialrl.data.media.load import load_image, load_video
from spatialrl.data.vision import ModelInputs, PromptReader
from spatialrl.types import FramePlan, Media
from tests.tiny_policy import film, picture, tiny_config, with_media
from workers.rollout.prompts import engine_prompt, media_id

ORDER = (2, 3, 0, 1)


@pytest.fixture(scope="module")
def video(tmp_path_factory: pytest.TempPathFactory) -> Media:
    return film(tmp_path_factory.mktemp("video"))


def shuffled(video: Media) -> Media:
    assert video.frames is not None
    return replace(video, frames=replace(video.frames, order=ORDER))


@pytest.fixture(scope="module", params=["qwen2_5_vl", "qwen3_vl"])
def reader(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> PromptReader:
    config = tiny_config(tmp_path_factory.mktemp(request.param), family=request.param)
    return PromptReader(config.model.path, config.data)


def inputs(reader: PromptReader, medium: Media) -> ModelInputs:
    task = with_media("t", (medium,))
    return reader.model_inputs(task, reader.load(task))


def test_a_plan_shows_its_frames_in_its_order():
    plan = FramePlan(indices=(0, 2, 4, 6), source_fps=4.0, num_source_frames=8)
    assert plan.shown == (0, 2, 4, 6)
    assert replace(plan, order=ORDER).shown == (4, 6, 0, 2)


def test_shuffled_frames_are_decoded_in_their_order(video: Media):
    ordered, other = (load_video(medium, size=(56, 56)) for medium in (video, shuffled(video)))
    assert (other.frames == ordered.frames[list(ORDER)]).all()
    assert not (other.frames == ordered.frames).all()


def test_the_model_sees_shuffled_pixels_at_the_times_of_the_ordered_frames(reader: PromptReader, video: Media):
    ordered, other = inputs(reader, video), inputs(reader, shuffled(video))
    # Two frames make one patch in time, so exchanging pairs of frames exchanges halves of the patches.
    first, second = ordered.pixels["pixel_values_videos"].chunk(2)
    assert torch.equal(other.pixels["pixel_values_videos"], torch.cat([second, first]))
    assert not torch.equal(first, second)
    assert other.prompt_ids == ordered.prompt_ids
    assert (other.positions_T == ordered.positions_T).all()


def test_the_engine_is_told_the_times_of_the_ordered_frames_and_another_identity(reader: PromptReader, video: Media):
    prompts = [engine_prompt(reader, with_media("t", (medium,))) for medium in (video, shuffled(video))]
    ((ordered_frames, ordered_times),), ((frames, times),) = (p["multi_modal_data"]["video"] for p in prompts)
    assert times == ordered_times
    assert (frames == ordered_frames[list(ORDER)]).all()
    assert prompts[0]["multi_modal_uuids"] != prompts[1]["multi_modal_uuids"]
    assert prompts[0]["prompt"] == prompts[1]["prompt"]


def test_a_mirrored_image_has_its_left_on_the_right(tmp_path: Path):
    image = picture(tmp_path, seed=0)
    plain, mirrored = (np.asarray(load_image(m, size=(56, 56))) for m in (image, replace(image, mirrored=True)))
    assert (mirrored == plain[:, ::-1]).all()
    assert not (mirrored == plain).all()


def test_every_frame_of_a_mirrored_video_has_its_left_on_the_right(video: Media):
    plain, mirrored = (load_video(m, size=(56, 56)).frames for m in (video, replace(video, mirrored=True)))
    assert (mirrored == plain[:, :, ::-1]).all()


def test_mirroring_changes_the_pixels_and_not_the_prompt(reader: PromptReader, video: Media):
    plain, mirrored = inputs(reader, video), inputs(reader, replace(video, mirrored=True))
    assert mirrored.prompt_ids == plain.prompt_ids
    assert not torch.equal(mirrored.pixels["pixel_values_videos"], plain.pixels["pixel_values_videos"])


def test_media_have_one_identity_where_their_pixels_are_the_same():
    image = Media(kind="image", path="a.png", width=4, height=4, sha256="ab")
    assert media_id(image) == media_id(replace(image, path="copy.png"))
    others = [replace(image, mirrored=True), replace(image, blank=True), replace(image, sha256="cd")]
    assert len({media_id(medium) for medium in (image, *others)}) == 4


@pytest.mark.parametrize("order", [(0, 1), (0, 1, 2, 2), (1, 2, 3, 4)])
def test_an_order_that_is_no_permutation_is_found_before_training(video: Media, order: tuple[int, ...]):
    assert check_header(shuffled(video)) is None
    assert video.frames is not None
    told = check_header(replace(video, frames=replace(video.frames, order=order)))
    assert told is not None
    assert "of 4 frames" in told
