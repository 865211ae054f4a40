"""One scene, from its job to everything that could be asked there. Runs in any process; what it gives back can be written
down as JSON.
"""

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from spatialrl.data.importers.probe import FrameBudget
from spatialrl.data.importers.shelf import Shelf
from spatialrl.data.journal import Record
from spatialrl.dice import Dice
from spatialrl.generators.scene_rows import SceneJob
from spatialrl.generators.spatial_3d.front_classes import FRONTED
from spatialrl.generators.spatial_3d.pseudo_truth import Trust, Unusable, read_scene
from spatialrl.generators.spatial_3d.questions import draft_all
from spatialrl.generators.spatial_3d.recipe import Recipe
from spatialrl.generators.spatial_3d.rooms import draw_scene
from spatialrl.generators.spatial_3d.scene import Scene

Rejected = list[tuple[str, str]]


def look(job: SceneJob, folder: Path, *, recipe: Recipe) -> Record:
    """`scene` is missing where a file is of no use."""
    try:
        scene, rejected = _read(job, folder, recipe) if job.source else _draw(job, folder, recipe)
    except Unusable as error:
        return {"rejected": [("", str(error))]}
    drafts = draft_all(scene, recipe.families, Dice(recipe.seed, job.name, "questions"), flips=recipe.flips)
    return {
        "digest": scene.media.sha256,
        "media": asdict(scene.media),
        "objects_3d": [asdict(item) for item in scene.objects_3d],
        "boxes": {thing.id: thing.box for thing in scene.things},
        "drafts": {family: [draft.to_record() for draft in found] for family, found in drafts.items()},
        "rejected": rejected,
    }


def _draw(job: SceneJob, folder: Path, recipe: Recipe) -> tuple[Scene, Rejected]:
    path = f"media/{job.file}/{job.index:06d}.png"
    scene = draw_scene(job.name, path, folder=folder, image_size=recipe.image_size, max_things=recipe.max_objects)
    return scene, []


def _read(job: SceneJob, folder: Path, recipe: Recipe) -> tuple[Scene, Rejected]:
    keep = "copy" if recipe.media == "copy" else "reference"
    roots: Sequence[Path] = [Path(recipe.images), Path(recipe.images, job.source).parent]
    shelf = Shelf(folder, roots=roots, keep=keep, budget=FrameBudget())
    trust = Trust(
        min_confidence=recipe.min_confidence,
        max_distance=recipe.max_distance,
        fronted=frozenset(recipe.fronted) or FRONTED,
    )
    scene, dropped = read_scene(Path(recipe.source, job.source), scene_id=job.name, shelf=shelf, trust=trust)
    return scene, [(drop.name, drop.reason) for drop in dropped]
