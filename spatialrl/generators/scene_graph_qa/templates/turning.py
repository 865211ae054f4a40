"""Which way things are turned: how somebody's body is placed, what they look at, and whether a thing lies or stands."""

from collections import defaultdict
from collections.abc import Iterator

from spatialrl.dice import Dice
from spatialrl.generators.scene_graph_qa.draft import Draft, clarity
from spatialrl.generators.scene_graph_qa.graph import Graph, Thing
from spatialrl.generators.scene_graph_qa.vocabulary import GAZES, POSTURES, is_animate, is_thing
from spatialrl.types import Relation

LONGER_BY = 1.8
SMALLEST = 0.01
MAX_WRONG = 3


def ask_orientation(graph: Graph) -> Iterator[Draft]:
    yield from _postures(graph)
    yield from _gazes(graph)
    yield from _extents(graph)


def _postures(graph: Graph) -> Iterator[Draft]:
    claims: defaultdict[str, list[tuple[str, Relation]]] = defaultdict(list)
    for relation in graph.relations:
        posture = POSTURES.get(relation.predicate.split()[0])
        if posture and relation.subject in graph.alone_ids and is_animate(graph.by_id[relation.subject].name):
            claims[relation.subject].append((posture, relation))
    for name, said in claims.items():
        if len({posture for posture, _ in said}) == 1:
            posture, somebody = said[0][0], graph.by_id[name]
            others = [other for other in dict.fromkeys(POSTURES.values()) if other != posture]
            yield Draft(
                category="orientation",
                form="posture",
                question=f"Which of these describes the body of the {somebody.name}?",
                right=posture,
                wrong=tuple(Dice("postures", name, *somebody.box).sample(others, MAX_WRONG)),
                things=(name, *dict.fromkeys(relation.object for _, relation in said)),
                relations=tuple(relation for _, relation in said),
                names=(somebody.name,),
                clarity=clarity(0.6, graph.share(somebody)),
            )


def _gazes(graph: Graph) -> Iterator[Draft]:
    looked_at = {(r.subject, r.object) for r in graph.relations if r.predicate in GAZES}
    for relation in graph.relations:
        if relation.predicate not in GAZES or not {relation.subject, relation.object} <= graph.alone_ids:
            continue
        somebody, thing = graph.by_id[relation.subject], graph.by_id[relation.object]
        others = [
            other
            for other in graph.alone
            if is_thing(other.name) and other not in (somebody, thing) and (somebody.id, other.id) not in looked_at
        ]
        if others and is_animate(somebody.name) and _is_one_way(looked_at, somebody):
            yield Draft(
                category="orientation",
                form="gaze",
                question=f"What is the {somebody.name} facing?",
                right=thing.name,
                wrong=tuple(other.name for other in sorted(others, key=lambda other: -other.area)[:MAX_WRONG]),
                things=(somebody.id, thing.id),
                relations=(relation,),
                names=(somebody.name,),
                clarity=clarity(0.3, graph.share(somebody)),
            )


def _is_one_way(looked_at: set[tuple[str, str]], somebody: Thing) -> bool:
    return sum(subject == somebody.id for subject, _ in looked_at) == 1


def _extents(graph: Graph) -> Iterator[Draft]:
    for thing in graph.alone:
        ratio = max(thing.width / thing.height, thing.height / thing.width)
        if (
            is_thing(thing.name)
            and not is_animate(thing.name)
            and ratio >= LONGER_BY
            and graph.share(thing) >= SMALLEST
        ):
            ways = ("from side to side", "up and down")
            right, wrong = ways if thing.width > thing.height else ways[::-1]
            yield Draft(
                category="orientation",
                form="extent",
                question=f"In the picture, does the {thing.name} extend more from side to side or up and down?",
                right=right,
                wrong=(wrong,),
                things=(thing.id,),
                names=(thing.name,),
                clarity=clarity((ratio - 1) / 3, graph.share(thing)),
            )
