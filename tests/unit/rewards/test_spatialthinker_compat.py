"""Vectors measured on the original reward; they hold for any similarity that is 1 for equal labels only."""

import json
import math
import random
from dataclasses import replace

import numpy as np
import pytest

from spatialrl.errors import ConfigError, DataError
from spatialrl.rewards.labels import SIMILARITIES
from spatialrl.rewards.spatialthinker_compat import spatialthinker_compat, spatialthinker_compat_batch
from spatialrl.types import Completion, Media, Relation, SceneGraph, SceneObject, Scored, Task, Unscored

MAN = ("man.1", [10, 20, 110, 220])
BIKE = ("bike.1", [50, 100, 300, 400])
BALL = ("ball.1", [10, 10, 20, 20])
BEHIND = ("man.1", "behind", "bike.1")
IMAGE = Media(kind="image", path="image.png", width=640, height=480)


def task(objects=(MAN, BIKE), relations=(BEHIND,), **changes):
    things = tuple(SceneObject(id=name, bbox=tuple(box)) for name, box in objects)
    graph = SceneGraph(
        objects=things, relationships=tuple(Relation(subject=s, predicate=p, object=o) for s, p, o in relations)
    )
    fields = {"options": ("left", "right"), "answer": "A", "answer_kind": "choice", "scene": graph, "media": (IMAGE,)}
    return Task(id="t1", question="Where is the man?", **(fields | changes))


MAN_AND_BIKE = task()


def scene_text(objects=(MAN, BIKE), relations=(BEHIND,)):
    return json.dumps(
        {
            "objects": [{"id": name, "bbox": box} for name, box in objects],
            "relationships": [{"subject": s, "predicate": p, "object": o} for s, p, o in relations],
        }
    )


def response(scene=None, answer="(A) left"):
    scene = scene_text() if scene is None else scene
    return f"<observe>o</observe>\n<scene>\n{scene}\n</scene>\n<think>t</think>\n<answer>{answer}</answer>"


def completion(text):
    return Completion(prompt_ids=(), token_ids=(), text=text)


def score(text, task=MAN_AND_BIKE, **args):
    return spatialthinker_compat(task, completion(text), **args)


def reward(text, task=MAN_AND_BIKE):
    result = score(text, task)
    assert isinstance(result, Scored)
    return result.reward


def parts(text, task=MAN_AND_BIKE):
    result = score(text, task)
    assert isinstance(result, Scored)
    return result.parts


def many(count, name="thing"):
    return [(f"{name}.{i}", [i, i, i + 10, i + 10]) for i in range(count)]


def test_a_perfect_response_earns_all_four_parts():
    assert reward(response()) == pytest.approx(0.9999999, abs=1e-8)
    assert parts(response()) == pytest.approx({"format": 1, "count": 1, "accuracy": 1, "spatial_score": 1}, abs=1e-6)


@pytest.mark.parametrize(
    ("predicted_objects", "true_objects", "predicted_relations", "true_relations", "expected"),
    [
        (2, 2, 1, 1, 1.0),
        (3, 2, 1, 1, 0.65),
        (4, 2, 1, 1, 0.30),
        (5, 2, 0, 1, 0.0),
        (1, 0, 0, 0, 0.0),
        (0, 0, 0, 0, 1.0),
        (2, 3, 2, 0, 2 / 3),
        (10, 4, 3, 2, 0.15),
        (2, 2, 5, 1, 0.7),
    ],
)
def test_count_compares_numbers_of_objects_and_relations(
    predicted_objects, true_objects, predicted_relations, true_relations, expected
):
    scene = scene_text(many(predicted_objects), [BEHIND] * predicted_relations)
    truth = task(many(true_objects), [BEHIND] * true_relations)
    assert parts(response(scene), truth)["count"] == pytest.approx(expected)


@pytest.mark.parametrize("answer", ["A", "(A)", "(A) left.", "A) left", "left", "(B) right", ""])
def test_an_answer_that_is_not_letter_and_text_is_wrong(answer):
    assert parts(response(answer=answer))["accuracy"] == 0


@pytest.mark.parametrize("answer", ["(A) left", " (a) LEFT \n"])
def test_case_and_outer_blanks_of_an_answer_do_not_count(answer):
    assert parts(response(answer=answer))["accuracy"] == 1


def test_an_answer_without_options_is_compared_as_it_is():
    counting = task(answer="3", answer_kind="number", options=())
    assert parts(response(answer="3"), counting)["accuracy"] == 1
    assert parts(response(answer="(3)"), counting)["accuracy"] == 0


