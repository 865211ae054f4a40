"""Where importers put and find media. What rows carry as bytes, or name on the network, is written under its hash; files
are named where they are, or copied under their hash. Each file is opened once, whole: what is damaged never becomes a medium.
"""

import base64
import binascii
import hashlib
import io
import os
import shutil
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

from PIL import Image

from spatialrl.data.importers.bad_row import BadRow
from spatialrl.data.importers.download import SCHEMES, Network, fetch
from spatialrl.data.importers.probe import SAME_FORMAT, FrameBudget, probe_image, probe_video
from spatialrl.types import Media

Keep = Literal["reference", "copy"]

REMEMBERED = 2**16
"""Media files whose facts are kept: many rows ask about one video."""
IN_PNG = ("1", "L", "LA", "I", "I;16", "P", "RGB", "RGBA")
SUFFIXES = {"JPEG": ".jpg", "PNG": ".png", "WEBP": ".webp", "GIF": ".gif", "BMP": ".bmp", "TIFF": ".tiff"}


class Shelf:
    def __init__(
        self,
        folder: Path,
        *,
        roots: Sequence[Path],
        keep: Keep = "reference",
        budget: FrameBudget,
        network: Network | None = None,
    ) -> None:
        self.folder = folder
        """Media of rows are written here, below `media`."""
        self.roots = roots
        self.keep = keep
        self.budget = budget
        self.network = network
        """None: what lies on the network is not fetched."""
        self._known = lru_cache(maxsize=REMEMBERED)(self._opened)
        self._known_at = lru_cache(maxsize=REMEMBERED)(self._fetched)

    def images(self, value: Any, *, under: Sequence[str] = ("",)) -> tuple[Media, ...]:
        """Of a list or of one image; of nothing, none."""
        return tuple(self.image(item, under=under) for item in listed(value))

    def videos(self, value: Any, *, under: Sequence[str] = ("",)) -> tuple[Media, ...]:
        return tuple(self.video(item, under=under) for item in listed(value))

    def image(self, value: Any, *, under: Sequence[str] = ("",)) -> Media:
        """Bytes, a path, an address, a data URL, a Pillow image, or a dictionary with `bytes`, `path` or `url`. `under` are
        folders a path may start in."""
        if isinstance(value, dict):
            value = value.get("bytes") or value.get("path") or value.get("url")
        if isinstance(value, Image.Image):
            value = as_png(value)
        if isinstance(value, str) and value.startswith("data:"):
            return self.base64_image(value.partition(",")[2])
        if isinstance(value, bytes):
            return self._written(value)
        if is_address(value):
            return known(self._known_at("image", value))
        return known(self._known("image", self.find(value, under=under)))

    def base64_image(self, text: str) -> Media:
        try:
            return self._written(base64.b64decode(text, validate=True))
        except binascii.Error as error:
            raise BadRow("corrupt media", f"Its image is not base64: {error}.") from error

    def video(self, value: Any, *, under: Sequence[str] = ("",)) -> Media:
        place = path_in(value)
        if is_address(place):
            return known(self._known_at("video", place))
        return known(self._known("video", self.find(place, under=under)))

    def find(self, value: Any, *, under: Sequence[str] = ("",)) -> Path:
        if not isinstance(value, str) or not value.strip():
            raise BadRow("media", f"A path is expected where it has {str(value)[:40]!r}.")
        path = Path(value.removeprefix("file://"))
        places = [path] if path.is_absolute() else []
        inside = str(path).lstrip("/")
        places += [root / folder / inside for root in self.roots for folder in under]
        found = next((place for place in places if place.is_file()), None)
        if found is None:
            looked = ", ".join(str(root) for root in self.roots)
            raise BadRow("media", f"Its media file {value} does not exist; looked in {looked}.")
        return Path(os.path.abspath(found))

    def _opened(self, kind: Literal["image", "video"], path: Path) -> Media | BadRow:
        """What is wrong with a file is remembered like what it is."""
        try:
            medium = self._image_at(path) if kind == "image" else self._video_at(path)
        except BadRow as error:
            return error
        return medium

    def _fetched(self, kind: Literal["image", "video"], url: str) -> Media | BadRow:
        if self.network is None:
            return BadRow("media", f"{url} is on the network; say allow_urls=true, or give the path of a copy.")
        try:
            content = fetch(url, self.network)
            suffix = Path(urlsplit(url).path).suffix.lower() or ".mp4"
            return self._written(content) if kind == "image" else self._video_written(content, suffix)
        except BadRow as error:
            return error

    def _image_at(self, path: Path) -> Media:
        facts = probe_image(path)
        claimed = Image.registered_extensions().get(path.suffix.lower())
        if claimed and SAME_FORMAT.get(claimed, claimed) != facts.format:
            raise BadRow("wrong extension", f"{path} is a {facts.format} file by its content; rename it.")
        digest = file_sha256(path)
        kept = self._kept(path, digest, path.suffix.lower())
        return Media(kind="image", path=str(kept), width=facts.width, height=facts.height, sha256=digest)

    def _video_at(self, path: Path) -> Media:
        facts, digest = probe_video(path, self.budget), file_sha256(path)
        kept = self._kept(path, digest, path.suffix.lower())
        return Media(
            kind="video", path=str(kept), width=facts.width, height=facts.height, sha256=digest, frames=facts.frames
        )

    def _kept(self, path: Path, digest: str, suffix: str) -> Path:
        if self.keep == "reference":
            return path
        place = self._place(digest, suffix)
        if not place.exists():
            partial = place.with_name(f".{place.name}.{os.getpid()}.partial")
            shutil.copyfile(path, partial)
            os.replace(partial, place)
        return place

    def _written(self, content: bytes) -> Media:
        """Under its hash, once it has been decoded."""
        digest = hashlib.sha256(content).hexdigest()
        # Two processes may meet the same image at the same time.
        partial = self._place(digest, f".{os.getpid()}.partial")
        partial.write_bytes(content)
        try:
            facts = probe_image(partial)
        except BadRow as error:
            partial.unlink()
            raise BadRow(error.kind, str(error).replace(str(partial), "Its image", 1)) from error
        place = self._place(digest, SUFFIXES.get(facts.format, f".{facts.format.lower()}"))
        os.replace(partial, place)
        return Media(kind="image", path=str(place), width=facts.width, height=facts.height, sha256=digest)

    def _video_written(self, content: bytes, suffix: str) -> Media:
        digest = hashlib.sha256(content).hexdigest()
        place = self._place(digest, suffix)
        partial = self._place(digest, f".{os.getpid()}.partial")
        partial.write_bytes(content)
        try:
            facts = probe_video(partial, self.budget)
        except BadRow as error:
            partial.unlink()
            raise BadRow(error.kind, str(error).replace(str(partial), "Its video", 1)) from error
        os.replace(partial, place)
        return Media(
            kind="video", path=str(place), width=facts.width, height=facts.height, sha256=digest, frames=facts.frames
        )

    def _place(self, digest: str, suffix: str) -> Path:
        folder = self.folder / "media" / digest[:2]
        folder.mkdir(parents=True, exist_ok=True)
        return folder / f"{digest}{suffix}"


def is_address(value: Any) -> bool:
    return isinstance(value, str) and value.startswith(SCHEMES)


def known(found: Media | BadRow) -> Media:
    if isinstance(found, BadRow):
        raise BadRow(found.kind, str(found))
    return found


def as_png(image: Image.Image) -> bytes:
    """Without loss, where PNG has its kind of colours."""
    buffer = io.BytesIO()
    plain = image if image.mode in IN_PNG else image.convert("RGB")
    plain.save(buffer, "PNG", exif=image.getexif())
    return buffer.getvalue()


def listed(value: Any) -> list[Any]:
    """A list as it is, one thing as a list of one, nothing as an empty list."""
    if value is None or value == "":
        return []
    return list(value) if isinstance(value, list | tuple) else [value]


def path_in(value: Any) -> Any:
    return value.get("path") or value.get("video") if isinstance(value, dict) else value


def scene_of_video(value: Any) -> str:
    """The name of the first video without folder and ending; empty where there is none."""
    paths = [path_in(item) for item in listed(value)]
    return Path(str(paths[0])).stem if paths else ""


def file_sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
