"""One look at every medium: is it there, is it what its row says, can all of it that is seen be decoded, and what does it
look like. Many processes look, one after another is noted."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from PIL import Image
from tqdm import tqdm

from spatialrl.config import VideoConfig
from spatialrl.data.inspection.notes import Notes
from spatialrl.data.inspection.phash import Signature, signature
from spatialrl.data.media.budget import check_ratio
from spatialrl.data.media.check import check_header
from spatialrl.data.media.decode import decode_frames
from spatialrl.data.media.image import read_picture
from spatialrl.data.media.planning import is_unplanned, plan_of
from spatialrl.data.media.probe import open_image
from spatialrl.data.pool import pool
from spatialrl.errors import DataError
from spatialrl.types import FramePlan, Media

FRAMES_COMPARED = 4
"""Of a video, evenly spread over those that are seen."""
FORMATS = {"MPO": "JPEG"}
"""What cameras with two lenses write is a JPEG with more behind it."""
AT_ONCE = 512
PARALLEL_FROM = 500
"""Media; to look at fewer takes less than starting processes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    sha256: str = ""
    """Empty where nothing could be decoded."""
    kind: str = ""
    reason: str = ""
    signatures: tuple[Signature, ...] = ()


def look_at_all(notes: Notes, *, video: VideoConfig, num_processes: int, progress: bool) -> None:
    count = notes.one("SELECT count(*) FROM media")
    with pool(count, num_processes=num_processes or (1 if count < PARALLEL_FROM else 0)) as workers:
        looks = tqdm(
            workers.in_order(partial(look, video=video), all_media(notes)),
            total=count,
            unit=" media",
            disable=not progress,
        )
        for number, found in enumerate(looks, start=1):
            notes.add("seen", number, found.sha256, found.kind, found.reason)
            for item in found.signatures:
                notes.add_signature(number, item)


def all_media(notes: Notes) -> Iterator[Media]:
    """In the order of their numbers, which count from 1."""
    last = 0
    while chunk := notes.all("SELECT number, told FROM media WHERE number > ? ORDER BY number LIMIT ?", last, AT_ONCE):
        for number, told in chunk:
            yield to_medium(told)
            last = number


def to_medium(told: str) -> Media:
    fields = json.loads(told)
    frames = fields.pop("frames")
    if frames:
        lists = {key: tuple(frames[key]) for key in ("indices", "order", "times_s")}
        frames = FramePlan(**(frames | lists))
    return Media(**fields, frames=frames)


def planned(medium: Media, video: VideoConfig) -> Media:
    """With the frames that a run would choose, where it does."""
    if not is_unplanned(medium, video):
        return medium
    plan = plan_of(medium.path, config=video)
    if isinstance(plan, str):
        raise DataError(plan)
    return replace(medium, frames=plan)


def check_shape(medium: Media) -> None:
    """What has no sides has no size as the model sees it."""
    if medium.width < 1 or medium.height < 1:
        raise DataError(f"The row says that {medium.path} is {medium.width} x {medium.height}.")
    check_ratio(medium.width, medium.height)


def look(medium: Media, *, video: VideoConfig) -> Look:
    if not Path(medium.path).is_file():
        return Look(kind="missing media", reason=f"{medium.path} does not exist.")
    if reason := check_header(medium):
        return Look(kind="bad media", reason=reason)
    with open(medium.path, "rb") as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    if medium.sha256 and sha256 != medium.sha256:
        reason = f"{medium.path} is another file than the row says: its sha256 differs."
        return Look(kind="bad media", reason=reason)
    try:
        signatures = tuple(found for picture in pictures(planned(medium, video)) if (found := signature(picture)))
    except DataError as error:
        return Look(kind="bad media", reason=str(error))
    extension = wrong_extension(medium)
    return Look(sha256=sha256, kind="wrong extension" if extension else "", reason=extension, signatures=signatures)


def pictures(medium: Media) -> Iterator[Image.Image]:
    """What is compared of a medium; all of it that is seen is decoded."""
    if medium.kind != "video":
        yield read_picture(medium)
        return
    assert medium.frames is not None
    frames = decode_frames(medium.path, medium.frames.shown, times_s=medium.frames.times_s)
    step = (len(frames) - 1) / max(1, min(FRAMES_COMPARED, len(frames)) - 1)
    for place in sorted({round(turn * step) for turn in range(min(FRAMES_COMPARED, len(frames)))}):
        yield Image.fromarray(frames[place])


def wrong_extension(medium: Media) -> str:
    """As a sentence; empty where the name says what the file is."""
    claimed = Image.registered_extensions().get(Path(medium.path).suffix.lower())
    if medium.kind == "video" or claimed is None:
        return ""
    with open_image(medium.path) as image:
        found = FORMATS.get(image.format or "", image.format)
    return (
        "" if FORMATS.get(claimed, claimed) == found else f"{medium.path} is a {found} file by its content; rename it."
    )
