"""The room itself. Its floor is chequered, its walls differ, light fades towards the far end and turns from warm to cool
from left to right: wherever a thing stands, the background around it tells where that is.
"""

import numpy as np

from spatialrl.scenes.camera import Camera, Window
from spatialrl.scenes.raster import Patch, affine
from spatialrl.scenes.world import Room, Thing
from spatialrl.types import Vector

TILE_M = 0.75
SKIRTING_M = 0.1
SHADOW_STRENGTH = 0.4
BAND_ROWS = 32

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
    """The empty room, and how warm the light is at each pixel. Drawn in bands that stay in the processor's cache."""
    frame = Patch.empty(camera.frame)
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
    footprint = thing.footprint
    reach = 0.72 * max(footprint.length, footprint.width)
    ring = tuple((footprint.x + a * reach, footprint.y + b * reach, 0.0) for a in (-1, 1) for b in (-1, 1))
    left, top, right, bottom = camera.window(ring)
    window = Window(max(left, 0), max(top, 0), min(right, camera.width), min(bottom, camera.height))
    if window.left >= window.right or window.top >= window.bottom:
        return
    here = slice(window.top, window.bottom), slice(window.left, window.right)
    u, v = camera.grid(window)
    depth = 1 / frame.nearness[here]
    dx = (_position(camera, 0, u, v, depth) - footprint.x) / reach
    dy = (_position(camera, 1, u, v, depth) - footprint.y) / reach
    dark = np.maximum(1 - (dx * dx + dy * dy), 0.0) * SHADOW_STRENGTH
    frame.shade[here] *= 1 - dark * (frame.paint[here] < CEILING)


def _draw_band(band: Patch, warmth: np.ndarray, room: Room, camera: Camera, sides: dict[int, Vector]) -> None:
    u, v = camera.grid(band.window)
    crossings = {paint: affine(factors, u, v) for paint, factors in sides.items() if _is_ahead(factors, u, v)}
    for crossing in crossings.values():
        np.maximum(band.nearness, crossing, out=band.nearness)
    for paint, crossing in crossings.items():
        np.maximum(band.paint, _where(crossing == band.nearness, paint), out=band.paint)
    depth = 1 / band.nearness
    x, y, z = (_position(camera, axis, u, v, depth) for axis in range(3))
    if FLOOR in crossings:
        band.paint += _where((band.paint == FLOOR) & _is_odd_tile(x, y), 1)
    np.maximum(band.paint, _where((band.paint > CEILING) & (z < SKIRTING_M), SKIRTING), out=band.paint)
    np.subtract(1.06 + z * (0.05 / room.height), y * (0.26 / room.length), out=band.shade)
    np.subtract(0.12, x * (0.24 / room.width), out=warmth)


def _is_ahead(factors: Vector, u: np.ndarray, v: np.ndarray) -> bool:
    """Whether some ray of the grid meets a side in front of the camera."""
    a, b, c = factors
    across, down = (float(u[0, 0]), float(u[0, -1])), (float(v[0, 0]), float(v[-1, 0]))
    return max(a * across[0], a * across[1]) + max(b * down[0], b * down[1]) + c > 0


def _sides(room: Room, camera: Camera) -> dict[int, Vector]:
    """By paint: 1 / depth of a side of the room along a ray, as factors of `affine`. The largest is the side seen."""
    x, y, z = camera.position
    outward_by_distance: dict[int, Vector] = {
        FLOOR: (0.0, 0.0, -1 / z),
        CEILING: (0.0, 0.0, 1 / (room.height - z)),
        3: (-1 / x, 0.0, 0.0),
        4: (1 / (room.width - x), 0.0, 0.0),
        5: (0.0, 1 / (room.length - y), 0.0),
        6: (0.0, -1 / y, 0.0),
    }
    return {paint: camera.along(vector) for paint, vector in outward_by_distance.items()}


def _position(camera: Camera, axis: int, u: np.ndarray, v: np.ndarray, depth: np.ndarray) -> np.ndarray:
    """One world coordinate of the points at these depths."""
    unit: list[Vector] = [(1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0)]
    return affine(camera.along(unit[axis]), u, v) * depth + camera.position[axis]


def _is_odd_tile(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    columns, rows = (x * (1 / TILE_M)).astype(np.int32), (y * (1 / TILE_M)).astype(np.int32)
    return ((columns ^ rows) & 1).astype(bool)


def _where(mask: np.ndarray, paint: int) -> np.ndarray:
    """The paint where the mask holds, else 0; several times faster than a masked copy."""
    return mask.view(np.uint8) * np.uint8(paint)
