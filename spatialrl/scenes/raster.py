"""From one convex solid to pixels. Along a ray a convex solid is one interval, and in 1 / depth its ends are an affine
function of the pixel for a plane and one square root for a quadric, so no ray is ever divided by.
"""

import math
from dataclasses import dataclass

import numpy as np

from spatialrl.scenes.camera import Camera, Window
from spatialrl.scenes.geometry import dot, minus, times
from spatialrl.scenes.solids import PAINTS, Quadric, Slab, Solid
from spatialrl.types import Vector

LIGHT: Vector = (-0.42, -0.56, 0.714142843)
"""Where the light comes from; of length 1."""
UP: Vector = (0.0, 0.0, 1.0)
AMBIENT, DIFFUSE = 0.64, 0.40


@dataclass(slots=True)
class Patch:
    """Some pixels of one thing."""

    window: Window
    nearness: np.ndarray
    """1 / depth in metres; 0 where the thing is not."""
    shade: np.ndarray
    paint: np.ndarray
    """Index into PAINTS."""

    @classmethod
    def empty(cls, window: Window, dtype: type = np.float64) -> "Patch":
        shape = window.shape
        return cls(window, np.zeros(shape, dtype), np.zeros(shape, np.float32), np.zeros(shape, np.uint8))

    def stamp(self, other: "Patch") -> None:
        """Takes over what is nearer in a patch whose window lies inside this one's."""
        left, top = other.window.left - self.window.left, other.window.top - self.window.top
        height, width = other.window.shape
        part = (slice(top, top + height), slice(left, left + width))
        nearer = other.nearness > self.nearness[part]
        np.copyto(self.nearness[part], other.nearness, where=nearer)
        np.copyto(self.shade[part], other.shade, where=nearer)
        np.copyto(self.paint[part], other.paint, where=nearer)


def brightness(cosine: float) -> float:
    """Lambert's law, wrapped around so that faces in the shadow differ too."""
    return min(1.0, max(0.0, AMBIENT + DIFFUSE * cosine))


def affine(factors: Vector, u: np.ndarray, v: np.ndarray) -> np.ndarray:
    """One value per pixel, or per row where all pixels of a row agree: as for every vertical, without roll."""
    column = v * factors[1] + factors[2]
    return u * factors[0] + column if factors[0] else column


def cast(solid: Solid, camera: Camera) -> Patch:
    """The pixels of one solid, as if nothing else were there."""
    window = camera.window(solid.corners)
    u, v = camera.grid(window)
    patch, leave = Patch.empty(window), np.zeros(window.shape)
    patch.nearness.fill(np.inf)
    for slab in solid.slabs:
        _cut_slab(slab, camera, affine(camera.along(slab.axis), u, v), patch, leave)
    if solid.quadric is not None:
        _cut_quadric(solid.quadric, camera, u, v, patch, leave)
    patch.nearness *= patch.nearness > leave
    return patch


def _cut_slab(slab: Slab, camera: Camera, rays: np.ndarray, patch: Patch, leave: np.ndarray) -> None:
    """Shortens the intervals: a ray enters through a plane the camera is in front of, and leaves through the others."""
    at = dot(slab.axis, camera.position)
    sides = ((-1.0, slab.low - at, slab.low_paint), (1.0, at - slab.high, slab.high_paint))
    for sign, height, paint in sides:
        crossing = rays * (-sign / (height or -1e-9))
        if height > 0:
            _enter(patch, crossing, brightness(sign * dot(slab.axis, LIGHT)), PAINTS.index(paint))
        else:
            np.maximum(leave, crossing, out=leave)


def _cut_quadric(
    quadric: Quadric, camera: Camera, u: np.ndarray, v: np.ndarray, patch: Patch, leave: np.ndarray
) -> None:
    """In s = 1 / depth the surface is at outside * s^2 + 2 * slope * s + square = 0.

    `square` is the quadric's form of the ray itself: 1 + u^2 + v^2 + (bend - 1) * rise^2, where the rise of a ray is
    the same all along a row. The camera is outside the quadric, so the inside of it is between the two roots.
    """
    start, bend = minus(camera.position, quadric.centre), quadric.bend
    conjugate = (start[0], start[1], bend * start[2])
    outside = dot(start, conjugate) - quadric.limit
    assert outside > 0, "the camera is inside a thing"
    rise = affine(camera.along(UP), u, v)
    slope = affine(camera.along(times(conjugate, 1 / outside)), u, v)
    square = u * u * (1 / outside) + (1 + v * v + rise * rise * (bend - 1)) * (1 / outside)
    spread = slope * slope - square
    root = np.sqrt(np.maximum(spread, 0.0))
    near = (root - slope) * (spread > 0)
    np.maximum(leave, -root - slope, out=leave)
    _enter(patch, near, _quadric_shade(quadric, camera, u, v, near), PAINTS.index(quadric.paint))


def _quadric_shade(quadric: Quadric, camera: Camera, u: np.ndarray, v: np.ndarray, near: np.ndarray) -> np.ndarray:
    """The normal at (x, y, z) is (x, y, bend * z), of length sqrt(limit + (bend^2 - bend) * z^2)."""
    start, bend = minus(camera.position, quadric.centre), quadric.bend
    light = (LIGHT[0], LIGHT[1], LIGHT[2] * bend)
    depth = 1 / np.maximum(near, 1e-3)
    towards_light = affine(camera.along(light), u, v) * depth + dot(light, start)
    if quadric.limit:
        length = math.sqrt(quadric.limit)
    else:
        z = affine(camera.along(UP), u, v) * depth + start[2]
        length = np.maximum(np.abs(z), 1e-6) * math.sqrt(bend * bend - bend)
    return np.minimum(AMBIENT + DIFFUSE * (towards_light / length), 1.0)


def _enter(patch: Patch, crossing: np.ndarray, shade: float | np.ndarray, paint: int) -> None:
    later = crossing < patch.nearness
    np.copyto(patch.nearness, crossing, where=later)
    np.copyto(patch.shade, shade, where=later)
    np.copyto(patch.paint, paint, where=later)
