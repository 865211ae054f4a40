"""How many there are of a kind, and whether there is any. A graph may lack what nobody annotated, so only things that
are large enough to be noticed are counted, and only kinds that nobody overlooks are said to be absent.
"""

from collections import defaultdict
from collections.abc import Iterator
from itertools import combinations

from spatialrl.dice import Dice
from spatialrl.generators.scene_graph_qa.draft import Draft, clarity
from spatialrl.generators.scene_graph_qa.graph import Graph, Thing, are_kin, overlap
from spatialrl.generators.scene_graph_qa.vocabulary import DISTINCT, is_part, is_thing, plural
from spatialrl.rewards.lexical import features

MOST_COUNTED = 9
SMALLEST = 0.003
"""Share of the picture of the smallest one that is counted."""
DOUBTFUL_OVERLAP = 0.6
"""IoU from which two of a kind may be the same one."""
NUM_WRONG = 3


def ask_count(graph: Graph) -> Iterator[Draft]:
    for name, things in of_a_kind(graph).items():
        wrong = wrong_counts(len(things), f"{name} {graph.width} {graph.height}")
        yield Draft(
            category="count",
            question=f"How many {plural(name)} are there in the picture?",
            right=str(len(things)),
            wrong=wrong,
            things=tuple(thing.id for thing in things),
            names=(plural(name),),
            clarity=clarity(1.5 / len(things), min(map(graph.share, things))),
        )


def of_a_kind(graph: Graph) -> dict[str, list[Thing]]:
    """By name, kinds of which there are several that can be counted."""
    kinds: defaultdict[str, list[Thing]] = defaultdict(list)
    for thing in graph.things:
        kinds[thing.name].append(thing)
    return {name: things for name, things in kinds.items() if _can_be_counted(graph, name, things)}


def wrong_counts(right: int, name: str) -> tuple[str, ...]:
    """Numbers around the right one, whose place among them does not tell it."""
    below = Dice("counts", name, right).below(NUM_WRONG + 1)
    first = max(0, right - below)
    return tuple(str(number) for number in range(first, first + NUM_WRONG + 1) if number != right)


def ask_existence(graph: Graph) -> Iterator[Draft]:
    present = [
        thing for thing in graph.alone if features(thing.name).head in DISTINCT and graph.share(thing) >= SMALLEST
    ]
    absent = [name for name in DISTINCT if not any(are_kin(name, thing.name) for thing in graph.things)]
    for thing in present:
        dice = Dice("existence", thing.id, *thing.box)
        yield Draft(
            category="existence",
            question="Which of these can be seen in the picture?",
            right=thing.name,
            wrong=tuple(dice.sample(absent, NUM_WRONG)),
            things=(thing.id,),
            clarity=clarity(0.5, graph.share(thing)),
        )
    if len(present) >= 2:
        shown = sorted(present, key=lambda thing: (-thing.area, thing.id))[:NUM_WRONG]
        yield Draft(
            category="existence",
            question="Which of these can not be seen in the picture?",
            right=Dice("absence", *(thing.id for thing in shown)).choice(absent),
            wrong=tuple(thing.name for thing in shown),
            things=tuple(thing.id for thing in shown),
            clarity=clarity(0.3, graph.share(shown[-1])),
        )


def _can_be_counted(graph: Graph, name: str, things: list[Thing]) -> bool:
    is_known = is_thing(name) and not is_part(name) and plural(name) != name
    if not is_known or not 2 <= len(things) <= MOST_COUNTED or min(map(graph.share, things)) < SMALLEST:
        return False
    kin = [thing for thing in graph.things if are_kin(thing.name, name)]
    is_sure = all(overlap(a.box, b.box) < DOUBTFUL_OVERLAP for a, b in combinations(things, 2))
    return len(kin) == len(things) and is_sure
