import logging
from random import Random

import pytest
import torch
from qwen_vl_utils import vision_process

from spatialrl.data.media.frame_plan import evenly, frame_range, nearest, num_planned, plan_frames
from spatialrl.data.media.probe import VideoProbe
from spatialrl.errors import DataError

NUM_RANDOM = 3000


def probe(num_frames: int, fps: float) -> VideoProbe:
    return VideoProbe(width=64, height=48, fps=fps, times_s=tuple(index / fps for index in range(num_frames)))


def uneven(*times_s: float) -> VideoProbe:
    return VideoProbe(width=64, height=48, fps=(len(times_s) - 1) / (times_s[-1] - times_s[0]), times_s=times_s)


@pytest.mark.parametrize(
    ("num_frames", "fps", "words", "indices"),
    [
        # 100 frames at 10 a second are 10 s, at 2 a second 20 frames, over the most of 4: 99 / 3 = 33 apart.
        (100, 10.0, {"max_frames": 4}, (0, 33, 66, 99)),
        # 2 s give 4 frames; 19 / 3 = 6.33 apart.
        (20, 10.0, {}, (0, 6, 13, 19)),
        # Half a second gives 1 frame, of which there must be 4, as many as there are.
        (4, 8.0, {}, (0, 1, 2, 3)),
        # Of 5 frames an even number.
        (5, 10.0, {"fps": 10.0}, (0, 1, 3, 4)),
        # The half between 0 and 3 goes to the even frame: 1.5 to 2; 4.5 / 3 = 1.5 apart.
        (4, 1.0, {"fps": 0.5, "min_frames": 2}, (0, 3)),
        (1, 30.0, {}, (0, 0)),
        # From 2 s to 4 s: frames 20 to 40.
        (100, 10.0, {"start_s": 2.0, "end_s": 4.0, "max_frames": 4}, (20, 27, 33, 40)),
        # An end beyond the video is its end.
        (100, 10.0, {"start_s": 9.0, "end_s": 99.0, "fps": 1.0, "min_frames": 2}, (90, 99)),
    ],
)
def test_a_plan_worked_out_by_hand(num_frames: int, fps: float, words: dict, indices: tuple[int, ...]):
    plan = plan_frames(probe(num_frames, fps), **words)
    assert plan.indices == indices
    assert (plan.source_fps, plan.num_source_frames) == (fps, num_frames)
    assert plan.times_s == tuple(index / fps for index in indices)


def test_the_number_of_frames_is_qwen_vl_utils_own(caplog: pytest.LogCaptureFixture):
    caplog.set_level(logging.ERROR)
    dice = Random(1)
    for _ in range(NUM_RANDOM):
        total, source_fps = dice.randint(2, 5000), dice.choice([1.0, 15.0, 23.976, 25.0, 29.97, 30.0, 60.0, 120.0])
        few = dice.randint(2, 32)
        words = {
            "fps": dice.choice([0.5, 1.0, 2.0, 3.3, 60.0]),
            "min_frames": few,
            "max_frames": few + dice.randint(1, 800),
        }
        theirs = vision_process.smart_nframes(words, total_frames=total, video_fps=source_fps)
        assert num_planned(total, source_fps=source_fps, **words) == theirs


def test_the_frames_are_those_of_qwen_vl_utils():
    """They spread in float32, which may take the other of two frames that are equally near."""
    dice = Random(2)
    for _ in range(NUM_RANDOM):
        first = dice.randint(0, 2000)
        last = first + dice.randint(1, 3000)
        count = 2 * dice.randint(1, 64)
        theirs = torch.linspace(first, last, count).round().long().tolist()
        for place, (our, their) in enumerate(zip(evenly(first, last, count), theirs, strict=True)):
            is_tie = 2 * place * (last - first) % (count - 1) == 0
            assert our == their or (is_tie and abs(our - their) == 1)


def test_the_part_between_two_moments_is_that_of_qwen_vl_utils():
    dice = Random(3)
    for _ in range(NUM_RANDOM):
        video = probe(dice.randint(2, 3000), dice.choice([15.0, 24.0, 25.0, 30.0, 60.0]))
        start_s = dice.choice([None, dice.uniform(-1, video.duration_s)])
        end_s = dice.choice([None, dice.uniform(start_s or 0.0, video.duration_s * 1.2)])
        asked = {"video_start": start_s, "video_end": end_s}
        try:
            theirs = vision_process.calculate_video_frame_range(asked, video.num_frames, video.fps)
        except ValueError:
            continue
        assert frame_range(video, start_s=start_s, end_s=end_s) == theirs[:2]


def test_frames_at_an_uneven_rate_are_spread_in_time():
    # Moments 0, 3, 6 and 9 s: nearest are 0, 2 (after a long wait), 5.5 and 9.
    video = uneven(0.0, 0.1, 0.2, 2.0, 5.5, 8.0, 9.0)
    plan = plan_frames(video, max_frames=4)
    assert plan.indices == (0, 3, 4, 6)
    assert plan.times_s == (0.0, 2.0, 5.5, 9.0)


def test_a_frame_that_stands_long_is_shown_again():
    assert plan_frames(uneven(0.0, 0.1, 9.9, 10.0), max_frames=4).indices == (0, 1, 2, 3)
    assert plan_frames(uneven(0.0, 10.0, 10.1, 10.2), max_frames=4).indices == (0, 0, 1, 3)


def test_the_earlier_of_two_frames_equally_near():
    assert nearest((0.0, 1.0, 2.0), 1.5) == 1


def test_a_part_without_a_frame_is_an_error():
    with pytest.raises(DataError, match=r"No frame lies between 5.02 s and 5.05 s of a video of 10 s and 100 frames"):
        plan_frames(probe(100, 10.0), start_s=5.02, end_s=5.05)
    with pytest.raises(DataError, match=r"No frame lies between 11 s"):
        plan_frames(uneven(0.0, 1.0, 10.0), start_s=11, end_s=12)
