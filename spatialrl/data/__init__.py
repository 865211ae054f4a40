"""Data: from files to tasks to what a model reads. `GENERATORS` are the recipes that make data where it is missing."""

from collections.abc import Callable

from spatialrl.pretext.make import make_pretext
from spatialrl.scene_graph_qa.make import make_scene_graph_qa
from spatialrl.scenes.make import make_scenes
from spatialrl.spatial_3d.make import make_spatial_3d
from spatialrl.video_qa.make import make_video_qa

GENERATORS: dict[str, Callable[..., None]] = {
    "pretext": make_pretext,
    "scene_graph_qa": make_scene_graph_qa,
    "scenes": make_scenes,
    "spatial_3d": make_spatial_3d,
    "video_qa": make_video_qa,
}
