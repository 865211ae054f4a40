"""A media file as a medium. All of it is read, so that a file that is cut off or damaged is known before it becomes part of
a task: an image is decoded, of a video every packet is read and the frames that are seen are chosen.
"""

from dataclasses import dataclass
from pathlib import Path

from spatialrl.data.importers.bad_row import BadRow
from spatialrl.data.media.frame_plan import plan_frames
from spatialrl.data.media.probe import open_image, oriented_size
from spatialrl.data.media.probe import probe_video as read_video
from spatialrl.errors import DataError
from spatialrl.types import FramePlan

SAME_FORMAT = {"MPO": "JPEG"}
"""What cameras with two lenses write is a JPEG with more behind it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FrameBudget:
    """How many frames of a video are seen."""

    fps: float = 2.0
    min_frames: int = 4
    max_frames: int = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class ImageFacts:
    width: int
    height: int
    format: str


@dataclass(frozen=True, slots=True, kw_only=True)
class VideoFacts:
    width: int
    height: int
    frames: FramePlan


def probe_image(path: Path) -> ImageFacts:
    try:
        with open_image(path) as image:
            image.load()
            width, height = oriented_size(image)
            name = image.format or ""
    except DataError as error:
        raise BadRow("corrupt media", str(error)) from error
    # Decoders meet damage with many kinds of error; each of them means that the file is damaged.
    except (OSError, ValueError, SyntaxError, EOFError) as error:
        raise BadRow("corrupt media", f"{path} can't be decoded: {error}.") from error
    return ImageFacts(width=width, height=height, format=SAME_FORMAT.get(name, name))


def probe_video(path: Path, budget: FrameBudget) -> VideoFacts:
    try:
        video = read_video(path)
        plan = plan_frames(video, fps=budget.fps, min_frames=budget.min_frames, max_frames=budget.max_frames)
    except (DataError, OSError) as error:
        raise BadRow("corrupt media", str(error)) from error
    return VideoFacts(width=video.width, height=video.height, frames=plan)
