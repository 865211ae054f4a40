"""The nine categories, each with the template that asks it of a graph."""

from collections.abc import Callable, Iterator

from spatialrl.generators.scene_graph_qa.draft import Draft
from spatialrl.generators.scene_graph_qa.graph import Graph
from spatialrl.generators.scene_graph_qa.templates.counting import ask_count, ask_existence
from spatialrl.generators.scene_graph_qa.templates.picture import ask_distance, ask_location, ask_size
from spatialrl.generators.scene_graph_qa.templates.relating import ask_depth, ask_reach, ask_relation
from spatialrl.generators.scene_graph_qa.templates.turning import ask_orientation

TEMPLATES: dict[str, Callable[[Graph], Iterator[Draft]]] = {
    "relation": ask_relation,
    "reach": ask_reach,
    "existence": ask_existence,
    "depth": ask_depth,
    "distance": ask_distance,
    "size": ask_size,
    "count": ask_count,
    "orientation": ask_orientation,
    "instance_location": ask_location,
}


def drafts_of(graph: Graph, category: str) -> list[Draft]:
    """The clearest first; no two ask the same, nor its mirror."""
    drafts = {frozenset(way.question for way in draft.ways): draft for draft in TEMPLATES[category](graph)}.values()
    return sorted(drafts, key=lambda draft: -draft.clarity)
