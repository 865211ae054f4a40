"""One scene, from its job to everything that could be asked there. Runs in any process; what it gives back can be written
down as JSON.
"""

from dataclasses import asdict
from pathlib import Path

from spatialrl.data.importers.probe import FrameBudget
from spatialrl.data.importers.shelf import Shelf
from spatialrl.data.journal import Record
from spatialrl.dice import Dice
from spatialrl.generators.scene_rows import SceneJob
from spatialrl.generators.video_qa.families import FAMILIES
from spatialrl.generators.video_qa.meta_info import Unusable, read_scene
from spatialrl.generators.video_qa.recipe import Recipe
from spatialrl.generators.video_qa.scene import Scene, cognitive_map
from spatialrl.generators.video_qa.tours import draw_scene

KEPT = 10
"""Drafts of a family and scene: plenty to choose from."""
FEWEST_CELLS = 3
"""Of a map that shows a layout."""

Rejected = list[tuple[str, str]]


def look(job: SceneJob, folder: Path, *, recipe: Recipe) -> Record:
    try:
        scene, rejected = _read(job, folder, recipe) if job.source else _draw(job, folder, recipe)
        cells = cognitive_map(scene)
        if len(cells) < FEWEST_CELLS or len({(cell.column, cell.row) for cell in cells}) < 2:
            raise Unusable(f"{len(cells)} things are seen well, too few for a map")
    except Unusable as error:
        return {"rejected": [("", str(error))]}
    dice = Dice(recipe.seed, job.name, "questions")
    drafts = {family: dice.sample(FAMILIES[family](scene, dice), KEPT) for family in recipe.families}
    return {
        "digest": scene.media.sha256,
        "media": asdict(scene.media),
        "map": [asdict(cell) for cell in cells],
        "objects_3d": [asdict(item) for item in scene.objects_3d],
        "extra": dict(scene.extra),
        "drafts": {family: [draft.to_record() for draft in found] for family, found in drafts.items()},
        "rejected": rejected,
    }


def _draw(job: SceneJob, folder: Path, recipe: Recipe) -> tuple[Scene, Rejected]:
    path = f"media/{job.file}/{job.index:06d}.mp4"
    size, most = recipe.image_size, recipe.max_objects
    return draw_scene(job.name, path, folder=folder, image_size=size, max_things=most), []


def _read(job: SceneJob, folder: Path, recipe: Recipe) -> tuple[Scene, Rejected]:
    path, _, name = job.source.rpartition("#")
    budget = FrameBudget(fps=recipe.fps, min_frames=recipe.min_frames, max_frames=recipe.max_frames)
    keep = "copy" if recipe.media == "copy" else "reference"
    shelf = Shelf(folder, roots=[Path(recipe.videos)], keep=keep, budget=budget)
    return read_scene(Path(path), name, scene_id=job.name, shelf=shelf)
