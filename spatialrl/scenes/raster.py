"""From one convex solid to pixels. Along a ray a convex solid is one interval, and in 1 / depth its ends are an affine
function of the pixel for a plane and one square root for a quadric, so no ray is ever divided by.
"""

from dataclasses import dataclass

import numpy as np

from spatialrl.scenes.camera import Camera, Window
from spatialrl.scenes.geometry import dot, minus
from spatialrl.scenes.solids import PAINTS, Quadric, Slab, Solid
from spatialrl.types import Vector

LIGHT: Vector = (-0.42, -0.56, 0.714142843)
"""Where the light comes from; of length 1."""
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
    def empty(cls, window: Window) -> "Patch":
        shape = window.shape
        return cls(window, np.zeros(shape), np.zeros(shape, np.float32), np.zeros(shape, np.uint8))

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
    patch = Patch.empty(window)
    patch.nearness.fill(np.inf)
    leave = np.zeros(window.shape)
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
    """In s = 1 / depth the surface is at outside * s^2 + 2 * slope * s + bend = 0.

    The camera is outside the quadric, so the inside of it is between the two roots.
    """
    start = minus(camera.position, quadric.centre)
    offsets = [dot(start, axis) for axis in quadric.axes]
    rays = [affine(camera.along(axis), u, v) for axis in quadric.axes]
    terms = list(zip(quadric.weights, offsets, rays, strict=True))
    outside = sum(weight * offset * offset for weight, offset, _ in terms) - quadric.constant
    assert outside > 0, "the camera is inside a thing"
    slope, bend = np.zeros_like(leave), np.zeros_like(leave)
    for weight, offset, ray in terms:
        if weight:
            slope += ray * (weight * offset)
            bend += ray * ray * weight
    spread = slope * slope - bend * outside
    root = np.sqrt(np.maximum(spread, 0.0))
    near = np.where(spread > 0, (root - slope) / outside, 0.0)
    np.maximum(leave, (-root - slope) / outside, out=leave)
    _enter(patch, near, _quadric_shade(quadric, offsets, rays, near), PAINTS.index(quadric.paint))


def _quadric_shade(quadric: Quadric, offsets: list[float], rays: list[np.ndarray], near: np.ndarray) -> np.ndarray:
    depth = 1 / np.maximum(near, 1e-6)
    towards_light = np.zeros(near.shape)
    squared = np.full(near.shape, 1e-12)
    for weight, offset, ray, axis in zip(quadric.weights, offsets, rays, quadric.axes, strict=True):
        if weight:
            slope = (ray * depth + offset) * weight
            towards_light += slope * dot(axis, LIGHT)
            squared += slope * slope
    return np.minimum(AMBIENT + DIFFUSE * towards_light / np.sqrt(squared), 1.0)


def _enter(patch: Patch, crossing: np.ndarray, shade: float | np.ndarray, paint: int) -> None:
    later = crossing < patch.nearness
    np.copyto(patch.nearness, crossing, where=later)
    np.copyto(patch.shade, shade, where=later)
    np.copyto(patch.paint, paint, where=later)
