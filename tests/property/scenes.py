"""Small scenes on a coarse grid, where boxes touch, repeat and tie more often than in any room."""

from collections.abc import Sequence
from dataclasses import replace

from hypothesis import strategies as st

from spatialrl.types import Box, Completion, Media, Relation, SceneGraph, SceneObject, Task
from tests.property.honest import scene_text

WIDTH, HEIGHT, STEP = 640, 480, 40
LABELS = ("red_cube", "blue_cube", "cube", "ball", "person", "woman")
PREDICATES = (
    "left of",
    "right of",
    "above",
    "below",
    "on",
    "in front of",
    "behind",
    "near",
    "far from",
    "inside",
    "touching",
    "riding",
)
IMAGE = Media(kind="image", path="room.png", width=WIDTH, height=HEIGHT)


@st.composite
def boxes(draw: st.DrawFn) -> Box:
    columns = draw(st.lists(st.integers(0, WIDTH // STEP), min_size=2, max_size=2, unique=True).map(sorted))
    rows = draw(st.lists(st.integers(0, HEIGHT // STEP), min_size=2, max_size=2, unique=True).map(sorted))
    return float(columns[0] * STEP), float(rows[0] * STEP), float(columns[1] * STEP), float(rows[1] * STEP)


@st.composite
def scenes(draw: st.DrawFn, *, fewest: int = 0, labels: Sequence[str] = LABELS) -> SceneGraph:
    objects = tuple(
        SceneObject(id=f"{draw(st.sampled_from(labels))}.{number}", bbox=draw(boxes()))
        for number in range(1, 1 + draw(st.integers(fewest, 5)))
    )
    return SceneGraph(objects=objects, relationships=tuple(draw(relations(objects))) if objects else ())


def relations(objects: Sequence[SceneObject]) -> st.SearchStrategy[list[Relation]]:
    names = st.sampled_from([thing.id for thing in objects])
    return st.lists(st.builds(Relation, subject=names, predicate=st.sampled_from(PREDICATES), object=names), max_size=5)


@st.composite
def guesses(draw: st.DrawFn, truth: SceneGraph) -> SceneGraph:
    """Some of the true objects, exact, moved or repeated, among others; some of the true relations among others."""
    seen = [replace(draw(moved(thing)), id=f"{thing.id}{copy}") for thing in truth.objects for copy in draw(COPIES)]
    others = draw(scenes())
    objects = (*seen, *(replace(thing, id=f"{thing.id}3") for thing in others.objects))
    said = [_about_copies(draw, each, seen) for each in truth.relationships if draw(st.booleans())]
    made_up = draw(relations(objects)) if objects else []
    return SceneGraph(objects=objects, relationships=(*said, *made_up))


COPIES = st.sampled_from(((), (1,), (1,), (1,), (1, 2)))


def _about_copies(draw: st.DrawFn, relation: Relation, seen: Sequence[SceneObject]) -> Relation:
    def copy(name: str) -> str:
        return draw(st.sampled_from([thing.id for thing in seen if thing.id[:-1] == name] or [f"{name}1"]))

    return replace(relation, subject=copy(relation.subject), object=copy(relation.object))


@st.composite
def moved(draw: st.DrawFn, thing: SceneObject) -> SceneObject:
    shift = draw(st.sampled_from((0, 0, STEP, -STEP, STEP / 2)))
    x1, y1, x2, y2 = thing.bbox
    return replace(thing, bbox=(x1 + shift, y1, x2 + shift, y2))


def scene_task(truth: SceneGraph) -> Task:
    return Task(
        id="t1",
        question="Where is it?",
        media=(IMAGE,),
        options=("left", "right"),
        answer="A",
        answer_kind="choice",
        scene=truth,
    )


def answered(scene: SceneGraph, answer: str = "(A) left") -> Completion:
    return written(scene_text(scene, answer))


def said(answer: str) -> Completion:
    return written(f"<think>so</think><answer>{answer}</answer>")


def written(text: str, num_tokens: int = 0) -> Completion:
    return Completion(prompt_ids=(), token_ids=tuple(range(num_tokens)), text=text)
