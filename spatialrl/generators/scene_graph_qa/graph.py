"""A scene graph with what questions want to know of it: what can be named without doubt, and where it is."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from spatialrl.rewards.lexical import features
from spatialrl.types import Box, Relation, SceneGraph, SceneObject


@dataclass(frozen=True, slots=True, kw_only=True)
class Thing:
    id: str
    """`category.number`."""
    name: str
    box: Box
    """Pixels of the file."""
    depth_m: float | None = None
    """From the camera, where the source knows it."""

    @property
    def width(self) -> float:
        return self.box[2] - self.box[0]

    @property
    def height(self) -> float:
        return self.box[3] - self.box[1]

    @property
    def area(self) -> float:
        return self.width * self.height

    @property
    def centre(self) -> tuple[float, float]:
        return (self.box[0] + self.box[2]) / 2, (self.box[1] + self.box[3]) / 2


@dataclass(frozen=True, kw_only=True)
class Graph:
    width: int
    height: int
    things: tuple[Thing, ...]
    relations: tuple[Relation, ...]
    """By ids of things."""

    @cached_property
    def by_id(self) -> Mapping[str, Thing]:
        return {thing.id: thing for thing in self.things}

    @cached_property
    def alone(self) -> tuple[Thing, ...]:
        """Those that `the NAME` can mean nothing but."""
        return tuple(
            thing for thing in self.things if sum(are_kin(thing.name, other.name) for other in self.things) == 1
        )

    @cached_property
    def alone_ids(self) -> frozenset[str]:
        return frozenset(thing.id for thing in self.alone)

    def share(self, thing: Thing) -> float:
        """Of the picture's area."""
        return thing.area / (self.width * self.height)

    def between(self, a: str, b: str) -> Iterator[Relation]:
        """Either way round."""
        return (r for r in self.relations if {r.subject, r.object} == {a, b})

    def scene(self, ids: list[str], relations: list[Relation]) -> SceneGraph:
        """What of it a question turns on."""
        objects = tuple(SceneObject(id=name, bbox=self.by_id[name].box) for name in dict.fromkeys(ids))
        return SceneGraph(objects=objects, relationships=tuple(dict.fromkeys(relations)))


def are_kin(a: str, b: str) -> bool:
    """Whether one name might be taken for the other: the same noun, a synonym, or the name of its class."""
    first, second = features(a), features(b)
    return first.head == second.head or first.head == second.noun_class or first.noun_class == second.head


def graph_to_record(graph: Graph) -> dict[str, Any]:
    return {
        "size": [graph.width, graph.height],
        "things": [[t.id, t.name, list(t.box), t.depth_m] for t in graph.things],
        "relations": [[r.subject, r.predicate, r.object] for r in graph.relations],
    }


def graph_of_record(record: Mapping[str, Any]) -> Graph:
    width, height = record["size"]
    return Graph(
        width=width,
        height=height,
        things=tuple(Thing(id=i, name=n, box=tuple(b), depth_m=d) for i, n, b, d in record["things"]),
        relations=tuple(Relation(subject=s, predicate=p, object=o) for s, p, o in record["relations"]),
    )


def gap(a: Box, b: Box) -> float:
    """Pixels between two boxes; 0 where they meet."""
    across = max(0.0, max(a[0], b[0]) - min(a[2], b[2]))
    down = max(0.0, max(a[1], b[1]) - min(a[3], b[3]))
    return (across**2 + down**2) ** 0.5


def overlap(a: Box, b: Box) -> float:
    """Intersection over union."""
    width = max(0.0, min(a[2], b[2]) - max(a[0], b[0]))
    height = max(0.0, min(a[3], b[3]) - max(a[1], b[1]))
    union = (a[2] - a[0]) * (a[3] - a[1]) + (b[2] - b[0]) * (b[3] - b[1]) - width * height
    return width * height / union if union > 0 else 0.0
