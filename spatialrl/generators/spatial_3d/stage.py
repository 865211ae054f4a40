"""The numbers of a chain of thought: places and directions as they are written, rounded to centimetres, and all that is
computed from them, so that whoever recomputes it arrives at the same.
"""

import math
from dataclasses import dataclass
from functools import cached_property

from spatialrl.generators.spatial_3d.scene import Scene, Thing
from spatialrl.types import Vector

CAMERA = "camera"
DECIMALS = 2


@dataclass(frozen=True)
class Stage:
    scene: Scene

    @cached_property
    def camera(self) -> Vector:
        return 0.0, _rounded(self.scene.camera_height), 0.0

    @cached_property
    def _places(self) -> dict[str, Vector]:
        places = ((thing.id, thing.place) for thing in self.scene.things)
        return {name: (_rounded(x), _rounded(y), _rounded(z)) for name, (x, y, z) in places}

    def place(self, thing: Thing | None) -> Vector:
        """None is the camera."""
        return self.camera if thing is None else self._places[thing.id]

    def axis(self, side: str, thing: Thing) -> Vector:
        """Level, of length 1 but for rounding; the left direction is the front turned left by a quarter."""
        assert thing.yaw is not None, f"{thing.name} has no front"
        yaw = thing.yaw if side == "front" else thing.yaw + math.pi / 2
        return _rounded(math.sin(yaw)), 0.0, _rounded(math.cos(yaw))

    def vector(self, start: Thing | None, end: Thing | None) -> Vector:
        (x1, y1, z1), (x2, y2, z2) = self.place(start), self.place(end)
        return x2 - x1, y2 - y1, z2 - z1

    def distance(self, start: Thing | None, end: Thing | None) -> float:
        return math.hypot(*self.vector(start, end))

    def turn(self, side: str, thing: Thing, target: Thing | None) -> float:
        """Cosine between a direction of a thing and the way to another, or to the camera."""
        return cosine(self.axis(side, thing), self.vector(thing, target))

    def between_fronts(self, first: Thing, second: Thing) -> float:
        return cosine(self.axis("front", first), self.axis("front", second))


def cosine(a: Vector, b: Vector) -> float:
    """0 where one of the two has no length."""
    lengths = math.hypot(*a) * math.hypot(*b)
    product = math.fsum(x * y for x, y in zip(a, b, strict=True))
    return max(-1.0, min(1.0, product / lengths)) if lengths else 0.0


def _rounded(value: float) -> float:
    return round(value, DECIMALS)
