"""A pin-hole camera without roll. Pixel (column, row) has its centre at (column + 0.5, row + 0.5); a ray through it is
u * right + v * down + forward, so the number along a ray is the depth, and whatever is linear in the ray is an affine
function of u and v.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np

from spatialrl.scenes.geometry import cos_sin, dot, minus
from spatialrl.types import Vector

NEAR_M = 0.25
"""What is closer in depth is not drawn; cameras keep so far from things that it would be outside the canvas."""


class Window(NamedTuple):
    """Pixel columns left..right-1 and rows top..bottom-1; may reach beyond the frame."""

    left: int
    top: int
    right: int
    bottom: int

    @property
    def shape(self) -> tuple[int, int]:
        return self.bottom - self.top, self.right - self.left


@dataclass(frozen=True)
class Camera:
    position: Vector
    yaw: float
    """Radians in the world, where it looks; pi/2 looks along +y."""
    pitch: float
    """Radians below the horizon."""
    focal: float
    """Focal length in pixels; the principal point is the middle of the frame."""
    width: int
    height: int

    @cached_property
    def axes(self) -> tuple[Vector, Vector, Vector]:
        """Right, down and forward in the world."""
        cos_yaw, sin_yaw = cos_sin(self.yaw)
        cos_pitch, sin_pitch = cos_sin(self.pitch)
        right = (sin_yaw, -cos_yaw, 0.0)
        down = (-cos_yaw * sin_pitch, -sin_yaw * sin_pitch, -cos_pitch)
        forward = (cos_yaw * cos_pitch, sin_yaw * cos_pitch, -sin_pitch)
        return right, down, forward

    @cached_property
    def frame(self) -> Window:
        return Window(0, 0, self.width, self.height)

    @cached_property
    def canvas(self) -> Window:
        """Three frames wide and high: where silhouettes are counted."""
        return Window(-self.width, -self.height, 2 * self.width, 2 * self.height)

    def to_camera(self, point: Vector) -> Vector:
        """World to camera: x right, y down, z forward, in metres."""
        x, y, z = minus(point, self.position)
        (a, b, c), (d, e, f), (g, h, i) = self.axes
        return a * x + b * y + c * z, d * x + e * y + f * z, g * x + h * y + i * z

    def project(self, point: Vector) -> tuple[float, float]:
        """The pixel position of a point in front of the camera."""
        x, y, depth = self.to_camera(point)
        return self.width / 2 + self.focal * x / depth, self.height / 2 + self.focal * y / depth

    def window(self, points: tuple[Vector, ...]) -> Window:
        """Pixels that hold the convex hull of the points, within the canvas; empty where all of it is too near."""
        rays = _cut_near([self.to_camera(point) for point in points])
        if not rays:
            return Window(0, 0, 0, 0)
        xs = [self.width / 2 + self.focal * x / depth for x, _, depth in rays]
        ys = [self.height / 2 + self.focal * y / depth for _, y, depth in rays]
        low_x, low_y, high_x, high_y = self.canvas
        left, right = _clamped(min(xs) - 1, max(xs) + 2, low_x, high_x)
        top, bottom = _clamped(min(ys) - 1, max(ys) + 2, low_y, high_y)
        return Window(left, top, right, bottom)

    def grid(self, window: Window) -> tuple[np.ndarray, np.ndarray]:
        """u as one row and v as one column, for the pixels of a window on the canvas."""
        u, v = self._canvas_grid
        left, top, right, bottom = window
        return u[:, left + self.width : right + self.width], v[top + self.height : bottom + self.height]

    @cached_property
    def _canvas_grid(self) -> tuple[np.ndarray, np.ndarray]:
        left, top, right, bottom = self.canvas
        columns = np.arange(left, right, dtype=np.float64)[None, :]
        rows = np.arange(top, bottom, dtype=np.float64)[:, None]
        return (columns + (0.5 - self.width / 2)) / self.focal, (rows + (0.5 - self.height / 2)) / self.focal

    def along(self, vector: Vector) -> Vector:
        """a, b, c such that the ray through (u, v) has the product a * u + b * v + c with the vector."""
        right, down, forward = self.axes
        return dot(vector, right), dot(vector, down), dot(vector, forward)


def _clamped(start: float, end: float, low: int, high: int) -> tuple[int, int]:
    return int(min(max(start, low), high)), int(min(max(end, low), high))


def _cut_near(points: list[Vector]) -> list[Vector]:
    """Corners of the part of a convex hull that is not too near."""
    ahead = [point for point in points if point[2] >= NEAR_M]
    if len(ahead) == len(points):
        return points
    close = [point for point in points if point[2] < NEAR_M]
    cuts = [(a, b, (a[2] - NEAR_M) / (a[2] - b[2])) for a in ahead for b in close]
    return ahead + [(a[0] + (b[0] - a[0]) * share, a[1] + (b[1] - a[1]) * share, NEAR_M) for a, b, share in cuts]
