"""What is true of a scene for somebody who looks at it: for every thing its pixels, its place in camera and world, and
whether a question may speak of it.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from spatialrl.scenes.camera import Camera
from spatialrl.scenes.catalogue import KINDS
from spatialrl.scenes.geometry import wrap
from spatialrl.scenes.render import Picture, Pixels
from spatialrl.scenes.world import Room, Thing, World
from spatialrl.types import MapCell, Object3D

CLEAR_VISIBILITY = 0.5
CLEAR_SIDE = 0.035
"""Of the image's width: the least width and height of the box of a thing that a question may speak of."""
MAP_CELLS = 10


@dataclass(frozen=True, kw_only=True)
class Sighting:
    """One thing as it is seen, some pixels at least."""

    thing: Thing
    truth: Object3D
    box: Pixels
    """Of its visible pixels; in a video, in the frame that shows it best."""
    image_width: int
    first_frame: int = 0
    """Videos: the first in which it is clear."""
    first_glimpse: int = 0
    """Videos: the first in which any of it is seen."""

    @property
    def id(self) -> str:
        return self.thing.id

    @property
    def name(self) -> str:
        return self.thing.name

    @property
    def depth(self) -> float:
        """Metres along the optical axis, to its centre."""
        return self.truth.centre_camera[2]

    @property
    def middle(self) -> tuple[int, int]:
        """The pixel in the middle of its box."""
        return (self.box[0] + self.box[2]) // 2, (self.box[1] + self.box[3]) // 2

    @property
    def is_clear(self) -> bool:
        return is_clear(self.box, self.truth.visibility, image_width=self.image_width)


@dataclass(frozen=True, kw_only=True)
class View:
    """What one image, or one video, shows of a world."""

    room: Room
    width: int
    height: int
    sightings: tuple[Sighting, ...]
    objects_3d: tuple[Object3D, ...]
    """Of every thing, seen or not. Camera coordinates are those of the image, or of the video's first frame."""
    kinds: tuple[str, ...] = tuple(KINDS)
    """That could have stood here."""
    from_far_wall: bool = False
    """Whether an image is taken from the wall at y = length."""

    @cached_property
    def nameable(self) -> tuple[Sighting, ...]:
        """What a question may speak of: clear, and the only one of its name that is seen at all."""
        names = Counter(sighting.name for sighting in self.sightings)
        return tuple(s for s in self.sightings if s.is_clear and names[s.name] == 1)

    @cached_property
    def cognitive_map(self) -> tuple[MapCell, ...]:
        """The clear things on a 10 x 10 grid over the floor: column 0 at x = 0, row 0 at y = 0, the camera's wall; from the
        far wall both at the other end."""
        cells = tuple(_map_cell(s.thing, self.room) for s in self.sightings if s.is_clear)
        return tuple(map(_seen_from_far_wall, cells)) if self.from_far_wall else cells


def is_clear(box: Pixels, visibility: float, *, image_width: int) -> bool:
    """At least half seen, and not tiny."""
    side = min(box[2] - box[0], box[3] - box[1])
    return side >= max(4.0, CLEAR_SIDE * image_width) and visibility >= CLEAR_VISIBILITY


def look(world: World, camera: Camera, picture: Picture) -> View:
    """The truth about one image."""
    truths = [_truth(*pair, camera) for pair in zip(world.things, picture.visibility, strict=True)]
    seen = zip(world.things, truths, picture.boxes, strict=True)
    return View(
        room=world.room,
        width=camera.width,
        height=camera.height,
        sightings=tuple(
            Sighting(thing=thing, truth=truth, box=box, image_width=camera.width) for thing, truth, box in seen if box
        ),
        objects_3d=tuple(truths),
        kinds=world.kinds,
        from_far_wall=camera.position[1] > world.room.length / 2,
    )


def look_along(world: World, cameras: Sequence[Camera], pictures: Sequence[Picture]) -> View:
    """The truth about a video. A thing is as visible as in the frame that shows it best."""
    sightings, truths = [], []
    for index, thing in enumerate(world.things):
        shares = [picture.visibility[index] for picture in pictures]
        best = max(range(len(shares)), key=lambda frame: (shares[frame], -frame))
        truth = _truth(thing, shares[best], cameras[0])
        truths.append(truth)
        box = pictures[best].boxes[index]
        if box:
            width = cameras[0].width
            first = _first_clear([(p.boxes[index], p.visibility[index]) for p in pictures], width, default=best)
            glimpse = next(frame for frame, picture in enumerate(pictures) if picture.boxes[index])
            sightings.append(
                Sighting(thing=thing, truth=truth, box=box, image_width=width, first_frame=first, first_glimpse=glimpse)
            )
    size = cameras[0]
    return View(
        room=world.room,
        width=size.width,
        height=size.height,
        sightings=tuple(sightings),
        objects_3d=tuple(truths),
        kinds=world.kinds,
    )


def _first_clear(frames: list[tuple[Pixels | None, float]], image_width: int, *, default: int) -> int:
    clear = (i for i, (box, share) in enumerate(frames) if box and is_clear(box, share, image_width=image_width))
    return next(clear, default)


def _truth(thing: Thing, visibility: float, camera: Camera) -> Object3D:
    x, y, z = camera.to_camera(thing.centre)
    return Object3D(
        id=thing.id,
        category=thing.category,
        colour=thing.colour,
        centre_world=thing.centre,
        centre_camera=(round(x, 4), round(y, 4), round(z, 4)),
        size=thing.size,
        yaw_world=thing.yaw,
        yaw_camera=round(wrap(thing.yaw - camera.yaw), 4),
        visibility=visibility,
    )


def _map_cell(thing: Thing, room: Room) -> MapCell:
    x, y, _ = thing.centre
    column, row = int(MAP_CELLS * x / room.width), int(MAP_CELLS * y / room.length)
    return MapCell(label=thing.name, column=min(column, MAP_CELLS - 1), row=min(row, MAP_CELLS - 1))


def _seen_from_far_wall(cell: MapCell) -> MapCell:
    return MapCell(label=cell.label, column=MAP_CELLS - 1 - cell.column, row=MAP_CELLS - 1 - cell.row)
