"""Generators: data where it is missing. `GENERATORS` are the recipes that `spatialrl data make=NAME` follows.

Each folder has the same files: `recipe.py` (what can be asked for), `make.py` (the arguments), `build.py` (the order of the
work) and `rows.py` (one row). What they share lies beside them.
"""

from collections.abc import Callable

from spatialrl.generators.pretext.make import make_pretext
from spatialrl.generators.scene_graph_qa.make import make_scene_graph_qa
from spatialrl.generators.spatial_3d.make import make_spatial_3d
from spatialrl.generators.video_qa.make import make_video_qa
from spatialrl.scenes.make import make_scenes

GENERATORS: dict[str, Callable[..., None]] = {
    "pretext": make_pretext,
    "scene_graph_qa": make_scene_graph_qa,
    "scenes": make_scenes,
    "spatial_3d": make_spatial_3d,
    "video_qa": make_video_qa,
}