FULL = [0, 0, 640, 480]
CASES = {
    "no objects, right answer": (response(scene_text([], [])), 0.6),
    "a scene with other keys": (response('{"a": 1}'), 0.6),
    "all boxes the full image": (response(scene_text([("man.1", FULL), ("bike.1", FULL)])), 0.908),
    "boxes reversed in x": (
        response(scene_text([("man.1", [110, 20, 10, 220]), ("bike.1", [300, 100, 50, 400])])),
        0.890,
    ),
    "boxes far outside": (
        response(scene_text([("man.1", [9000] * 2 + [9001] * 2), ("bike.1", [9000] * 2 + [9001] * 2)])),
        0.802,
    ),
    "four spurious objects": (response(scene_text([MAN, BIKE, *many(4, "spurious")])), 0.860),
    "relations left out": (response(scene_text(relations=[])), 0.940),
    "a garbage relation": (response(scene_text(relations=[("zzz.9", "", "qqq.8")])), 1.0),
    "answer first, junk last": (
        "<answer>(A) left</answer>" + response().replace("<answer>(A) left</answer>", "junk"),
        1.0,
    ),
    "a fenced scene": (response(f"```json\n{scene_text()}\n```"), 0.0),
    "a tag named while thinking": (response().replace("<think>t", "<think>I will write <answer>"), 0.0),
    "wrong answer": (response(answer="(B) right"), 0.3),
    "one bad id": (response(scene_text([MAN, ("bike-1", [50, 100, 300, 400])])), 0.0),
    "empty text": ("", 0.0),
}


@pytest.mark.parametrize(("text", "expected"), CASES.values(), ids=CASES.keys())
def test_the_numbers_of_the_original(text, expected):
    assert reward(text) == pytest.approx(expected, abs=6e-4)


def test_a_bad_format_earns_nothing_in_any_part():
    assert parts("(A) left") == {"format": 0, "count": 0, "accuracy": 0, "spatial_score": 0}


def test_a_wrong_answer_earns_no_spatial_part():
    assert parts(response(answer="(B) right")) == {"format": 1, "count": 1, "accuracy": 0, "spatial_score": 0}


def test_an_empty_truth_rewards_an_empty_scene_only():
    empty = task([], [])
    assert reward(response(scene_text([], [])), empty) == pytest.approx(1.0)
    assert reward(response(scene_text([BALL], [])), empty) == pytest.approx(0.6)
    assert parts(response('{"a": 1}'), empty) == {"format": 1, "count": 0, "accuracy": 1, "spatial_score": 1}


def test_without_a_true_scene_the_count_is_zero():
    blind = task(scene=None)
    assert parts(response(scene_text([], [])), blind) == {"format": 1, "count": 0, "accuracy": 1, "spatial_score": 1}
    assert parts(response(scene_text([BALL], [])), blind) == {
        "format": 1,
        "count": 0,
        "accuracy": 1,
        "spatial_score": 0,
    }


def test_true_relations_without_true_objects_give_the_spatial_part_away():
    assert parts(response(scene_text([BALL], [])), task([], [BEHIND]))["spatial_score"] == 1


def test_a_box_reversed_on_both_axes_costs_without_bound():
    text = response(scene_text([("ball.1", [640, 480, 5, 5])], []))
    assert parts(text, task([BALL], []))["spatial_score"] == pytest.approx(-335.27, abs=0.01)
    assert reward(text, task([BALL], [])) == pytest.approx(-66.254, abs=1e-3)


def test_labels_steer_the_matching_and_nothing_else():
    swapped = scene_text([("bike.1", MAN[1]), ("man.1", BIKE[1])])
    renamed = scene_text([("cat.1", MAN[1]), ("dog.1", BIKE[1])])
    assert parts(response(swapped))["spatial_score"] < 0.7
    assert parts(response(renamed))["spatial_score"] == pytest.approx(1.0, abs=1e-6)


def test_an_object_nobody_predicted_counts_zero():
    assert parts(response(scene_text([MAN])))["spatial_score"] == pytest.approx(0.5, abs=1e-6)


def test_boxes_in_thousandths_are_measured_in_thousandths():
    truth = SceneGraph(
        objects=(SceneObject(id="man.1", bbox=(100, 100, 300, 200)),), relationships=(), frame="thousandths"
    )
    text = response(scene_text([("man.1", [100, 100, 200, 300])], []))
    assert parts(text, task(scene=truth))["spatial_score"] == pytest.approx(0.618540357)


@pytest.mark.parametrize("stub", [0.0, 0.3])
def test_the_numbers_of_the_original_hold_for_other_similarities(monkeypatch, stub):
    table = lambda a, b: np.array([[1.0 if x == y else stub for y in b] for x in a])  # noqa: E731
    monkeypatch.setitem(SIMILARITIES, "stub", lambda model: table)
    for text, expected in CASES.values():
        result = score(text, similarity="stub")
        assert isinstance(result, Scored)
        assert result.reward == pytest.approx(expected, abs=6e-4)


BROKEN_BOXES = {
    "NaN": [math.nan, 0, 1, 1],
    "infinity": [0, 0, math.inf, 1],
    "reversed infinity": [math.inf, 0, 1, 1],
    "integer beyond floats": [10**400, 0, 1, 1],
    "area beyond floats": [0, 0, 1e200, 1e200],
}


