"""A scene is a set: the order of its objects and relations and the numbers in its names are the writer's choice."""

from collections.abc import Sequence
from dataclasses import replace
from typing import TypeVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spatialrl.types import Relation, SceneGraph, SceneObject
from tests.property.examples import EXAMPLES
from tests.property.scenes import answered, guesses, scene_task, scenes
from tests.property.scorers import scorer, worth

ROUNDING = 1e-9
JUDGES = ("scene_boxes", "scene_count", "scene_format", "scene_relations", "reward=spatialthinker")
Member = TypeVar("Member", SceneObject, Relation)


@EXAMPLES
@given(st.data(), scenes(fewest=1))
def test_order_and_numbers_change_nothing(data: st.DataObject, truth: SceneGraph):
    guess = data.draw(guesses(truth))
    again, true_again = data.draw(retold(guess)), data.draw(retold(truth))
    for name in JUDGES:
        expected = pytest.approx(worth(scorer(name), scene_task(truth), answered(guess)), abs=ROUNDING)
        assert worth(scorer(name), scene_task(true_again), answered(again)) == expected, name


@st.composite
def retold(draw: st.DrawFn, scene: SceneGraph) -> SceneGraph:
    """The same objects and relations in another order, under other numbers."""
    numbers = draw(st.permutations(range(1, 1 + len(scene.objects))))
    names = {
        thing.id: f"{thing.id.partition('.')[0]}.{number}" for thing, number in zip(scene.objects, numbers, strict=True)
    }
    objects = [replace(thing, id=names[thing.id]) for thing in scene.objects]
    said = [
        replace(each, subject=names.get(each.subject, each.subject), object=names.get(each.object, each.object))
        for each in scene.relationships
    ]
    return SceneGraph(objects=shuffled(draw, objects), relationships=shuffled(draw, said))


def shuffled(draw: st.DrawFn, members: Sequence[Member]) -> tuple[Member, ...]:
    return tuple(draw(st.permutations(list(members))))


TWINS = [SceneObject(id=f"cup.{number}", bbox=(40.0, 40.0, 120.0, 120.0)) for number in (1, 2)]
BALL = SceneObject(id="ball.1", bbox=(400.0, 40.0, 480.0, 120.0))


@pytest.mark.parametrize("spoken_of", ["cup.1", "cup.2"])
@pytest.mark.parametrize("objects", [(*TWINS, BALL), (*reversed(TWINS), BALL)])
def test_two_things_that_look_the_same_are_one_to_speak_of(spoken_of: str, objects: Sequence[SceneObject]):
    said = Relation(subject="cup.1", predicate="left of", object="ball.1")
    truth = SceneGraph(objects=(*TWINS, BALL), relationships=(said,))
    guess = SceneGraph(objects=tuple(objects), relationships=(replace(said, subject=spoken_of),))
    assert worth(scorer("scene_relations"), scene_task(truth), answered(guess)) == 1
