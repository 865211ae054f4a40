"""Is one media file what its row says? `check_header` reads no pixels, and refuses to have too many decoded;
`check_pixels` decodes all of them. Each returns one sentence, or None where all is well.
"""

import hashlib
import warnings
from pathlib import Path

import av
from av.error import FFmpegError
from PIL import Image

from spatialrl.types import Media

MAX_PIXELS = 64_000_000
"""Of one image or frame. A small file can declare far more, and fill the memory when it is decoded."""
MAX_FRAMES = 100_000


def check_header(medium: Media) -> str | None:
    path = Path(medium.path)
    if not path.is_file():
        return f"Its {medium.kind} {path} does not exist."
    if medium.width < 1 or medium.height < 1:
        return f"The row says that {path} is {medium.width} x {medium.height}."
    return _check_video_header(medium) if medium.kind == "video" else _check_image_header(medium)


def check_pixels(medium: Media) -> str | None:
    """For media whose header is good."""
    if medium.sha256 and hashlib.sha256(Path(medium.path).read_bytes()).hexdigest() != medium.sha256:
        return f"{medium.path} is another file than the row says: its sha256 differs."
    try:
        return _check_frames(medium) if medium.kind == "video" else _check_image(medium)
    # Decoders meet damage with many kinds of error; each of them means that the file is damaged.
    except (OSError, ValueError, SyntaxError, EOFError, FFmpegError) as error:
        return f"{medium.path} can't be decoded: {error}."


def _check_image_header(medium: Media) -> str | None:
    try:
        with warnings.catch_warnings(action="ignore"), Image.open(medium.path) as image:
            size = image.size
    except Image.DecompressionBombError:
        return f"{medium.path} declares more than {MAX_PIXELS} pixels; it is not decoded."
    except (OSError, ValueError, SyntaxError) as error:
        return f"{medium.path} is not an image: {error}."
    return _check_size(medium, *size)


def _check_video_header(medium: Media) -> str | None:
    plan = medium.frames
    if plan is None or not plan.indices:
        return f"The video {medium.path} has no frame plan; write its rows with `frames`."
    if min(plan.indices) < 0 or max(plan.indices) >= plan.num_source_frames:
        return f"The frame plan of {medium.path} asks for frame {max(plan.indices)} of {plan.num_source_frames}."
    if plan.order and sorted(plan.order) != list(range(len(plan.indices))):
        return f"The frame plan of {medium.path} shows places {list(plan.order)} of {len(plan.indices)} frames."
    try:
        with av.open(medium.path) as container:
            if not container.streams.video:
                return f"{medium.path} has no video stream."
            stream = container.streams.video[0]
            size, num_frames = (stream.width, stream.height), stream.frames
    except (OSError, ValueError, FFmpegError) as error:
        return f"{medium.path} is not a video: {error}."
    if num_frames > MAX_FRAMES:
        return f"{medium.path} declares {num_frames} frames, more than {MAX_FRAMES}; it is not decoded."
    return _check_size(medium, *size)


def _check_size(medium: Media, width: int, height: int) -> str | None:
    if width * height > MAX_PIXELS:
        return f"{medium.path} declares {width} x {height} pixels, more than {MAX_PIXELS}; it is not decoded."
    if (width, height) != (medium.width, medium.height):
        return f"{medium.path} is {width} x {height}, but the row says {medium.width} x {medium.height}."
    return None


def _check_image(medium: Media) -> None:
    with Image.open(medium.path) as image:
        image.verify()
    with Image.open(medium.path) as image:
        image.load()


def _check_frames(medium: Media) -> str | None:
    assert medium.frames is not None
    with av.open(medium.path) as container:
        found = sum(1 for _ in container.decode(video=0))
    wanted = medium.frames.num_source_frames
    return None if found == wanted else f"{medium.path} has {found} frames, but the row says {wanted}."
