"""What is asked of an import, and whether a folder holds it already."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from spatialrl.data.importers.download import Network
from spatialrl.data.importers.probe import FrameBudget
from spatialrl.data.importers.shelf import Keep
from spatialrl.data.importers.source import Source
from spatialrl.errors import ConfigError

MANIFEST = "import.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    source: str
    folder: str
    split: str | None = None
    """These rows only; of files whose names tell no split, all rows."""
    strict: bool = False
    """Stop at the first bad row."""
    limit: int | None = None
    """Tasks of each split."""
    files: str | None = None
    """Pattern for the names of files in a folder."""
    media: Keep = "reference"
    media_root: str | None = None
    """Where media paths start; by default the folder of the rows."""
    allow_urls: bool = False
    """Fetch media that rows name by an address."""
    max_url_mb: float = 256.0
    url_timeout_s: float = 60.0
    exclude: str | None = None
    """List of scenes that must not be trained on."""
    hold_out: float = 0.0
    """Share of the training scenes that becomes the validation split."""
    fps: float = 2.0
    min_frames: int = 4
    max_frames: int = 16

    @property
    def frame_budget(self) -> FrameBudget:
        return FrameBudget(fps=self.fps, min_frames=self.min_frames, max_frames=self.max_frames)

    @property
    def network(self) -> Network | None:
        if not self.allow_urls:
            return None
        return Network(max_bytes=int(self.max_url_mb * 2**20), timeout_s=self.url_timeout_s)


def check_order(order: Order) -> None:
    if order.media not in ("reference", "copy"):
        raise ConfigError(f"media is '{order.media}'; there are: reference, copy.")
    if not 0 <= order.hold_out < 1:
        raise ConfigError(f"hold_out is {order.hold_out}; it is a share, from 0 to less than 1.")
    if min(order.max_url_mb, order.url_timeout_s) <= 0:
        raise ConfigError(
            f"max_url_mb is {order.max_url_mb} and url_timeout_s {order.url_timeout_s}; both must be above 0."
        )
    if order.limit is not None and order.limit < 1:
        raise ConfigError(f"limit is {order.limit}; it must be at least 1.")
    if order.fps <= 0 or not 2 <= order.min_frames <= order.max_frames:
        raise ConfigError(
            f"fps is {order.fps}, min_frames {order.min_frames}, max_frames {order.max_frames}; "
            "give fps above 0 and at least 2 frames, min_frames no more than max_frames."
        )


def describe(order: Order, source: Source, importer: dict[str, Any]) -> str:
    """Another description is another import; a file of another size is another source."""
    asked = {name: value for name, value in asdict(order).items() if name not in ("folder", "strict")}
    sizes = {file.name: file.path.stat().st_size for file in source.files}
    return json.dumps(importer | asked | {"sizes": sizes}, indent=2, sort_keys=True)


def is_done(folder: Path, description: str) -> bool:
    done = folder / MANIFEST
    return done.is_file() and json.loads(done.read_text(encoding="utf-8"))["asked"] == json.loads(description)
