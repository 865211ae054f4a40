"""Which relations hold between two things, seen from the camera. A pair too close to call has no relation.

| relation | holds where |
|---|---|
| left of, right of | the middles of the boxes are more than 10 % of the image's width apart, and the boxes share less than 30 % of the narrower one's width |
| in front of, behind | the centres are more than 0.3 m apart in depth |
| above, below | the lowest point of one is higher than the highest of the other, and the middles of the boxes are more than 10 % of the image's height apart; or below: what one stands on |
| on, inside | one stands on, or lies in, the other; no other relation then holds but the other's `below` |
| near | the blocks around them are less than 0.4 m apart |
"""

import math

from spatialrl.scenes.catalogue import KINDS
from spatialrl.scenes.geometry import distance
from spatialrl.scenes.truth import Sighting
from spatialrl.scenes.world import Thing

SIDE_MARGIN = 0.1
SIDE_OVERLAP = 0.3
DEPTH_MARGIN_M = 0.3
HEIGHT_MARGIN = 0.1
NEAR_M = 0.4

OPPOSITE = {
    "left of": "right of",
    "right of": "left of",
    "in front of": "behind",
    "behind": "in front of",
    "above": "below",
    "below": "above",
}


def relations(subject: Sighting, other: Sighting) -> tuple[str, ...]:
    """Every predicate that holds of the subject towards the other."""
    held = holding(subject.thing, other.thing)
    if held:
        return held
    found = (
        side_relation(subject, other),
        depth_relation(subject, other),
        height_relation(subject, other),
        "near" if gap(subject.thing, other.thing) < NEAR_M else "",
    )
    return tuple(predicate for predicate in found if predicate)


def holding(subject: Thing, other: Thing) -> tuple[str, ...]:
    """`on` or `inside`, or what the holder is towards the held thing; empty where neither holds the other."""
    if subject.holder == other.id:
        return (KINDS[other.category].holds,)
    if other.holder == subject.id:
        return ("below",) if KINDS[subject.category].holds == "on" else ("near",)
    return ()


def side_relation(subject: Sighting, other: Sighting) -> str:
    a, b = subject.box, other.box
    apart = (a[0] + a[2] - b[0] - b[2]) / 2
    shared = min(a[2], b[2]) - max(a[0], b[0])
    narrower = min(a[2] - a[0], b[2] - b[0])
    if abs(apart) <= SIDE_MARGIN * subject.image_width or shared >= SIDE_OVERLAP * narrower:
        return ""
    return "left of" if apart < 0 else "right of"


def depth_relation(subject: Sighting, other: Sighting) -> str:
    if abs(subject.depth - other.depth) <= DEPTH_MARGIN_M:
        return ""
    return "in front of" if subject.depth < other.depth else "behind"


def height_relation(subject: Sighting, other: Sighting) -> str:
    """Image height is taken to be image width: images are square."""
    lower = (subject.box[1] + subject.box[3] - other.box[1] - other.box[3]) / 2
    if abs(lower) <= HEIGHT_MARGIN * subject.image_width:
        return ""
    if _bottom(subject.thing) > _top(other.thing) and lower < 0:
        return "above"
    return "below" if _bottom(other.thing) > _top(subject.thing) and lower > 0 else ""


def gap(first: Thing, second: Thing) -> float:
    """Metres between the closest points of the blocks around two things."""
    across = distance(first.footprint, second.footprint)
    up = max(_bottom(first) - _top(second), _bottom(second) - _top(first), 0.0)
    return math.sqrt(across * across + up * up)


def _bottom(thing: Thing) -> float:
    return thing.position[2]


def _top(thing: Thing) -> float:
    return thing.position[2] + thing.size[2]
