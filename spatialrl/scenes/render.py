"""From a world and a camera to a picture: colours, depth, and for every thing the pixels that show it.

A picture is drawn back to front by no order at all: every patch keeps 1 / depth, and the nearer one wins (a z-buffer).
"""

from dataclasses import dataclass

import numpy as np

from spatialrl.scenes.backdrop import BAND_ROWS, NUM_ROOM_PAINTS, ROOM_RGB, draw_room, drop_shadow
from spatialrl.scenes.camera import Camera, Window
from spatialrl.scenes.catalogue import COLOURS, FRONT_RGB, TRIM_SHADE
from spatialrl.scenes.raster import Patch, cast
from spatialrl.scenes.solids import PAINTS
from spatialrl.scenes.world import Thing, World

Pixels = tuple[int, int, int, int]


@dataclass(frozen=True, slots=True)
class Picture:
    rgb: np.ndarray
    """Height x width x 3 bytes."""
    nearness: np.ndarray
    """1 / depth, height x width."""
    owner: np.ndarray
    """Index of the thing seen at a pixel, -1 for the room."""
    boxes: tuple[Pixels | None, ...]
    """Of the visible pixels of each thing: x1, y1, and x2, y2 one past the last; None where nothing is seen."""
    visibility: tuple[float, ...]
    """Share of each thing's own silhouette that is seen; the silhouette is counted on a canvas of three frames."""

    @property
    def depth(self) -> np.ndarray:
        """Metres along the optical axis, height x width."""
        return 1 / self.nearness.astype(np.float64)


def render(world: World, camera: Camera) -> Picture:
    frame, warmth = draw_room(world.room, camera)
    owner = np.full(frame.nearness.shape, -1, dtype=np.int8)
    for thing in world.things:
        if not thing.holder:
            drop_shadow(frame, camera, thing)
    patches = [_patch(thing, camera) for thing in world.things]
    for index, patch in enumerate(patches):
        _show(patch, frame, owner, warmth, index)
    seen = [_visible(owner, patch, index) for index, patch in enumerate(patches)]
    return Picture(
        rgb=_develop(frame, warmth, _palette(world.things)),
        nearness=frame.nearness,
        owner=owner,
        boxes=tuple(box for box, _ in seen),
        visibility=tuple(share for _, share in seen),
    )


def _patch(thing: Thing, camera: Camera) -> Patch:
    """A thing as if it were alone."""
    parts = [part for part in (cast(solid, camera) for solid in thing.solids) if part.nearness.size]
    if len(parts) <= 1:
        return parts[0] if parts else Patch.empty(Window(0, 0, 0, 0))
    lefts, tops, rights, bottoms = zip(*(part.window for part in parts), strict=True)
    patch = Patch.empty(Window(min(lefts), min(tops), max(rights), max(bottoms)))
    for part in parts:
        patch.stamp(part)
    return patch


def _show(patch: Patch, frame: Patch, owner: np.ndarray, warmth: np.ndarray, index: int) -> None:
    inside = _inside(patch.window, frame.window)
    if inside is None:
        return
    there, here = inside
    nearer = patch.nearness[there] > frame.nearness[here]
    np.copyto(frame.nearness[here], patch.nearness[there], where=nearer)
    np.copyto(frame.shade[here], patch.shade[there], where=nearer)
    paint = patch.paint[there] + np.uint8(NUM_ROOM_PAINTS + len(PAINTS) * index)
    np.copyto(frame.paint[here], paint, where=nearer)
    np.copyto(owner[here], index, where=nearer)
    np.copyto(warmth[here], 0.0, where=nearer)


def _visible(owner: np.ndarray, patch: Patch, index: int) -> tuple[Pixels | None, float]:
    """The box of the pixels that show a thing, and their share of its silhouette."""
    inside = _inside(patch.window, Window(0, 0, owner.shape[1], owner.shape[0]))
    if inside is None:
        return None, 0.0
    rows, columns = inside[1]
    mask = owner[rows, columns] == index
    count = int(np.count_nonzero(mask))
    if not count:
        return None, 0.0
    ys, xs = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    left, top = columns.start, rows.start
    box = (left + int(xs[0]), top + int(ys[0]), left + int(xs[-1]) + 1, top + int(ys[-1]) + 1)
    return box, round(count / int(np.count_nonzero(patch.nearness)), 4)


def _inside(window: Window, frame: Window) -> tuple[tuple[slice, slice], tuple[slice, slice]] | None:
    """The slices of a window and of the frame that they share."""
    left, right = max(window.left, frame.left), min(window.right, frame.right)
    top, bottom = max(window.top, frame.top), min(window.bottom, frame.bottom)
    if left >= right or top >= bottom:
        return None
    there = slice(top - window.top, bottom - window.top), slice(left - window.left, right - window.left)
    return there, (slice(top, bottom), slice(left, right))


def _palette(things: tuple[Thing, ...]) -> np.ndarray:
    """One row per channel, one column per paint."""
    rows = list(ROOM_RGB)
    for thing in things:
        rgb = COLOURS[thing.colour]
        rows += [rgb, tuple(round(channel * TRIM_SHADE) for channel in rgb), FRONT_RGB]
    return np.array(rows, dtype=np.float32).T.copy()


def _develop(frame: Patch, warmth: np.ndarray, palette: np.ndarray) -> np.ndarray:
    rgb = np.empty((*frame.paint.shape, 3), dtype=np.uint8)
    for top in range(0, len(rgb), BAND_ROWS):
        rows = slice(top, top + BAND_ROWS)
        shade, warm, paint = frame.shade[rows], warmth[rows], frame.paint[rows].astype(np.intp)
        for channel, tint in enumerate((shade * (1 + warm), shade, shade * (1 - warm))):
            rgb[rows, :, channel] = np.minimum(palette[channel].take(paint) * tint, np.float32(255))
    return rgb
