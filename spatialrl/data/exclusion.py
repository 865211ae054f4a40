"""Scenes that no training may see: a text file with one name per line, `scene0011_00.mp4`, `#` before comments.

The list of the 312 validation scenes of ScanNet, whose videos VSI-Bench asks about, has this form.
"""

from pathlib import Path, PurePosixPath

from spatialrl.errors import DataError
from spatialrl.types import Task


def read_exclusion(path: str | Path) -> frozenset[str]:
    """The names without folders and endings."""
    file = Path(path)
    if not file.is_file():
        raise DataError(f"The exclusion list {path} does not exist; expected a text file with one scene per line.")
    lines = (line.partition("#")[0].strip() for line in file.read_text(encoding="utf-8").splitlines())
    scenes = frozenset(scene_name(line) for line in lines if line)
    if not scenes:
        raise DataError(f"The exclusion list {path} names no scene.")
    return scenes


def scene_name(path: str) -> str:
    return PurePosixPath(path).stem if path.lower().endswith(VIDEO_ENDINGS) else PurePosixPath(path).name


def excluded_scene(task: Task, scenes: frozenset[str]) -> str | None:
    """The scene of a task that is on the list, told by its scene id and by the names of its videos."""
    shown = [task.scene_id, *(medium.path for medium in task.media if medium.kind == "video")]
    return next((name for name in map(scene_name, shown) if name in scenes), None)


VIDEO_ENDINGS = (".mp4", ".avi", ".mov", ".mkv", ".webm")
