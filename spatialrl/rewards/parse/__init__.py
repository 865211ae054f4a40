"""Model text to typed values: the one place that meets what a model wrote, shared by training and evaluation.

Any string gives a value, or the reason why there is none, in time linear in its length."""

from spatialrl.rewards.parse.choice import choice
from spatialrl.rewards.parse.coordinates import coordinates
from spatialrl.rewards.parse.grid import cognitive_map
from spatialrl.rewards.parse.lists import label_pair, sequence
from spatialrl.rewards.parse.number import Number, in_metres, number
from spatialrl.rewards.parse.order import order
from spatialrl.rewards.parse.response import Response, Thing
from spatialrl.rewards.parse.scene import scene_graph
from spatialrl.rewards.parse.sentences import statements
from spatialrl.rewards.parse.statement import (
    CAMERA,
    Angle,
    Axis,
    Conclusion,
    Cosine,
    Direction,
    Displacement,
    Distance,
    Height,
    Location,
    Operand,
    Span,
    Statement,
)
from spatialrl.rewards.parse.strict import read_block, read_response
from spatialrl.rewards.parse.text import Malformed, answer_text, last_block, last_boxed, says_something

__all__ = [
    "CAMERA",
    "Angle",
    "Axis",
    "Conclusion",
    "Cosine",
    "Direction",
    "Displacement",
    "Distance",
    "Height",
    "Location",
    "Malformed",
    "Number",
    "Operand",
    "Response",
    "Span",
    "Statement",
    "Thing",
    "answer_text",
    "choice",
    "cognitive_map",
    "coordinates",
    "in_metres",
    "label_pair",
    "last_block",
    "last_boxed",
    "number",
    "order",
    "read_block",
    "read_response",
    "says_something",
    "scene_graph",
    "sequence",
    "statements",
]
