"""Frames to an mp4 file whose bytes do not depend on the machine: constant quantiser, one thread, whole-number colour
conversion of our own, no dates.
"""

from collections.abc import Iterable
from pathlib import Path

import av
import numpy as np
from av.codec.context import Flags

X264 = {
    "qp": "20",
    "preset": "veryfast",
    "threads": "1",
    "x264-params": "aq-mode=0:mbtree=0:rc-lookahead=0:scenecut=0:bframes=0:psy=0:cpu-independent=1",
}


def write_video(path: Path, frames: Iterable[np.ndarray], *, fps: int) -> None:
    """Frames of height x width x 3 bytes, both even."""
    with av.open(str(path), "w", format="mp4", options={"fflags": "+bitexact"}) as container:
        stream = None
        for pixels in frames:
            if stream is None:
                stream = container.add_stream("libx264", rate=fps, options=X264)
                stream.height, stream.width = pixels.shape[:2]
                stream.pix_fmt = "yuv420p"
                stream.codec_context.flags |= Flags.bitexact
            frame = av.VideoFrame.from_ndarray(to_yuv420(pixels), format="yuv420p")
            container.mux(stream.encode(frame))
        assert stream is not None, "a video has at least one frame"
        container.mux(stream.encode())


def to_yuv420(rgb: np.ndarray) -> np.ndarray:
    """BT.601 studio range in whole numbers; chroma is the mean of two by two pixels. The planes one after another."""
    r, g, b = (rgb[..., channel].astype(np.int32) for channel in range(3))
    y = ((66 * r + 129 * g + 25 * b + 128) >> 8) + 16
    u = ((-38 * r - 74 * g + 112 * b + 128) >> 8) + 128
    v = ((112 * r - 94 * g - 18 * b + 128) >> 8) + 128
    planes = (y.ravel(), _quarter(u).ravel(), _quarter(v).ravel())
    return np.concatenate(planes).astype(np.uint8).reshape(-1, rgb.shape[1])


def _quarter(plane: np.ndarray) -> np.ndarray:
    return (plane[::2, ::2] + plane[1::2, ::2] + plane[::2, 1::2] + plane[1::2, 1::2] + 2) >> 2
