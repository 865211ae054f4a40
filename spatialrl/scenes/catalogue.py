"""The kinds of things that stand in a room and the colours they come in. A new kind is one function and one line."""

from collections.abc import Callable
from dataclasses import dataclass

from spatialrl.scenes.solids import Paint, Part
from spatialrl.types import Vector

Range = tuple[float, float]
Build = Callable[[Vector], tuple[Part, ...]]

COLOURS = {
    "red": (222, 48, 44),
    "orange": (246, 140, 30),
    "yellow": (246, 216, 42),
    "green": (48, 160, 62),
    "cyan": (48, 196, 206),
    "blue": (46, 84, 222),
    "purple": (142, 62, 184),
    "black": (58, 58, 64),
}
FRONT_RGB = (250, 246, 228)
TRIM_SHADE = 0.72

BOX_WALL_M = 0.04


def cube(size: Vector) -> tuple[Part, ...]:
    return (_block((0.0, 0.0, size[2] / 2), size),)


def sphere(size: Vector) -> tuple[Part, ...]:
    return (Part(shape="ball", centre=(0.0, 0.0, size[2] / 2), size=size),)


def cylinder(size: Vector) -> tuple[Part, ...]:
    return (Part(shape="tube", centre=(0.0, 0.0, size[2] / 2), size=size),)


def cone(size: Vector) -> tuple[Part, ...]:
    return (Part(shape="tube", centre=(0.0, 0.0, size[2] / 2), size=size, taper=1.0),)


def table(size: Vector) -> tuple[Part, ...]:
    length, width, height = size
    top = _block((0.0, 0.0, height - 0.03), (length, width, 0.06))
    return (top, *_legs((length, width, height - 0.06), 0.07))


def chair(size: Vector) -> tuple[Part, ...]:
    length, width, height = size
    seat = 0.48 * height
    back = Part(
        shape="block",
        centre=(-length / 2 + 0.04, 0.0, (seat + height) / 2),
        size=(0.08, width, height - seat),
        front="front",
    )
    return (_block((0.0, 0.0, seat - 0.04), (length, width, 0.08)), back, *_legs((length, width, seat - 0.08), 0.06))


def sofa(size: Vector) -> tuple[Part, ...]:
    length, width, height = size
    arm, back = 0.16, 0.2
    cushion = (length - back, width - 2 * arm, 0.5 * height)
    return (
        _block((back / 2, 0.0, cushion[2] / 2), cushion, front="front"),
        _block((-length / 2 + back / 2, 0.0, height / 2), (back, width, height)),
        _block((back / 2, (width - arm) / 2, 0.35 * height), (length - back, arm, 0.7 * height)),
        _block((back / 2, (arm - width) / 2, 0.35 * height), (length - back, arm, 0.7 * height)),
    )


def shelf(size: Vector) -> tuple[Part, ...]:
    length, width, height = size
    board = (length - 0.03, width - 0.1, 0.05)
    heights = (0.1, 0.4 * height, 0.7 * height, height - 0.025)
    return (
        _block((-length / 2 + 0.015, 0.0, height / 2), (0.03, width, height), paint="trim"),
        _block((0.0, (width - 0.05) / 2, height / 2), (length, 0.05, height)),
        _block((0.0, (0.05 - width) / 2, height / 2), (length, 0.05, height)),
        *(_block((0.015, 0.0, z), board, front="front") for z in heights),
    )


def lamp(size: Vector) -> tuple[Part, ...]:
    length, width, height = size
    shade = 0.3 * height
    return (
        Part(shape="tube", centre=(0.0, 0.0, 0.02), size=(0.7 * length, 0.7 * length, 0.04), paint="trim"),
        Part(shape="tube", centre=(0.0, 0.0, (height - shade) / 2), size=(0.06, 0.06, height - shade), paint="trim"),
        Part(shape="tube", centre=(0.0, 0.0, height - shade / 2), size=(length, width, shade), taper=0.5),
    )


def box(size: Vector) -> tuple[Part, ...]:
    """Open at the top, so that something can be inside."""
    length, width, height = size
    side = BOX_WALL_M
    return (
        _block((0.0, 0.0, side / 2), (length, width, side), paint="trim"),
        _block(((length - side) / 2, 0.0, height / 2), (side, width, height)),
        _block(((side - length) / 2, 0.0, height / 2), (side, width, height)),
        _block((0.0, (width - side) / 2, height / 2), (length - 2 * side, side, height)),
        _block((0.0, (side - width) / 2, height / 2), (length - 2 * side, side, height)),
    )


def screen(size: Vector) -> tuple[Part, ...]:
    length, width, height = size
    foot = 0.22 * height
    panel = (0.08, width, height - foot)
    return (
        _block((0.0, 0.0, 0.02), (length, 0.5 * width, 0.04), paint="trim"),
        _block((0.0, 0.0, foot / 2), (0.06, 0.1, foot), paint="trim"),
        _block((0.0, 0.0, foot + panel[2] / 2), panel),
        _block((0.045, 0.0, foot + panel[2] / 2), (0.01, width - 0.12, panel[2] - 0.12), paint="front"),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    build: Build
    length: Range
    """Metres along the way it faces."""
    width: Range | None = None
    """Metres across; None where it is as wide as it is long."""
    height: Range | None = None
    """Metres; None where it is as high as it is long."""
    faces: bool = False
    """Whether its front can be told from its other sides."""
    holds: str = ""
    """`on` where a small thing may stand on it, `inside` where one may lie in it."""
    small: bool = False
    """Whether it may stand on, or lie in, something else."""


KINDS: dict[str, Kind] = {
    "cube": Kind(build=cube, length=(0.4, 0.6), holds="on", small=True),
    "sphere": Kind(build=sphere, length=(0.4, 0.6), small=True),
    "cylinder": Kind(build=cylinder, length=(0.34, 0.5), height=(0.45, 0.8), small=True),
    "cone": Kind(build=cone, length=(0.42, 0.6), height=(0.5, 0.85), small=True),
    "table": Kind(build=table, length=(0.6, 0.9), width=(0.9, 1.4), height=(0.5, 0.75), holds="on"),
    "chair": Kind(build=chair, length=(0.44, 0.56), width=(0.42, 0.56), height=(0.8, 1.05), faces=True),
    "sofa": Kind(build=sofa, length=(0.75, 0.95), width=(1.3, 1.9), height=(0.65, 0.85), faces=True),
    "shelf": Kind(build=shelf, length=(0.3, 0.4), width=(0.7, 1.1), height=(1.0, 1.6), faces=True),
    "lamp": Kind(build=lamp, length=(0.36, 0.5), height=(0.9, 1.5)),
    "box": Kind(build=box, length=(0.5, 0.75), width=(0.5, 0.8), height=(0.22, 0.32), holds="inside"),
    "screen": Kind(build=screen, length=(0.26, 0.34), width=(0.7, 1.1), height=(0.6, 0.85), faces=True),
}


def _block(centre: Vector, size: Vector, *, paint: Paint = "main", front: Paint | None = None) -> Part:
    return Part(shape="block", centre=centre, size=size, paint=paint, front=front)


def _legs(size: Vector, thick: float) -> list[Part]:
    x, y = (size[0] - thick) / 2, (size[1] - thick) / 2
    places = ((x, y), (x, -y), (-x, y), (-x, -y))
    return [_block((a, b, size[2] / 2), (thick, thick, size[2]), paint="trim") for a, b in places]
