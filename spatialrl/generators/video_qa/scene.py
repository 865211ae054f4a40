"""What is known of one video: the things of its room in metres, when each comes into sight, and its map."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from spatialrl.generators.video_qa.blocks import Block
from spatialrl.scenes.geometry import Point
from spatialrl.types import MapCell, Media, Object3D

MAP_CELLS = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Sight:
    """Moments of a video, in seconds."""

    glimpsed_s: float
    """When something of it is first seen."""
    clear_s: float
    """When it is first seen well."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Thing:
    name: str
    category: str
    block: Block
    sight: Sight | None = None
    """None where it is not known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    id: str
    media: Media
    room_area: float | None
    """Square metres; None where it is not known."""
    floor: tuple[Point, Point]
    """Least and greatest level coordinates."""
    things: tuple[Thing, ...]
    """That can be seen, unique or not."""
    single: tuple[Thing, ...]
    """The only one of its name, and seen well: what a question may speak of."""
    counts: Mapping[str, int]
    """By category, where the video shows all of them."""
    obstacles: tuple[Block, ...]
    """Around everything that stands in the room, seen or not."""
    shown_s: tuple[float, ...]
    """Moments of the frames that are seen."""
    objects_3d: tuple[Object3D, ...] = ()
    extra: Mapping[str, str] = field(default_factory=dict)


def cognitive_map(scene: Scene) -> tuple[MapCell, ...]:
    """The centre of every thing on a 10 x 10 grid over the floor: the column is floor(10 u), with u from 0 to 1 along x,
    the row the same along y; what is at the far end is in cell 9."""
    (x1, y1), (x2, y2) = scene.floor
    return tuple(
        MapCell(label=thing.name, column=_cell(x, x1, x2), row=_cell(y, y1, y2))
        for thing in scene.things
        for x, y, _ in [thing.block.centre]
    )


def _cell(value: float, low: float, high: float) -> int:
    return min(MAP_CELLS - 1, max(0, int(MAP_CELLS * (value - low) / (high - low))))
