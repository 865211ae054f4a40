"""What a folder has to offer: its images, the depth that lies beside them, and which scene each shows.

Depth of `a/b.jpg` is `a/b_depth.npy` (.h5, .png), `a/b.npy` (.h5), or `b` with such an end in the folder `depth` or
`depths` beside `a` or in it; `b_depth_mask.npy` says where it is valid. Only headers are read here.
"""

import hashlib
import json
import os
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from tqdm import tqdm

from spatialrl.errors import ConfigError
from spatialrl.generators.pretext.depth_map import READERS, require_reader
from spatialrl.generators.pretext.picture import Camera, picture_size, shown_size
from spatialrl.generators.pretext.question import Damaged
from spatialrl.generators.pretext.recipe import Recipe

IMAGE_SUFFIXES = (".jpg", ".jpeg", ".png", ".webp", ".bmp", ".tif", ".tiff")
DEPTH_FOLDERS = ("depth", "depths")
DEFAULT = "default"
"""The name under which intrinsics hold for every image without its own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One image; paths are relative to the folder."""

    path: str
    depth: str
    mask: str
    scene_id: str
    width: int
    height: int
    camera: Camera | None
    """In pixels of the file, where it is known."""


def list_files(root: Path) -> dict[str, int]:
    """Their sizes in bytes; hidden files and folders are nobody's images."""
    found = {}
    for folder, folders, names in os.walk(root):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in names:
            if not name.startswith("."):
                path = Path(folder, name)
                found[path.relative_to(root).as_posix()] = path.stat().st_size
    return dict(sorted(found.items()))


def find_sources(
    root: Path, files: dict[str, int], recipe: Recipe, *, progress: bool
) -> tuple[list[Source], list[Damaged]]:
    """Those that are of use, and why the others are not."""
    cameras = read_intrinsics(recipe.intrinsics)
    images = [path for path in files if is_image(path)]
    sources: list[Source] = []
    damaged: list[Damaged] = []
    for path, original in tqdm(
        _with_original(root, images, files), total=len(images), desc="headers", unit="image", disable=not progress
    ):
        try:
            if original:
                raise Damaged(path, f"it is the same file as {original}")
            sources.append(_look_at(root, path, files, recipe, cameras))
        except Damaged as drop:
            damaged.append(drop.told_from(root))
    for suffix in {Path(source.depth).suffix for source in sources if source.depth and recipe.needs_depth}:
        require_reader(suffix)
    return sources, damaged


def is_image(path: str) -> bool:
    pure = PurePosixPath(path)
    is_depth = pure.stem.endswith("_depth") or pure.parent.name in DEPTH_FOLDERS
    return pure.suffix.lower() in IMAGE_SUFFIXES and not is_depth


def depth_beside(path: str, files: Collection[str]) -> str:
    """Empty where there is none."""
    pure = PurePosixPath(path)
    places = [pure.parent / folder for folder in DEPTH_FOLDERS]
    places += [pure.parent.parent / folder for folder in DEPTH_FOLDERS]
    candidates = [pure.parent / f"{pure.stem}_depth{suffix}" for suffix in READERS]
    candidates += [pure.parent / f"{pure.stem}{suffix}" for suffix in READERS if suffix not in IMAGE_SUFFIXES]
    candidates += [
        place / f"{pure.stem}{end}{suffix}" for place in places for end in ("", "_depth") for suffix in READERS
    ]
    return next((str(candidate) for candidate in candidates if str(candidate) in files), "")


def read_intrinsics(path: str) -> dict[str, Camera]:
    """{"a/b.jpg": {"fx": 886.8, "cx": 512}, ...} or {"default": {...}}, in pixels of the image."""
    if not path:
        return {}
    try:
        read = json.loads(Path(path).read_text())
        cameras = {str(n): Camera(focal=float(c["fx"]), centre_x=float(c["cx"])) for n, c in read.items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise ConfigError(
            f"intrinsics is {path}, which can't be used ({type(error).__name__} {error}); it must be JSON like "
            f'{{"{DEFAULT}": {{"fx": 886.8, "cx": 512}}}}, with paths in {{}} for images of their own.'
        ) from error
    if wrong := next((name for name, camera in cameras.items() if camera.focal <= 0), None):
        raise ConfigError(f"intrinsics {path}: fx of {wrong} is {cameras[wrong].focal}; it must be above 0.")
    return cameras


def _look_at(root: Path, path: str, files: Collection[str], recipe: Recipe, cameras: dict[str, Camera]) -> Source:
    width, height = picture_size(root / path)
    if (shorter := min(shown_size((width, height), recipe.max_side))) < recipe.min_side:
        shrunk = f", shown with {shorter} on its shorter side" if max(width, height) > recipe.max_side else ""
        raise Damaged(path, f"it is {width} x {height}{shrunk}; min_side is {recipe.min_side}")
    depth = depth_beside(path, files)
    if not depth and recipe.needs_only_depth:
        raise Damaged(path, "it has no depth, and nothing else is asked for")
    pure = PurePosixPath(path)
    mask = str(PurePosixPath(depth).with_suffix("")) + "_mask.npy" if depth else ""
    return Source(
        path=path,
        depth=depth,
        mask=mask if mask in files else "",
        scene_id=str(pure.parent if recipe.scenes == "folder" else pure.with_suffix("")),
        width=width,
        height=height,
        camera=cameras.get(path) or cameras.get(DEFAULT),
    )


def _with_original(root: Path, images: list[str], files: dict[str, int]) -> Iterator[tuple[str, str]]:
    """Every image with the first one that is the same file, byte by byte, if there is one."""
    sizes: dict[int, int] = {}
    for path in images:
        sizes[files[path]] = sizes.get(files[path], 0) + 1
    known: dict[str, str] = {}
    for path in images:
        digest = _digest(root / path) if sizes[files[path]] > 1 else path
        yield path, known.setdefault(digest, path) if known.get(digest, path) != path else ""
        known.setdefault(digest, path)


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
