"""What boxes alone say about the picture, and said so: how near things are to each other in it, how much of it they take
up, and where in it they are. Nothing here claims to know the third dimension.
"""

from collections.abc import Iterator
from dataclasses import replace
from math import hypot

from spatialrl.dice import Dice
from spatialrl.generators.scene_graph_qa.draft import Draft, clarity, of_two
from spatialrl.generators.scene_graph_qa.graph import Graph, Thing, gap
from spatialrl.generators.scene_graph_qa.vocabulary import is_thing

ROWS = ("upper", "middle", "lower")
COLUMNS = ("left", "centre", "right")
CELL_MARGIN = 0.05
"""Of the picture's side: what is nearer to the border between two cells is not asked about."""
LARGEST_LOCATED = 0.25
"""Share of the picture above which a thing is everywhere."""
SMALLEST = 0.005
FARTHER_BY = 0.08
"""Of the diagonal: how much farther the next one is than the nearest; it is at least twice as far too."""
LARGER_BY = 1.8
MAX_OPTIONS = 4


def ask_distance(graph: Graph) -> Iterator[Draft]:
    things = _things(graph)
    diagonal = hypot(graph.width, graph.height)
    for anchor in things:
        others = sorted(
            (gap(anchor.box, other.box) / diagonal, other.name, other) for other in things if other != anchor
        )
        if len(others) < 2:
            continue
        (nearest, _, right), (next_one, _, _) = others[:2]
        if next_one - nearest >= FARTHER_BY and next_one >= 2 * nearest:
            asked = [right, *(other for _, _, other in others[1:MAX_OPTIONS])]
            yield Draft(
                category="distance",
                question=f"Measured in the picture, which of these is nearest to the {anchor.name}?",
                right=right.name,
                wrong=tuple(other.name for other in asked[1:]),
                things=(anchor.id, *(other.id for other in asked)),
                names=(anchor.name,),
                clarity=clarity((next_one - nearest) / 0.3, min(map(graph.share, [anchor, *asked]))),
            )


def ask_size(graph: Graph) -> Iterator[Draft]:
    things = sorted(_things(graph), key=lambda thing: (-thing.area, thing.id))
    for first in range(len(things) - 1):
        right, rest = things[first], things[first + 1 : first + MAX_OPTIONS]
        ratio = right.area / rest[0].area
        if ratio >= LARGER_BY:
            draft = Draft(
                category="size",
                form="of several",
                question="Which of these takes up the most room in the picture?",
                right=right.name,
                wrong=tuple(thing.name for thing in rest),
                things=(right.id, *(thing.id for thing in rest)),
                clarity=clarity((ratio - 1) / 4, graph.share(rest[-1])),
            )
            yield (
                draft
                if len(rest) > 1
                else of_two(
                    replace(draft, form="of two"),
                    "Which takes up more room in the picture, the {} or the {}?",
                    (right.name, rest[0].name),
                )
            )


def ask_location(graph: Graph) -> Iterator[Draft]:
    for thing in _things(graph):
        if graph.share(thing) > LARGEST_LOCATED:
            continue
        across, down = thing.centre[0] / graph.width, thing.centre[1] / graph.height
        margin = min(abs(value - border) for value in (across, down) for border in (1 / 3, 2 / 3))
        if margin >= CELL_MARGIN:
            right = cell_name(across, down)
            others = [f"{row} {column}" for row in ROWS for column in COLUMNS if f"{row} {column}" != right]
            yield Draft(
                category="instance_location",
                question=f"In which part of the picture is the {thing.name}?",
                right=right,
                wrong=tuple(Dice("cells", thing.id, right).sample(others, MAX_OPTIONS - 1)),
                things=(thing.id,),
                names=(thing.name,),
                clarity=clarity(margin / (1 / 6), graph.share(thing)),
            )


def cell_name(across: float, down: float) -> str:
    """Of nine equal parts, by shares of the sides: (0.1, 0.9) is lower left."""
    return f"{ROWS[min(2, int(down * 3))]} {COLUMNS[min(2, int(across * 3))]}"


def _things(graph: Graph) -> list[Thing]:
    return [thing for thing in graph.alone if is_thing(thing.name) and graph.share(thing) >= SMALLEST]
