"""What the relations of a graph say: where one thing is for another, which of two is nearer, and what somebody touches. A
wrong option contradicts the graph, or the boxes rule it out. Where two things are compared, either may be asked about.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from spatialrl.generators.scene_graph_qa.draft import Draft, clarity, of_two
from spatialrl.generators.scene_graph_qa.graph import Graph, Thing
from spatialrl.generators.scene_graph_qa.vocabulary import CONTACTS, UPRIGHT, is_animate, is_part, is_thing
from spatialrl.rewards.lexical import features
from spatialrl.rewards.predicates import meaning
from spatialrl.types import Relation

PHRASES: dict[tuple[str, bool], str] = {
    ("on", False): "on top of it",
    ("above", False): "above it",
    ("above", True): "below it",
    ("in front of", False): "in front of it",
    ("in front of", True): "behind it",
}
"""By relation and direction, as `spatialrl.rewards.predicates.meaning` gives them."""
FALSE_BESIDE = {
    "on top of it": ("below it", "behind it", "in front of it"),
    "above it": ("below it", "inside it"),
    "below it": ("above it", "on top of it"),
    "in front of it": ("behind it", "on top of it", "inside it"),
    "behind it": ("in front of it", "on top of it", "inside it"),
}
"""What can't be true at the same time; first the opposite, which is the wrong option. One that is never right would be none."""
CLEAR_OF = 0.15
"""Gap between two boxes, as a share of the narrower one, from which sides are clear."""
NEARER_BY = 1.25
"""Ratio of depths from which one thing is clearly nearer."""
MAX_WRONG = 3


def ask_relation(graph: Graph) -> Iterator[Draft]:
    for relation in graph.relations:
        said = PHRASES.get(meaning(relation.predicate))
        if said and (pair := _named(graph, relation)) and _is_clear(said, *pair) and _agree(graph, relation, said):
            yield _stated(graph, relation, said, *pair)
    for first in graph.alone:
        for second in graph.alone:
            if first.id < second.id and is_thing(first.name) and is_thing(second.name):
                yield from _sides(graph, first, second)
                yield from _heights(graph, first, second)


def ask_depth(graph: Graph) -> Iterator[Draft]:
    known = [thing for thing in graph.alone if thing.depth_m is not None and is_thing(thing.name)]
    for near in known:
        for far in known:
            if near.depth_m and far.depth_m and far.depth_m >= NEARER_BY * near.depth_m:
                yield _nearer(graph, near, far, margin=far.depth_m / near.depth_m - 1, relations=())
    for relation in graph.relations:
        name, is_converse = meaning(relation.predicate)
        pair = _named(graph, relation)
        said = PHRASES.get((name, is_converse), "")
        if name != "in front of" or pair is None or None not in (pair[0].depth_m, pair[1].depth_m):
            continue
        if is_thing(pair[0].name) and is_thing(pair[1].name) and _agree(graph, relation, said):
            near, far = reversed(pair) if is_converse else pair
            yield _nearer(graph, near, far, margin=0.5, relations=(relation,))


def ask_reach(graph: Graph) -> Iterator[Draft]:
    touched = {(r.subject, r.object) for r in graph.relations if r.predicate in CONTACTS}
    for relation in graph.relations:
        pair = _named(graph, relation)
        if relation.predicate not in CONTACTS or pair is None or not is_animate(pair[0].name):
            continue
        somebody, thing = pair
        # Somebody who holds two things would make both of them right.
        others = [
            other
            for other in graph.alone
            if is_thing(other.name)
            and other.id not in (somebody.id, thing.id)
            and (somebody.id, other.id) not in touched
            and _are_apart(somebody, other)
        ]
        if others:
            wrong = tuple(other.name for other in sorted(others, key=lambda other: -other.area)[:MAX_WRONG])
            yield Draft(
                category="reach",
                question=f"What is the {somebody.name} {CONTACTS[relation.predicate]}?",
                right=thing.name,
                wrong=wrong,
                things=(somebody.id, thing.id),
                relations=(relation,),
                names=(somebody.name,),
                clarity=clarity(0.5, graph.share(thing)),
            )


