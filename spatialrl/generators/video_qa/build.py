"""Makes what a recipe of questions about videos describes: which rooms go where, and what is looked up in each."""

import hashlib
import re
from collections import defaultdict
from dataclasses import asdict
from functools import partial
from pathlib import Path

from spatialrl.data.exclusion import read_exclusion, scene_name
from spatialrl.errors import DataError
from spatialrl.generators.recipe import description, fingerprint
from spatialrl.generators.scene_rows import SceneJob, Work, make_rows
from spatialrl.generators.scene_splits import split_scenes
from spatialrl.generators.video_qa.look import look
from spatialrl.generators.video_qa.meta_info import read_infos
from spatialrl.generators.video_qa.recipe import Recipe
from spatialrl.generators.video_qa.rows import ask

TITLE = "video_qa"
SCAN = re.compile(r"(scene\d{4})_\d{2}")
"""ScanNet's name of a scan; its first half names the room, of which there may be several."""


def build(folder: Path, recipe: Recipe, *, num_processes: int, progress: bool) -> None:
    files = list_files(recipe)
    excluded = read_exclusion(recipe.exclude) if recipe.exclude else frozenset[str]()
    work = Work(
        title=TITLE,
        description=describe(recipe, files, excluded),
        jobs=plan(recipe, files, excluded),
        look=partial(look, recipe=recipe),
        ask=partial(ask, questions_per_scene=recipe.questions_per_scene),
    )
    make_rows(folder, work, num_processes=num_processes, progress=progress)


def list_files(recipe: Recipe) -> list[Path]:
    if not recipe.source:
        return []
    source = Path(recipe.source)
    files = sorted(source.glob("*.json")) if source.is_dir() else [source]
    if not files:
        raise DataError(f"source {source} holds no .json file of meta-info.")
    return files


def describe(recipe: Recipe, files: list[Path], excluded: frozenset[str]) -> str:
    digests = {path.name: hashlib.sha256(path.read_bytes()).hexdigest()[:12] for path in files}
    return description({**asdict(recipe), "files": digests, "excluded": fingerprint(sorted(excluded))})


def plan(recipe: Recipe, files: list[Path], excluded: frozenset[str]) -> dict[str, list[SceneJob]]:
    if not files:
        return {split: [_drawn(recipe, split, index) for index in range(n)] for split, n in recipe.num_scenes.items()}
    rooms = find_rooms(files, excluded)
    rooms_by_split = split_scenes(list(rooms), recipe.num_scenes, seed=recipe.seed, place=recipe.source)
    places = {
        split: [place for room in of_split for place in rooms[room]] for split, of_split in rooms_by_split.items()
    }
    return {
        split: [
            SceneJob(name=f"{TITLE}-{name}", file=split, index=index, source=f"{path}#{name}")
            for index, (path, name) in enumerate(of_split)
        ]
        for split, of_split in places.items()
    }


def find_rooms(files: list[Path], excluded: frozenset[str]) -> dict[str, list[tuple[Path, str]]]:
    """Files and scenes by room, without the rooms of which any scan is excluded."""
    rooms: dict[str, list[tuple[Path, str]]] = defaultdict(list)
    seen: dict[str, Path] = {}
    for path in files:
        for name in read_infos(path):
            if name in seen:
                raise DataError(f"Scene {name} is in {seen[name]} and in {path}; remove one of the two.")
            seen[name] = path
            rooms[room_of(name)].append((path, name))
    closed = {room_of(name) for name in excluded}
    kept = {room: scenes for room, scenes in rooms.items() if room not in closed}
    if not kept:
        raise DataError(f"Every room of {files[0].parent} is on the exclusion list; nothing is left to ask about.")
    return kept


def room_of(name: str) -> str:
    name = scene_name(name)
    scan = SCAN.fullmatch(name)
    return scan[1] if scan else name


def _drawn(recipe: Recipe, split: str, index: int) -> SceneJob:
    return SceneJob(name=f"{TITLE}-{recipe.seed}-{split}-{index:06d}", file=split, index=index)