@pytest.mark.parametrize("box", BROKEN_BOXES.values(), ids=BROKEN_BOXES.keys())
def test_where_numbers_crash_the_original_a_right_answer_is_unscored(box):
    result = score(response(scene_text([("man.1", box), BIKE])))
    assert isinstance(result, Unscored)
    assert "predicted box" in result.reason


@pytest.mark.parametrize("box", BROKEN_BOXES.values(), ids=BROKEN_BOXES.keys())
def test_boxes_of_a_wrong_answer_are_not_looked_at(box):
    assert reward(response(scene_text([("man.1", box), BIKE]), answer="(B) right")) == pytest.approx(0.3)


@pytest.mark.parametrize("media", [(), (Media(kind="image", path="image.png", width=0, height=480),)])
def test_without_an_image_size_nothing_is_scored(media):
    for text in (response(), ""):
        assert isinstance(score(text, task(media=media)), Unscored)


@pytest.mark.parametrize("answer", ["C", "", "AB", "left"])
def test_a_choice_whose_letter_has_no_option_is_a_mistake_in_the_data(answer):
    with pytest.raises(DataError, match="t1"):
        score(response(), task(answer=answer))


def test_an_unknown_similarity_is_named_with_the_choices():
    with pytest.raises(ConfigError, match=r"'spicy'.*exact"):
        score(response(), similarity="spicy")


def test_any_boxes_give_a_finite_score_or_a_reason():
    rng = random.Random(0)
    for _ in range(500):
        boxes = [[rng.choice((-1, 1)) * 10 ** rng.uniform(-9, 308) for _ in range(4)] for _ in range(rng.randint(1, 4))]
        result = score(response(scene_text([(f"man.{i}", box) for i, box in enumerate(boxes)])))
        assert isinstance(result, Unscored) or math.isfinite(result.reward)


def test_a_sum_beyond_floats_is_unscored():
    names = ["ball.1", "cup.1", "hat.1", "pen.1"]
    truth, results = task([(name, BALL[1]) for name in names], []), []
    for step in range(100):
        far = 1e152 * 1.1**step
        results.append(score(response(scene_text([(name, [far, far, 5, 5]) for name in names], [])), truth))
    assert {type(result) for result in results} == {Scored, Unscored}
    assert all(isinstance(result, Unscored) or math.isfinite(result.reward) for result in results)


def test_a_batch_gives_each_completion_the_score_it_has_alone():
    texts = [text for text, _ in CASES.values()]
    texts += [response(scene_text([("man.1", box), BIKE])) for box in BROKEN_BOXES.values()]
    texts += [response(scene_text([MAN, BIKE, *many(number, "spurious")])) for number in (1, 2, 100, 2000)]
    truths = [MAN_AND_BIKE, task([], []), task(scene=None), task(media=()), task([BALL], [])]
    pairs = [(truth, completion(text)) for text in texts for truth in truths]
    assert spatialthinker_compat_batch(pairs) == [spatialthinker_compat(*pair) for pair in pairs]


def test_a_batch_may_be_empty():
    assert spatialthinker_compat_batch([]) == []


def test_a_box_beyond_floats_leaves_the_scores_of_its_batch_alone():
    broken = completion(response(scene_text([("man.1", BROKEN_BOXES["integer beyond floats"]), BIKE])))
    scores = spatialthinker_compat_batch([(MAN_AND_BIKE, broken), (MAN_AND_BIKE, completion(response()))])
    assert isinstance(scores[0], Unscored)
    assert isinstance(scores[1], Scored)
    assert scores[1].reward == pytest.approx(1.0)


def test_tasks_may_share_a_scene_in_images_of_different_sizes():
    small = MAN_AND_BIKE
    large = task(media=(Media(kind="image", path="image.png", width=1280, height=960),))
    assert small.scene is not None
    large = replace(large, scene=small.scene)
    moved = completion(response(scene_text([("man.1", [20, 20, 120, 220]), BIKE])))
    pairs = [(small, moved), (large, moved), (small, moved)]
    assert spatialthinker_compat_batch(pairs) == [spatialthinker_compat(*pair) for pair in pairs]


def test_scenes_of_any_size_share_a_batch():
    rng = random.Random(0)
    pairs = []
    for _ in range(300):
        sizes = rng.randint(1, 12), rng.randint(1, 12)
        boxes = [[[rng.randint(0, 400) for _ in range(4)] for _ in range(size)] for size in sizes]
        names = [[f"{rng.choice(('cup', 'hat', 'pen'))}.{i}" for i in range(size)] for size in sizes]
        guess, truth = (list(zip(*both, strict=True)) for both in zip(names, boxes, strict=True))
        pairs.append((task(truth, []), completion(response(scene_text(guess, [])))))
    assert spatialthinker_compat_batch(pairs) == [spatialthinker_compat(*pair) for pair in pairs]
