"""Is one media file what its row says? `check_header` reads no pixels, and refuses to have too many decoded;
`check_pixels` decodes all of them. Each returns one sentence, or None where all is well.
"""

import hashlib
from pathlib import Path

from spatialrl.data.media.budget import check_ratio
from spatialrl.data.media.image import read_picture
from spatialrl.data.media.probe import image_size, open_video, probe_video, video_size
from spatialrl.errors import DataError
from spatialrl.types import Media


def check_header(medium: Media) -> str | None:
    if medium.width < 1 or medium.height < 1:
        return f"The row says that {medium.path} is {medium.width} x {medium.height}."
    try:
        check_ratio(medium.width, medium.height)
        if medium.kind == "video":
            return _check_plan(medium) or _check_size(medium, video_size(medium.path))
        return _check_size(medium, image_size(medium.path))
    except DataError as error:
        return str(error)


def check_pixels(medium: Media) -> str | None:
    """For media whose header is good."""
    if medium.sha256 and hashlib.sha256(Path(medium.path).read_bytes()).hexdigest() != medium.sha256:
        return f"{medium.path} is another file than the row says: its sha256 differs."
    try:
        if medium.kind == "video":
            return _check_frames(medium)
        read_picture(medium)
    except DataError as error:
        return str(error)
    return None


def _check_plan(medium: Media) -> str | None:
    """A row may leave the plan to the run."""
    plan = medium.frames
    if plan is None:
        return None
    if not plan.indices:
        return f"The frame plan of {medium.path} is empty; leave it out, and the run will choose the frames."
    if min(plan.indices) < 0 or max(plan.indices) >= plan.num_source_frames:
        return f"The frame plan of {medium.path} asks for frame {max(plan.indices)} of {plan.num_source_frames}."
    if plan.order and sorted(plan.order) != list(range(len(plan.indices))):
        return f"The frame plan of {medium.path} shows places {list(plan.order)} of {len(plan.indices)} frames."
    if plan.times_s and len(plan.times_s) != len(plan.indices):
        return f"The frame plan of {medium.path} has {len(plan.times_s)} moments for {len(plan.indices)} frames."
    return None


def _check_size(medium: Media, size: tuple[int, int]) -> str | None:
    if size != (medium.width, medium.height):
        return f"{medium.path} is {size[0]} x {size[1]}, but the row says {medium.width} x {medium.height}."
    return None


def _check_frames(medium: Media) -> str | None:
    """As many as the row says, or as the file does."""
    wanted = medium.frames.num_source_frames if medium.frames else probe_video(medium.path).num_frames
    with open_video(medium.path) as (container, stream):
        found = sum(1 for _ in container.decode(stream))
    says = "the row" if medium.frames else "its header"
    return None if found == wanted else f"{medium.path} has {found} frames, but {says} says {wanted}."