def _named(graph: Graph, relation: Relation) -> tuple[Thing, Thing] | None:
    """Subject and object, where both can be named without doubt and neither is a part."""
    if not {relation.subject, relation.object} <= graph.alone_ids:
        return None
    pair = graph.by_id[relation.subject], graph.by_id[relation.object]
    return None if is_part(pair[0].name) or is_part(pair[1].name) else pair


def _is_clear(said: str, subject: Thing, thing: Thing) -> bool:
    hangs = said == "on top of it" and features(thing.name).head in UPRIGHT
    return is_thing(subject.name) and not hangs


def _agree(graph: Graph, relation: Relation, said: str) -> bool:
    """Nothing else the graph says of the two makes the wrong option true, or the right one doubtful."""
    false = set(FALSE_BESIDE[said])
    for other in graph.between(relation.subject, relation.object):
        name, is_converse = meaning(other.predicate)
        turned = is_converse != (other.subject != relation.subject)
        if name == "inside" or PHRASES.get((name, turned), "") in false:
            return False
    return True


def _stated(graph: Graph, relation: Relation, said: str, subject: Thing, thing: Thing) -> Draft:
    opposite = FALSE_BESIDE[said][0]
    draft = Draft(
        category="relation",
        form=" or ".join(sorted((said, opposite))),
        question=f"Where is the {subject.name} in relation to the {thing.name}?",
        right=said,
        wrong=(opposite,),
        things=(subject.id, thing.id),
        relations=(relation,),
        names=(subject.name, thing.name),
        clarity=clarity(0.6, min(graph.share(subject), graph.share(thing))),
    )
    question = f"Where is the {thing.name} in relation to the {subject.name}?"
    turned = replace(draft, question=question, right=opposite, wrong=(said,), things=(thing.id, subject.id))
    return replace(draft, mirrored=turned) if is_thing(thing.name) else draft


def _sides(graph: Graph, first: Thing, second: Thing) -> Iterator[Draft]:
    left, right = sorted((first, second), key=lambda thing: thing.box[0])
    margin = (right.box[0] - left.box[2]) / min(left.width, right.width)
    if margin >= CLEAR_OF:
        question = "As you see the picture, is the {} to the left or to the right of the {}?"
        yield _both_ways(graph, "sides", question, {"left": "left of", "right": "right of"}, left, right, margin)


def _heights(graph: Graph, first: Thing, second: Thing) -> Iterator[Draft]:
    upper, lower = sorted((first, second), key=lambda thing: thing.box[1])
    margin = (lower.box[1] - upper.box[3]) / min(upper.height, lower.height)
    if margin >= CLEAR_OF:
        question = "Is the {} higher up or lower down in the picture than the {}?"
        yield _both_ways(graph, "heights", question, {"higher": "above", "lower": "below"}, upper, lower, margin)


def _both_ways(
    graph: Graph, form: str, question: str, words: Mapping[str, str], one: Thing, other: Thing, margin: float
) -> Draft:
    """`words` are what holds of the one towards the other, and of the other towards the one, each with its predicate."""
    ways = [
        Draft(
            category="relation",
            form=form,
            question=question.format(subject.name, thing.name),
            right=right,
            wrong=tuple(word for word in words if word != right),
            things=(subject.id, thing.id),
            relations=(Relation(subject=subject.id, predicate=words[right], object=thing.id),),
            names=(subject.name, thing.name),
            clarity=clarity(margin, min(graph.share(one), graph.share(other))),
        )
        for right, (subject, thing) in zip(words, ((one, other), (other, one)), strict=True)
    ]
    return replace(ways[0], mirrored=ways[1])


def _nearer(graph: Graph, near: Thing, far: Thing, *, margin: float, relations: tuple[Relation, ...]) -> Draft:
    draft = Draft(
        category="depth",
        question="",
        right=near.name,
        wrong=(far.name,),
        things=(near.id, far.id),
        relations=relations,
        clarity=clarity(margin, min(graph.share(near), graph.share(far))),
    )
    first, second = sorted((near.name, far.name))
    return of_two(draft, "Which is closer to the camera, the {} or the {}?", (first, second))


def _are_apart(a: Thing, b: Thing) -> bool:
    """Their boxes do not meet."""
    return a.box[2] < b.box[0] or b.box[2] < a.box[0] or a.box[3] < b.box[1] or b.box[3] < a.box[1]
