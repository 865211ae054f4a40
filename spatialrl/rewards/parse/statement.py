"""What a sentence of an explicit-3D chain of thought can state. Coordinates are those of the camera: x left, y up,
z forward, in metres, the ground at y = 0. Names are in lower case, without article; numbers are as written, right or
wrong."""

from dataclasses import dataclass
from typing import Literal

from spatialrl.types import Vector

CAMERA = "camera"
"""The name of the camera, at the origin."""


@dataclass(frozen=True, slots=True)
class Axis:
    """The front or the left direction of a thing, as named in a sentence."""

    side: Literal["front", "left"]
    name: str


@dataclass(frozen=True, slots=True)
class Span:
    """The vector from one thing to another, as named in a sentence."""

    start: str
    end: str


Operand = Axis | Span | str
"""What a cosine or an angle is taken of; a text where it is neither of the two."""


@dataclass(frozen=True, slots=True)
class Location:
    """`The 3D location of the cup is (0.2, 0.4, 0.6)`"""

    name: str
    at: Vector


@dataclass(frozen=True, slots=True)
class Displacement:
    """`The vector from A to B is (0.1, 0.0, 0.5)`: B - A, where it is right."""

    of: Span
    value: Vector


@dataclass(frozen=True, slots=True)
class Direction:
    """`The front direction of A is (0.0, 0.0, 1.0)`: of length 1, where it is right."""

    of: Axis
    value: Vector


@dataclass(frozen=True, slots=True)
class Cosine:
    """`The cosine similarity between the vector from A to B and the front direction of A is -0.85`"""

    first: Operand
    second: Operand
    value: float


@dataclass(frozen=True, slots=True)
class Angle:
    """`.. corresponding to an angle of 147.89 degrees`, or `The angle between .. and .. is 147.89 degrees`."""

    first: Operand
    second: Operand
    degrees: float


@dataclass(frozen=True, slots=True)
class Distance:
    """`The distance between A and B is 1.2`; of `The distance from A to the camera is 2.0` the second is `camera`."""

    first: str
    second: str
    metres: float


@dataclass(frozen=True, slots=True)
class Height:
    """`The height of A is 1.1`"""

    name: str
    metres: float


@dataclass(frozen=True, slots=True)
class Conclusion:
    """`Therefore, the person is to the right of the bottle.`"""

    text: str


Statement = Location | Displacement | Direction | Cosine | Angle | Distance | Height | Conclusion
