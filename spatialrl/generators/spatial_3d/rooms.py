"""Scenes from our own renderer: a furnished room, its image, and what is true of it to the last digit."""

import hashlib
from pathlib import Path

from spatialrl.dice import Dice
from spatialrl.generators.spatial_3d.scene import Scene, Thing
from spatialrl.scenes.camera import Camera
from spatialrl.scenes.catalogue import KINDS
from spatialrl.scenes.furnish import draw_view
from spatialrl.scenes.geometry import cos_sin
from spatialrl.scenes.layout import LAYOUTS
from spatialrl.scenes.png import encode_rgb
from spatialrl.scenes.render import render
from spatialrl.scenes.solids import axes_of, corners
from spatialrl.scenes.truth import Sighting, look
from spatialrl.types import Media, Vector

NUM_THINGS = (4, 8)


def draw_scene(name: str, path: str, *, folder: Path, image_size: int, max_things: int) -> Scene:
    """Writes the image; `path` is relative to the folder."""
    dice = Dice(name)
    num_things = dice.between(min(NUM_THINGS[0], max_things), max_things)
    world, camera = draw_view(dice, LAYOUTS["room"], num_things=num_things, image_size=image_size)
    picture = render(world, camera)
    view, data = look(world, camera, picture), encode_rgb(picture.rgb)
    (folder / path).write_bytes(data)
    digest = hashlib.sha256(data).hexdigest()
    return Scene(
        id=name,
        media=Media(kind="image", path=path, width=image_size, height=image_size, sha256=digest),
        camera_height=camera.position[2],
        things=tuple(_thing(sighting, camera) for sighting in view.nameable),
        objects_3d=tuple(sighting.truth for sighting in view.sightings),
    )


def _thing(sighting: Sighting, camera: Camera) -> Thing:
    thing = sighting.thing
    block = [levelled(corner, camera) for corner in corners(thing.centre, thing.size, axes_of(thing.yaw))]
    xs, ys, zs = zip(*block, strict=True)
    x1, y1, x2, y2 = map(float, sighting.box)
    return Thing(
        name=thing.name,
        category=thing.category,
        place=levelled(thing.centre, camera),
        low=(min(xs), min(ys), min(zs)),
        high=(max(xs), max(ys), max(zs)),
        yaw=sighting.truth.yaw_camera if KINDS[thing.category].faces else None,
        box=(x1, y1, x2, y2),
        truth=sighting.truth,
    )


def levelled(point: Vector, camera: Camera) -> Vector:
    """From the world to left, up from the floor, and forward."""
    cos, sin = cos_sin(camera.yaw)
    x, y = point[0] - camera.position[0], point[1] - camera.position[1]
    return cos * y - sin * x, point[2], cos * x + sin * y
