import logging
from collections.abc import Iterator
from random import Random

import pytest
import torch
from PIL import Image
from qwen_vl_utils import vision_process

from spatialrl.config import DataConfig, VideoConfig
from spatialrl.data.media.budget import Budgets, PixelBudget, VideoBudget, fit
from spatialrl.errors import DataError
from spatialrl.types import FramePlan, Media, Task

NUM_RANDOM = 4000
BUDGET = PixelBudget(factor=28, min_pixels=56 * 56, max_pixels=112 * 112)


@pytest.mark.parametrize(
    ("width", "height", "fitted"),
    [(112, 112, (112, 112)), (113, 99, (112, 112)), (28, 28, (56, 56)), (448, 112, (224, 56))],
)
def test_a_size_becomes_whole_patches_inside_the_budget(width: int, height: int, fitted: tuple[int, int]):
    assert fit(width, height, budget=BUDGET) == fitted


def sizes(dice: Random) -> Iterator[tuple[int, int, int]]:
    """Width, height and factor: small, large, and up to 200 times as long as short."""
    for _ in range(NUM_RANDOM):
        short = dice.randint(1, dice.choice([30, 300, 3000]))
        long = min(int(short * dice.choice([1.0, 1.5, 20.0, 200.0]) * dice.uniform(0.5, 1.0)) + 1, short * 200)
        yield *((short, long) if dice.random() < 0.5 else (long, short)), dice.choice([28, 32])


def test_sizes_of_images_are_those_of_qwen_vl_utils():
    """It makes a side of no patch at all of very long images; ours keeps one."""
    dice = Random(1)
    for width, height, factor in sizes(dice):
        least = dice.randint(1, 2000) * factor**2
        words = {"min_pixels": least, "max_pixels": least * dice.randint(1, 20)}
        theirs = vision_process.smart_resize(height, width, factor, **words)
        expected = tuple(max(factor, side) for side in theirs)
        assert fit(width, height, budget=PixelBudget(factor=factor, **words)) == expected[::-1], (width, height, words)


def fetched_size(width: int, height: int, num_frames: int, factor: int, words: dict) -> tuple[int, int]:
    """What fetch_video makes of frames of one size, by its own rule, without any pixels."""
    least = words.get("min_pixels", vision_process.VIDEO_MIN_TOKEN_NUM * factor**2)
    total = words.get("total_pixels", vision_process.MODEL_SEQ_LEN * factor**2 * 0.9)
    frame_most = vision_process.VIDEO_MAX_TOKEN_NUM * factor**2
    most = max(min(frame_most, total / num_frames * vision_process.FRAME_FACTOR), int(least * 1.05))
    most = min(words.get("max_pixels", most), most)
    rows, columns = vision_process.smart_resize(height, width, factor=factor, min_pixels=least, max_pixels=most)
    return max(factor, columns), max(factor, rows)


def test_sizes_of_videos_share_the_total_as_qwen_vl_utils_does():
    dice = Random(2)
    for width, height, factor in sizes(dice):
        num_frames = 2 * dice.randint(1, 400)
        words = {}
        if dice.random() < 0.5:
            words["min_pixels"] = dice.randint(4, 256) * factor**2
            words["max_pixels"] = words["min_pixels"] * dice.randint(2, 8)
        if dice.random() < 0.5:
            words["total_pixels"] = dice.randint(1000, 200_000) * factor**2
        video = Media(kind="video", path="", width=width, height=height, frames=plan(num_frames))
        budgets = Budgets.of(DataConfig(video=VideoConfig(**words)), factor=factor)
        assert budgets.size(video) == fetched_size(width, height, num_frames, factor, words), (width, height, words)


def test_the_rule_is_what_fetch_video_does(caplog: pytest.LogCaptureFixture):
    """The function itself, on a few lists of real frames."""
    caplog.set_level(logging.ERROR)
    for width, height, num_frames, words in [
        (64, 48, 4, {}),
        (640, 360, 6, {"total_pixels": 300 * 28 * 28}),
        (320, 240, 2, {"min_pixels": 16 * 784, "max_pixels": 64 * 784}),
    ]:
        frames = [Image.new("RGB", (width, height))] * num_frames
        limits = {"min_pixels": 4 * 784, "max_pixels": 16384 * 784} | words
        # Frames that are images are first fitted as images; their size then is the video's.
        seen = vision_process.fetch_image({"image": frames[0], **limits}, 28)
        pixels = vision_process.fetch_video({"video": frames, **limits})
        assert isinstance(pixels, torch.Tensor)
        assert tuple(pixels.shape[-2:])[::-1] == fetched_size(*seen.size, num_frames, 28, limits)


def plan(num_frames: int) -> FramePlan:
    return FramePlan(indices=tuple(range(num_frames)), source_fps=2.0, num_source_frames=num_frames)


def test_a_video_worked_out_by_hand():
    # 768 patches of 28 x 28 a frame, but 1000 for all: of 4 frames each has 1000 / 4 * 2 = 500, 22 x 22 = 484 fit.
    budget = VideoBudget(factor=28, min_pixels=128 * 784, max_pixels=768 * 784, total_pixels=1000 * 784)
    assert budget.per_frame(4).max_pixels == 500 * 784
    assert fit(1000, 1000, budget=budget.per_frame(4)) == (22 * 28, 22 * 28)
    # 100 frames would have 20 each, less than the least: 128 * 1.05 = 134, 11 x 11 fit.
    assert budget.per_frame(100).max_pixels == int(128 * 784 * 1.05)
    assert fit(1000, 1000, budget=budget.per_frame(100)) == (11 * 28, 11 * 28)


def test_a_task_knows_in_what_size_each_of_its_media_is_seen():
    budgets = Budgets.of(DataConfig(min_pixels=784, max_pixels=4 * 784), factor=28)
    media = (
        Media(kind="image", path="", width=280, height=280),
        Media(kind="depth", path="", width=28, height=30),
        Media(kind="video", path="", width=28, height=28, frames=plan(4)),
    )
    task = budgets.shown(Task(id="t", question="?", answer="1", answer_kind="number", media=media))
    # A frame has 128 patches at least: 12 x 12.
    assert [medium.shown for medium in task.media] == [(56, 56), (28, 28), (336, 336)]


def test_an_image_that_is_too_long_is_named():
    assert fit(200, 1, budget=BUDGET) == (196, 28)
    with pytest.raises(DataError, match=r"201 x 1 is more than 200 times as long as it is short"):
        fit(201, 1, budget=BUDGET)
