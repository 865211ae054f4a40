"""What is asked of a scene depends on the seed, also where the scene does not."""

from dataclasses import replace
from pathlib import Path

from spatialrl.generators.scene_rows import SceneJob
from spatialrl.generators.spatial_3d.look import look
from spatialrl.generators.spatial_3d.questions import FAMILIES
from spatialrl.generators.spatial_3d.recipe import Recipe

RECIPE = Recipe(
    source="",
    images="",
    seed=1,
    num_scenes={"train": 1},
    families=tuple(FAMILIES),
    questions_per_scene=4,
    media="reference",
    image_size=96,
    max_objects=8,
    flips=False,
    min_confidence=0.4,
    max_distance=15.0,
    fronted=(),
)


def test_another_seed_asks_something_else_about_the_same_scene(tmp_path: Path):
    (tmp_path / "media/train").mkdir(parents=True)
    job = SceneJob(name="one-room", file="train", index=0)
    first, again, other = (look(job, tmp_path, recipe=replace(RECIPE, seed=seed)) for seed in (1, 1, 2))
    assert first == again
    assert first["digest"] == other["digest"]
    assert first["drafts"] != other["drafts"]
