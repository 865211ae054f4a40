from dataclasses import replace

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from spatialrl.rewards.boxes import iou
from spatialrl.types import LETTERS, Box, SceneGraph, SceneObject, Task
from tests.property.examples import EXAMPLES
from tests.property.honest import NUM_FORMS, NUM_WAYS, honest_text
from tests.property.scenes import answered, boxes, guesses, scene_task, scenes, written
from tests.property.scorers import corrected, scorer, worth
from tests.property.tasks import MEASURED_TASKS, POOLS, WRITTEN_TASKS, tasks

ROUNDING = 1e-9
DIFFERENT = ("cube", "ball", "person", "lamp", "sofa")
"""Labels that have nothing in common."""
OTHER_JUDGES = ("process_3d", "judged", "point_in_mask")
"""A chain of thought that leads to a wrong answer is sounder with it; a judge has a mind of its own; the answer to a mask
is a point."""


@EXAMPLES
@given(st.data(), scenes(fewest=1), st.booleans())
def test_one_more_wrong_object_never_raises_the_reward(data: st.DataObject, truth: SceneGraph, is_right: bool):
    guess = data.draw(guesses(truth))
    assume(guess.objects)
    answer = "(A) left" if is_right else "(B) right"
    low, high = (reward(truth, scene, answer) for scene in (with_object(guess, data.draw(wrong_objects(truth))), guess))
    assert low <= high + ROUNDING


def reward(truth: SceneGraph, guess: SceneGraph, answer: str = "(A) left") -> float:
    return worth(scorer("reward=spatialthinker"), scene_task(truth), answered(guess, answer))


def with_object(scene: SceneGraph, thing: SceneObject) -> SceneGraph:
    return replace(scene, objects=(*scene.objects, thing))


@st.composite
def wrong_objects(draw: st.DrawFn, truth: SceneGraph) -> SceneObject:
    """Something that is not there, or something that is, where it is not."""
    box = draw(boxes())
    is_apart = all(float(iou(box, thing.bbox)) == 0 for thing in truth.objects)
    label = draw(st.sampled_from(truth.objects)).id.partition(".")[0] if is_apart else "unicorn"
    return SceneObject(id=f"{label}.999", bbox=box)


@EXAMPLES
@given(st.lists(boxes(), min_size=2, max_size=5, unique=True), st.integers(0, 4), st.integers(0, 3))
def test_one_more_right_object_never_lowers_the_reward(places: list[Box], num_seen: int, num_made_up: int):
    real = tuple(SceneObject(id=f"{label}.1", bbox=box) for label, box in zip(DIFFERENT, places, strict=False))
    truth = SceneGraph(objects=real, relationships=())
    made_up = tuple(SceneObject(id=f"unicorn.{i}", bbox=(i, i, 9, 9)) for i in range(num_made_up))
    seen = real[: min(num_seen, len(real) - 1)]
    fewer = SceneGraph(objects=(*seen, *made_up), relationships=())
    assert reward(truth, fewer) <= reward(truth, with_object(fewer, real[len(seen)])) + ROUNDING


@pytest.mark.parametrize("kind", POOLS)
def test_a_wrong_answer_never_beats_the_right_one(kind: str):
    judges = [each for each in corrected() if not each.name.startswith(OTHER_JUDGES)]

    @EXAMPLES
    @given(st.data(), tasks(kind), st.integers(0, NUM_FORMS - 1), st.integers(0, NUM_WAYS - 1), st.integers(0, 2**32))
    def check(data: st.DataObject, asked: Task, form: int, way: int, seed: int) -> None:
        mistaken = replace(asked, answer=data.draw(wrong_answers(asked)))
        right, wrong = (written(honest_text(each, form=form, way=way, seed=seed)) for each in (asked, mistaken))
        for each in judges:
            assert worth(each, asked, wrong) <= worth(each, asked, right) + ROUNDING, each.name

    check()


def wrong_answers(asked: Task) -> st.SearchStrategy[str]:
    if asked.answer_kind == "choice":
        return st.sampled_from([letter for letter in LETTERS[: len(asked.options)] if letter != asked.answer])
    others = [other.answer for other in (*WRITTEN_TASKS, *MEASURED_TASKS) if other.answer_kind == asked.answer_kind]
    return st.sampled_from([*others, "no idea", "7.5", "1-2", "[0, 0, 1, 1]"]).filter(
        lambda answer: answer != asked.answer
    )


@EXAMPLES
@given(st.data(), scenes())
def test_a_wrong_answer_never_beats_the_right_one_over_any_scene(data: st.DataObject, truth: SceneGraph):
    guess = data.draw(guesses(truth))
    assert reward(truth, guess, "(B) right") <= reward(truth, guess, "(A) left") + ROUNDING
