"""The room itself. Its floor is chequered, its walls differ, light fades towards the far end and turns from warm to cool
from left to right: wherever a thing stands, the background around it tells where that is.
"""

import numpy as np

from spatialrl.scenes.camera import Camera, Window
from spatialrl.scenes.geometry import dot
from spatialrl.scenes.raster import Patch, affine
from spatialrl.scenes.world import Room, Thing
from spatialrl.types import Vector

TILE_M = 0.75
TILE_AXES: tuple[Vector, Vector] = ((1 / TILE_M, 0.0, 0.0), (0.0, 1 / TILE_M, 0.0))
SKIRTING_M = 0.1
SHADOW_STRENGTH = 0.4
BAND_ROWS = 48

ROOM_RGB = (
    (206, 184, 152),  # floor, light tiles
    (186, 162, 130),  # floor, dark tiles
    (240, 240, 234),  # ceiling
    (226, 190, 176),  # wall at x = 0
    (172, 196, 226),  # wall at x = width
    (206, 212, 196),  # wall at y = length
    (216, 206, 226),  # wall at y = 0
    (250, 248, 242),  # skirting
)
NUM_ROOM_PAINTS = len(ROOM_RGB)
FLOOR, CEILING, SKIRTING = 0, 2, 7


def draw_room(room: Room, camera: Camera) -> tuple[Patch, np.ndarray]:
    """The empty room, and how warm the light is at each pixel.

    In single precision, and in bands that stay in the processor's cache: most of a picture's time goes into this.
    """
    frame = Patch.empty(camera.frame, np.float32)
    warmth = np.empty(camera.frame.shape, np.float32)
    sides = _sides(room, camera)
    for top in range(0, camera.height, BAND_ROWS):
        band = Window(0, top, camera.width, min(top + BAND_ROWS, camera.height))
        rows = slice(band.top, band.bottom)
        part = Patch(band, frame.nearness[rows], frame.shade[rows], frame.paint[rows])
        _draw_band(part, warmth[rows], room, camera, sides)
    return frame, warmth


def drop_shadow(frame: Patch, camera: Camera, thing: Thing) -> None:
    """Darkens the floor around a thing that stands on it."""
    x, y = thing.footprint.x, thing.footprint.y
    reach = 0.72 * max(thing.footprint.length, thing.footprint.width)
    ring = tuple((x + a * reach, y + b * reach, 0.0) for a in (-1, 1) for b in (-1, 1))
    left, top, right, bottom = camera.window(ring)
    window = Window(max(left, 0), max(top, 0), min(right, camera.width), min(bottom, camera.height))
    if window.left >= window.right or window.top >= window.bottom:
        return
    here = slice(window.top, window.bottom), slice(window.left, window.right)
    u, v = camera.grid(window)
    depth = 1 / np.maximum(affine(_floor(camera), u, v), 1e-6)
    dx = _linear(camera, (1 / reach, 0.0, 0.0), -x / reach, u, v, depth)
    dy = _linear(camera, (0.0, 1 / reach, 0.0), -y / reach, u, v, depth)
    dark = np.maximum(SHADOW_STRENGTH - (dx * dx + dy * dy) * SHADOW_STRENGTH, 0.0)
    frame.shade[here] *= 1 - dark * (frame.paint[here] < CEILING)


def _draw_band(band: Patch, warmth: np.ndarray, room: Room, camera: Camera, sides: dict[int, Vector]) -> None:
    u, v = (axis.astype(np.float32) for axis in camera.grid(band.window))
    crossings = {paint: affine(factors, u, v) for paint, factors in sides.items() if _is_ahead(factors, u, v)}
    for crossing in crossings.values():
        np.maximum(band.nearness, crossing, out=band.nearness)
    for paint, crossing in crossings.items():
        np.maximum(band.paint, _where(crossing == band.nearness, paint), out=band.paint)
    depth = 1 / band.nearness
    if FLOOR in crossings:
        columns, rows = (_linear(camera, axis, 0.0, u, v, depth).astype(np.int32) for axis in TILE_AXES)
        band.paint += _where((band.paint == FLOOR) & (((columns ^ rows) & 1) == 1), 1)
    z = _linear(camera, (0.0, 0.0, 1.0), 0.0, u, v, depth)
    np.maximum(band.paint, _where((band.paint > CEILING) & (z < SKIRTING_M), SKIRTING), out=band.paint)
    band.shade[:] = _linear(camera, (0.0, -0.26 / room.length, 0.05 / room.height), 1.06, u, v, depth)
    warmth[:] = _linear(camera, (-0.24 / room.width, 0.0, 0.0), 0.12, u, v, depth)


def _is_ahead(factors: Vector, u: np.ndarray, v: np.ndarray) -> bool:
    """Whether some ray of the grid meets a side in front of the camera."""
    a, b, c = factors
    across, down = (float(u[0, 0]), float(u[0, -1])), (float(v[0, 0]), float(v[-1, 0]))
    return max(a * across[0], a * across[1]) + max(b * down[0], b * down[1]) + c > 0


def _sides(room: Room, camera: Camera) -> dict[int, Vector]:
    """By paint: 1 / depth of a side of the room along a ray, as factors of `affine`. The largest is the side seen."""
    x, y, z = camera.position
    outward_by_distance: dict[int, Vector] = {
        CEILING: (0.0, 0.0, 1 / (room.height - z)),
        3: (-1 / x, 0.0, 0.0),
        4: (1 / (room.width - x), 0.0, 0.0),
        5: (0.0, 1 / (room.length - y), 0.0),
        6: (0.0, -1 / y, 0.0),
    }
    walls = {paint: camera.along(vector) for paint, vector in outward_by_distance.items()}
    return {FLOOR: _floor(camera), **walls}


def _floor(camera: Camera) -> Vector:
    return camera.along((0.0, 0.0, -1 / camera.position[2]))


def _linear(
    camera: Camera, vector: Vector, constant: float, u: np.ndarray, v: np.ndarray, depth: np.ndarray
) -> np.ndarray:
    """vector . point + constant, for the points at these depths."""
    return affine(camera.along(vector), u, v) * depth + (dot(vector, camera.position) + constant)


def _where(mask: np.ndarray, paint: int) -> np.ndarray:
    """The paint where the mask holds, else 0; several times faster than a masked copy."""
    return mask.view(np.uint8) * np.uint8(paint)
