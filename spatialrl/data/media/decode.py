"""Frames of a video file by their number. Where their moments are known, only the groups of pictures that hold them are
decoded; the pixels are those a decode from the start gives.
"""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from av.container import InputContainer
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from spatialrl.data.media.probe import open_video, quarter_turns
from spatialrl.errors import DataError


def decode_frames(path: str, indices: Sequence[int], *, times_s: Sequence[float] = ()) -> list[np.ndarray]:
    """The frames at `indices`, in their order; an index may repeat. uint8, height x width x 3, upright.

    `times_s` are their moments, in order of time.
    """
    by_index = dict(each_frame(path, indices, times_s=times_s))
    return [by_index[index] for index in indices]


def each_frame(path: str, indices: Sequence[int], *, times_s: Sequence[float] = ()) -> Iterator[tuple[int, np.ndarray]]:
    """Each of the frames once, with its index, in order of time: a video's frames need not be held all at once."""
    wanted, num_found = sorted(set(indices)), 0
    with open_video(path) as (container, stream):
        found = _seek_all(container, stream, sorted(set(times_s))) if times_s else _read_on(container, stream, wanted)
        for index, frame in zip(wanted, found, strict=False):
            yield index, frame
            num_found += 1
    if num_found < len(wanted):
        raise DataError(f"Video {path} has no frame {wanted[num_found]}; its frame plan asks for it.")


def as_array(frame: VideoFrame) -> np.ndarray:
    """Turned as the file asks for."""
    return np.rot90(frame.to_ndarray(format="rgb24"), k=quarter_turns(frame))


def _read_on(container: InputContainer, stream: VideoStream, wanted: Sequence[int]) -> Iterator[np.ndarray]:
    remaining = set(wanted)
    for index, frame in enumerate(container.decode(stream)):
        if index in remaining:
            yield as_array(frame)
        if index >= wanted[-1]:
            return


def _seek_all(container: InputContainer, stream: VideoStream, times_s: Sequence[float]) -> Iterator[np.ndarray]:
    reader = SeekingReader(container, stream)
    assert stream.time_base is not None
    for moment in times_s:
        frame = reader.frame_at((stream.start_time or 0) + round(moment / stream.time_base))
        if frame is None:
            return
        yield as_array(frame)


class SeekingReader:
    """Reads on where the frame asked for is near, and jumps to the last key frame before it where it is not."""

    def __init__(self, container: InputContainer, stream: VideoStream) -> None:
        self.container = container
        self.stream = stream
        self.frames = self.decode()
        self.ahead: VideoFrame | None = None
        """Decoded, and not yet passed."""

    def frame_at(self, stamp: int) -> VideoFrame | None:
        """Stamps must grow from call to call. None where the file has no whole frame with that stamp."""
        key = self.key_before(stamp)
        if key is not None and (self.ahead is None or key > (self.ahead.pts or 0)):
            self.jump(stamp, key)
        while self.ahead is None or (self.ahead.pts or 0) < stamp:
            self.ahead = next(self.frames, None)
            if self.ahead is None:
                return None
        return self.ahead if self.ahead.pts == stamp else None

    def jump(self, stamp: int, key: int | None) -> None:
        """To a key frame from which everything up to the stamp can be decoded: the last one may be too late, because
        files list frames in the order of decoding."""
        while True:
            self.container.seek(key if key is not None else self.stream.start_time or 0, stream=self.stream)
            self.frames = self.decode()
            self.ahead = next((frame for frame in self.frames if not frame.is_corrupt), None)
            if key is None or (self.ahead is not None and (self.ahead.pts or 0) <= stamp):
                return
            key = self.key_before(key - 1)

    def decode(self) -> Iterator[VideoFrame]:
        return self.container.decode(self.stream)

    def key_before(self, stamp: int) -> int | None:
        """The decoding stamp of the last key frame at or before it, as the file's index has it."""
        entries: Any = self.stream.index_entries
        place = entries.search_timestamp(stamp)
        return None if place < 0 else entries[place].timestamp
