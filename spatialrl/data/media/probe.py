"""What a medium is, from its header: an image's size, a video's size and the moment of every frame. Reads no pixels, but
for a video's first frame; refuses with a sentence what can't be shown.
"""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import av
from av.container import InputContainer
from av.error import FFmpegError
from av.video.frame import VideoFrame
from av.video.stream import VideoStream
from PIL import ExifTags, Image

from spatialrl.errors import DataError

MAX_PIXELS = 64_000_000
"""Of one image or frame. A small file can declare far more, and fill the memory when it is decoded."""
MAX_FRAMES = 100_000
LYING = (5, 6, 7, 8)
"""EXIF orientations that swap width and height."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VideoProbe:
    width: int
    """As it is shown: after the rotation that the file asks for."""
    height: int
    fps: float
    """Mean frame rate."""
    times_s: tuple[float, ...]
    """Of every frame, in order, from the start of the stream."""

    @property
    def num_frames(self) -> int:
        return len(self.times_s)

    @property
    def duration_s(self) -> float:
        return self.num_frames / self.fps

    @property
    def is_even(self) -> bool:
        """Every frame is where a constant frame rate puts it, to half a frame."""
        return _is_even(self.times_s, self.fps)


def image_size(path: str | Path) -> tuple[int, int]:
    """Width and height as it is shown, after its EXIF rotation."""
    with open_image(path) as image:
        return oriented_size(image)


@contextmanager
def open_image(path: str | Path) -> Iterator[Image.Image]:
    """Reads the header; the pixels are decoded when they are asked for."""
    path = Path(path)
    if not path.is_file():
        raise DataError(f"The image {path} does not exist.")
    if not path.stat().st_size:
        raise DataError(f"The image {path} is empty: 0 bytes.")
    try:
        with warnings.catch_warnings(action="ignore", category=Image.DecompressionBombWarning):
            image = Image.open(path)
    except Image.DecompressionBombError as error:
        raise DataError(f"{path} declares more than {MAX_PIXELS} pixels; it is not decoded. Shrink it.") from error
    except (OSError, ValueError, SyntaxError) as error:
        raise DataError(f"{path} is not an image that can be read: {error}.") from error
    with image:
        check_area(path, *image.size)
        yield image


def check_area(path: str | Path, width: int, height: int) -> None:
    if width * height > MAX_PIXELS:
        raise DataError(
            f"{path} declares {width} x {height} pixels, more than {MAX_PIXELS}; it is not decoded. Shrink it."
        )


def orientation(image: Image.Image) -> int:
    """1 is upright. Of a PNG only what stands before its pixels is read: the rest would have to be decoded first.
    Pillow turns a TIFF by itself."""
    if image.format == "TIFF" or (image.format == "PNG" and "exif" not in image.info):
        return 1
    return image.getexif().get(ExifTags.Base.Orientation, 1)


def oriented_size(image: Image.Image) -> tuple[int, int]:
    width, height = image.size
    return (height, width) if orientation(image) in LYING else (width, height)


def video_size(path: str | Path) -> tuple[int, int]:
    """Width and height as it is shown, after the rotation that the file asks for."""
    with open_video(path) as (container, stream):
        return _first_frame_size(path, container, stream)


def probe_video(path: str | Path) -> VideoProbe:
    """Reads every packet's time, so that a file that was cut off is known before any of it is decoded."""
    with open_video(path) as (container, stream):
        times = _packet_times(path, container, stream)
    with open_video(path) as (container, stream):
        size = _first_frame_size(path, container, stream)
        rate = _frame_rate(float(stream.average_rate or 0), times)
    return VideoProbe(width=size[0], height=size[1], fps=rate, times_s=times)


@contextmanager
def open_video(path: str | Path) -> Iterator[tuple[InputContainer, VideoStream]]:
    """The container and its first video stream; FFmpeg's complaints become sentences."""
    path = Path(path)
    if not path.is_file():
        raise DataError(f"The video {path} does not exist.")
    if not path.stat().st_size:
        raise DataError(f"The video {path} is empty: 0 bytes.")
    try:
        with av.open(str(path)) as container:
            if not container.streams.video:
                raise DataError(f"{path} has no video stream.")
            stream = container.streams.video[0]
            check_area(path, stream.width, stream.height)
            if stream.frames > MAX_FRAMES:
                raise DataError(f"{path} declares {stream.frames} frames, more than {MAX_FRAMES}; it is not decoded.")
            yield container, stream
    except (FFmpegError, ValueError) as error:
        raise DataError(f"{path} can't be read as a video, or is cut off: {error}.") from error


def _first_frame_size(path: str | Path, container: InputContainer, stream: VideoStream) -> tuple[int, int]:
    frame = next(container.decode(stream), None)
    if frame is None:
        raise DataError(f"The video {path} has no frames.")
    return (frame.height, frame.width) if quarter_turns(frame) % 2 else (frame.width, frame.height)


def quarter_turns(frame: VideoFrame) -> int:
    """Counter-clockwise, that put the frame upright."""
    return round(frame.rotation / 90)


def _packet_times(path: str | Path, container: InputContainer, stream: VideoStream) -> tuple[float, ...]:
    """Of the frames that are shown, in seconds and in that order."""
    packets = [packet for packet in container.demux(stream) if packet.size]
    if len(packets) < stream.frames:
        raise DataError(f"{path} is cut off: it declares {stream.frames} frames and holds {len(packets)}.")
    if any(packet.is_corrupt for packet in packets):
        raise DataError(f"{path} is damaged or cut off: one of its {len(packets)} packets is not whole.")
    if len(packets) > MAX_FRAMES:
        raise DataError(f"{path} holds {len(packets)} frames, more than {MAX_FRAMES}; it is not decoded.")
    if not packets:
        raise DataError(f"The video {path} has no frames.")
    stamps = [packet.pts for packet in packets if not packet.is_discard and packet.pts is not None]
    if len(stamps) < sum(not packet.is_discard for packet in packets) or not stamps or stream.time_base is None:
        raise DataError(f"{path} does not say when its frames are shown; convert it to mp4.")
    start = stream.start_time or 0
    return tuple(float((stamp - start) * stream.time_base) for stamp in sorted(stamps))


def _frame_rate(declared: float, times_s: tuple[float, ...]) -> float:
    """What the header says where the frames agree with it, else what their times say."""
    span = times_s[-1] - times_s[0]
    if declared > 0 and (_is_even(times_s, declared) or span <= 0):
        return declared
    return (len(times_s) - 1) / span if span > 0 else 1.0


def _is_even(times_s: tuple[float, ...], fps: float) -> bool:
    return all(abs(time - times_s[0] - index / fps) < 0.5 / fps for index, time in enumerate(times_s))
