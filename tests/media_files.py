"""Builders of small media files for tests: clips of noise, no two frames of which are alike."""

from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from av.video.stream import VideoStream

QUIET = {"x264-params": "log-level=none"}


def noise(width: int, height: int, *, seed: int) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 256, (height, width, 3), dtype=np.uint8)


def write_clip(
    path: Path,
    *,
    num_frames: int,
    fps: int | Fraction = 10,
    size: tuple[int, int] = (48, 32),
    codec: str = "libx264",
    options: dict[str, str] | None = None,
    times_ms: Sequence[int] = (),
    rotation: int = 0,
    container_options: dict[str, str] | None = None,
) -> Path:
    """`times_ms` are the moments of frames that are not evenly spaced."""
    with av.open(str(path), "w", options=container_options or {}) as container:
        settings = QUIET | (options or {}) if codec == "libx264" else options
        stream = container.add_stream(codec, rate=fps, options=settings)
        assert isinstance(stream, VideoStream)
        stream.width, stream.height, stream.pix_fmt = *size, "yuv420p"
        if times_ms:
            stream.codec_context.time_base = Fraction(1, 1000)
        if rotation:
            stream.set_display_rotation(rotation)
        container.start_encoding()
        for index in range(num_frames):
            frame = av.VideoFrame.from_ndarray(noise(*size, seed=index), format="rgb24")
            if times_ms:
                frame.pts, frame.time_base = times_ms[index], Fraction(1, 1000)
            container.mux(stream.encode(frame))
        container.mux(stream.encode())
    return path
