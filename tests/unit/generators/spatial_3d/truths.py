"""3D pseudo ground truth by hand: JSON files in the form of SpatialReasonerDataGen, with their images."""

import json
import math
from pathlib import Path
from typing import Any

from PIL import Image

from spatialrl.generators.spatial_3d.scene import Scene, Thing
from spatialrl.types import Media, Object3D, Vector

SIZE = (640, 480)
RESIZED = (320, 240)
HEIGHT = 1.5
MEDIA = Media(kind="image", path="one.png", width=640, height=480)


def detection(name: str, place: Vector, *, yaw_degrees: float | None = None, side: float = 0.4, **fields: Any) -> dict:
    """A cube of this side, in a box of its own in the image: x left of the camera is left in the image."""
    x, _, z = place
    middle = RESIZED[0] / 2 - 40 * x, 120.0 + 8 * z
    item = {
        "class_name": name,
        "confidence": 0.9,
        "xyxy": [middle[0] - 15, middle[1] - 15, middle[0] + 15, middle[1] + 15],
        "pcd_cano_center": list(place),
        "pcd_cano_axis_bbox": {"center": list(place), "eulers": [0, 0, 0], "extent": [side, side, side]},
    }
    if yaw_degrees is not None:
        yaw = math.radians(yaw_degrees)
        item["front"] = [math.sin(yaw), 0.0, math.cos(yaw)]
        item["left"] = [math.cos(yaw), 0.0, -math.sin(yaw)]
    return {**item, **fields}


def annotation(*detections: dict, image: str = "one.png") -> dict:
    return {
        "image_info": {
            "file_path": image,
            "width": SIZE[0],
            "height": SIZE[1],
            "width_resized": RESIZED[0],
            "height_resized": RESIZED[1],
        },
        "tags": [],
        "detections": list(detections),
        "scene_3d_info": {"min_y": [0.0, -HEIGHT, 0.0]},
    }


def write_truth(folder: Path, stem: str, *detections: dict, colour: int = 0) -> Path:
    """An image of one colour, with its JSON beside it."""
    folder.mkdir(parents=True, exist_ok=True)
    Image.new("RGB", SIZE, (colour % 256, colour // 256, 99)).save(folder / f"{stem}.png")
    path = folder / f"{stem}.json"
    path.write_text(json.dumps(annotation(*detections, image=f"{stem}.png")))
    return path


def thing(name: str, place: Vector, *, yaw_degrees: float | None = None, side: float = 0.4) -> Thing:
    x, y, z = place
    yaw = None if yaw_degrees is None else math.radians(yaw_degrees)
    truth = Object3D(
        id=f"{name.replace(' ', '_')}.1",
        category=name,
        colour="",
        centre_world=(-x, z, y),
        centre_camera=(-x, HEIGHT - y, z),
        size=(side, side, side),
        yaw_world=(yaw or 0.0) + math.pi / 2,
        yaw_camera=yaw or 0.0,
        visibility=1.0,
    )
    return Thing(
        name=name,
        category=name,
        place=place,
        low=(x - side / 2, y - side / 2, z - side / 2),
        high=(x + side / 2, y + side / 2, z + side / 2),
        yaw=yaw,
        box=(10.0, 20.0, 60.0, 80.0),
        truth=truth,
    )


def scene(*things: Thing) -> Scene:
    truths = tuple(each.truth for each in things)
    return Scene(id="one", media=MEDIA, camera_height=HEIGHT, things=things, objects_3d=truths)
