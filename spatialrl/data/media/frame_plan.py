"""Which frames of a video the model sees: decided once, by time, and kept in the row. Pure.

The numbers are those of qwen-vl-utils (`smart_nframes` and an even spread from the first frame to the last); a video of
one frame, which it refuses, is shown as the same frame twice.
"""

import math
from bisect import bisect_left, bisect_right
from fractions import Fraction

from spatialrl.data.media.probe import VideoProbe
from spatialrl.errors import DataError
from spatialrl.types import FramePlan

FRAMES_PER_PATCH = 2
"""A vision patch spans two frames, so that their number is even."""


def plan_frames(
    probe: VideoProbe,
    *,
    fps: float = 2.0,
    min_frames: int = 4,
    max_frames: int = 768,
    start_s: float | None = None,
    end_s: float | None = None,
) -> FramePlan:
    """`fps` frames per second of video, within the two counts, of the part between two moments."""
    first, last = frame_range(probe, start_s=start_s, end_s=end_s)
    count = num_planned(last - first + 1, source_fps=probe.fps, fps=fps, min_frames=min_frames, max_frames=max_frames)
    if probe.is_even:
        indices = evenly(first, last, count)
    else:
        indices = tuple(first + place for place in evenly_in_time(probe.times_s[first : last + 1], count))
    return FramePlan(
        indices=indices,
        source_fps=probe.fps,
        num_source_frames=probe.num_frames,
        times_s=tuple(probe.times_s[index] for index in indices),
    )


def frame_range(probe: VideoProbe, *, start_s: float | None, end_s: float | None) -> tuple[int, int]:
    """First and last frame shown between two moments, both included."""
    last = probe.num_frames - 1
    start, end = (min(max(0.0, s), probe.duration_s) for s in (start_s or 0.0, math.inf if end_s is None else end_s))
    if probe.is_even:
        first, last = math.ceil(start * probe.fps), min(last, math.floor(end * probe.fps))
    else:
        first, last = bisect_left(probe.times_s, start), bisect_right(probe.times_s, end) - 1
    if first > last:
        raise DataError(
            f"No frame lies between {start_s} s and {end_s} s of a video of {probe.duration_s:g} s and "
            f"{probe.num_frames} frames."
        )
    return first, last


def num_planned(total: int, *, source_fps: float, fps: float, min_frames: int, max_frames: int) -> int:
    fewest = math.ceil(min_frames / FRAMES_PER_PATCH) * FRAMES_PER_PATCH
    most = math.floor(max_frames / FRAMES_PER_PATCH) * FRAMES_PER_PATCH
    wanted = min(max(total / source_fps * fps, fewest), most, total)
    return max(1, math.floor(wanted / FRAMES_PER_PATCH)) * FRAMES_PER_PATCH


def evenly(first: int, last: int, count: int) -> tuple[int, ...]:
    """From first to last, each rounded to the nearest frame; a half goes to the even one."""
    step = Fraction(last - first, count - 1)
    return tuple(round(first + place * step) for place in range(count))


def evenly_in_time(times_s: tuple[float, ...], count: int) -> tuple[int, ...]:
    """The frames nearest to evenly spaced moments: a frame that stands long is shown more than once."""
    step = (times_s[-1] - times_s[0]) / (count - 1)
    return tuple(nearest(times_s, times_s[0] + place * step) for place in range(count))


def nearest(times_s: tuple[float, ...], moment: float) -> int:
    """The earlier of two that are equally near."""
    after = bisect_left(times_s, moment)
    places = [place for place in (after - 1, after) if 0 <= place < len(times_s)]
    return min(places, key=lambda place: abs(times_s[place] - moment))
