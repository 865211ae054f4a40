import json
import random
import time
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spatialrl.errors import ConfigError
from spatialrl.rewards.spatialthinker import (
    choice_accuracy,
    scene_boxes,
    scene_count,
    scene_format,
    scene_relations,
)
from spatialrl.types import Completion, Frame, Media, Relation, SceneGraph, SceneObject, Task, Unscored

MAN = ("man.1", (10, 20, 110, 220))
BIKE = ("bike.1", (50, 100, 300, 400))
BALL = ("ball.1", (400, 300, 500, 400))
BEHIND = ("man.1", "behind", "bike.1")
FULL = (0, 0, 640, 480)
IMAGE = Media(kind="image", path="image.png", width=640, height=480)
SCENE_PARTS = (scene_count, scene_boxes, scene_relations)
ALL_PARTS = (scene_format, choice_accuracy, *SCENE_PARTS)


def scene(objects, relations, frame: Frame = "pixels"):
    return SceneGraph(
        objects=tuple(SceneObject(id=name, bbox=tuple(box)) for name, box in objects),
        relationships=tuple(Relation(subject=s, predicate=p, object=o) for s, p, o in relations),
        frame=frame,
    )


def task(objects=(MAN, BIKE), relations=(BEHIND,), **changes):
    fields: dict[str, Any] = {"options": ("left", "right"), "answer": "A", "answer_kind": "choice", "media": (IMAGE,)}
    fields |= {"scene": scene(objects, relations)} | changes
    return Task(id="t1", question="Where?", **fields)


TASK = task()


def scene_text(objects=(MAN, BIKE), relations=(BEHIND,)):
    return json.dumps(
        {
            "objects": [{"id": name, "bbox": list(box)} for name, box in objects],
            "relationships": [{"subject": s, "predicate": p, "object": o} for s, p, o in relations],
        }
    )


def response(text=None, answer="(A) left"):
    text = scene_text() if text is None else text
    return f"<observe>o</observe>\n<scene>\n{text}\n</scene>\n<think>t</think>\n<answer>{answer}</answer>\n"


def outcome(part, text, truth=TASK, **options):
    return part(truth, Completion(prompt_ids=(), token_ids=(), text=text), **options)


def value(part, text, truth=TASK, **options) -> float:
    earned = outcome(part, text, truth, **options)
    assert isinstance(earned, float)
    return earned


def boxes(objects, truth=TASK, **options):
    return value(scene_boxes, response(scene_text(objects, [])), truth, **options)


def relations(some, truth=TASK, objects=(MAN, BIKE)):
    return value(scene_relations, response(scene_text(objects, some)), truth)


@pytest.mark.parametrize("part", ALL_PARTS)
def test_the_truth_earns_1_in_every_part(part):
    assert value(part, response()) == pytest.approx(1, abs=1e-6)


@pytest.mark.parametrize("part", ALL_PARTS)
@pytest.mark.parametrize("text", ["", " ", "<scene></scene>", "<scene>{}</scene>", '<scene>{"objects": []}</scene>'])
def test_emptiness_earns_nothing(part, text):
    assert value(part, text) == 0


@pytest.mark.parametrize("part", SCENE_PARTS)
def test_an_empty_scene_in_the_right_format_earns_nothing_for_its_content(part):
    assert value(part, response(scene_text([], []))) == 0
    assert value(part, response(scene_text([], [])), task(relations=[])) == 0


@pytest.mark.parametrize("part", SCENE_PARTS)
def test_nothing_is_right_where_there_is_nothing(part):
    assert value(part, response(scene_text([], [])), task([], [])) == 1
    assert value(part, response(scene_text([BALL], [])), task([], [])) == 0
    assert value(part, "", task([], [])) == 0


@pytest.mark.parametrize("part", SCENE_PARTS)
def test_without_a_true_scene_there_is_no_score(part):
    assert isinstance(outcome(part, response(), task(scene=None)), Unscored)


@pytest.mark.parametrize("part", SCENE_PARTS)
def test_without_an_image_size_boxes_in_pixels_have_no_score(part):
    assert isinstance(outcome(part, response(), task(media=())), Unscored)
    assert value(part, response(), task(media=(), scene=scene([MAN, BIKE], [BEHIND], "thousandths"))) == pytest.approx(
        1
    )


# Format.

GOOD = response()
BAD_FORMATS = {
    "another order": "<answer>(A) left</answer>" + GOOD.replace("<answer>(A) left</answer>", ""),
    "text before": "Sure. " + GOOD,
    "text after": GOOD + "done",
    "text between": GOOD.replace("</observe>", "</observe> so"),
    "an empty block": GOOD.replace("<think>t</think>", "<think> </think>"),
    "a missing block": GOOD.replace("<observe>o</observe>", ""),
    "a block twice": GOOD + "<answer>(A) left</answer>",
    "a tag in a block": GOOD.replace("<think>t", "<think>I will write <answer>"),
    "a scene that can't be read": response('{"objects": [{"id": "man.1"}]}'),
    "a scene without objects": response('{"a": 1}'),
}


@pytest.mark.parametrize("text", BAD_FORMATS.values(), ids=BAD_FORMATS.keys())
def test_the_format_is_four_blocks_in_order_and_a_scene(text):
    assert value(scene_format, text) == 0


def test_a_scene_without_objects_is_well_formed_where_there_are_none():
    empty = response(scene_text([], []))
    assert value(scene_format, empty) == 0
    assert value(scene_format, empty, task([], [])) == value(scene_format, empty, task(scene=None)) == 1


def test_a_fenced_scene_is_well_formed():
    assert value(scene_format, response(f"```json\n{scene_text()}\n```")) == 1


# Answer.


@pytest.mark.parametrize("answer", ["A", "(A)", "a)", "(A) left", "left", "(A) left.", r"\text{A}"])
def test_letter_and_text_of_the_right_option_both_count(answer):
    assert value(choice_accuracy, response(answer=answer)) == 1


@pytest.mark.parametrize("answer", ["B", "(B) right", "right", "A or B", "neither", "C"])
def test_other_answers_do_not(answer):
    assert value(choice_accuracy, response(answer=answer)) == 0


def test_a_question_without_options_has_no_choice_to_judge():
    assert isinstance(
        outcome(choice_accuracy, response(), task(options=(), answer="3", answer_kind="number")), Unscored
    )


# Count.


@pytest.mark.parametrize(
    ("num_extra", "num_relations", "expected"),
    [
        (0, 1, 1.0),
        (1, 1, 0.7 * 0.5 + 0.3),
        (2, 1, 0.3),
        (98, 0, 0.0),
        (0, 0, 0.7),
        (0, 2, 0.7),
    ],
)
def test_one_too_many_costs_as_much_as_one_too_few(num_extra, num_relations, expected):
    objects = [MAN, BIKE, *((f"thing.{i}", (i, i, i + 10, i + 10)) for i in range(num_extra))]
    assert value(scene_count, response(scene_text(objects, [BEHIND] * num_relations))) == pytest.approx(expected)


def test_a_number_counts_as_far_as_boxes_are_right():
    # One of two boxes, and one object too few: 1/2 of 0.7 / 2 + 0.3.
    assert value(scene_count, response(scene_text([MAN]))) == pytest.approx(0.5 * (0.7 * 0.5 + 0.3))
    # A box elsewhere is one object missed and one made up: nothing of 0.7.
    assert value(scene_count, response(scene_text([MAN, ("bike.1", (500, 300, 600, 400))]))) == pytest.approx(0.15)
    assert value(scene_count, response(scene_text([("man.1", FULL), ("bike.1", FULL)]))) < 0.005
    assert value(scene_count, response(scene_text([MAN, ("man.2", MAN[1])]))) == pytest.approx(0.15)


def test_relations_that_nobody_asked_for_cost():
    assert value(scene_count, response(), task(relations=[])) == pytest.approx(0.7)


# Boxes.


def test_boxes_are_worth_their_closeness_over_the_larger_number_of_objects():
    half_a_man = ("man.1", (10, 20, 60, 220))
    # IoU 0.5 is 3/8 of the way from 0.2 to 1, IoU 0.8 is 3/4 of it: 3t^2 - 2t^3.
    assert boxes([half_a_man, BIKE]) == pytest.approx((0.31640625 + 1) / 2)
    assert boxes([("man.1", (10, 20, 90, 220)), BIKE]) == pytest.approx((0.84375 + 1) / 2)
    assert boxes([BIKE]) == pytest.approx(0.5)
    assert boxes([MAN, BIKE, BALL, ("cup.1", (0, 0, 9, 9))]) == pytest.approx(0.5)


def test_labels_count_as_much_as_boxes():
    assert boxes([("cat.1", MAN[1]), BIKE]) == pytest.approx(0.5)
    assert boxes([("person.1", MAN[1]), BIKE]) == pytest.approx(0.8)
    assert boxes([("person.1", MAN[1]), BIKE], similarity="exact") == pytest.approx(0.5)
    assert boxes([("bike.1", MAN[1]), ("man.1", BIKE[1])]) < 0.15


CHEAP = {
    "full image": [("man.1", FULL), ("bike.1", FULL)],
    "reversed": [("man.1", (110, 220, 10, 20)), ("bike.1", (300, 400, 50, 100))],
    "far outside": [("man.1", (9000, 9000, 9001, 9001)), ("bike.1", (9000, 9000, 9001, 9001))],
    "twice the same": [MAN, ("man.2", MAN[1]), ("man.3", MAN[1]), ("man.4", MAN[1])],
    "a hundred small ones": [(f"man.{i}", (6 * i, 4 * i, 6 * i + 6, 4 * i + 4)) for i in range(100)],
}
AT_MOST = {"full image": 0.005, "reversed": 0, "far outside": 0, "twice the same": 0.25, "a hundred small ones": 0.01}


@pytest.mark.parametrize("name", CHEAP)
def test_cheap_boxes_earn_little(name):
    assert boxes(CHEAP[name]) <= AT_MOST[name] + 1e-6


def test_boxes_in_any_frame_are_compared_in_that_of_the_truth():
    thousandths = [(name, (x1 / 0.64, y1 / 0.48, x2 / 0.64, y2 / 0.48)) for name, (x1, y1, x2, y2) in (MAN, BIKE)]
    doubled = [(name, tuple(2 * side for side in box)) for name, box in (MAN, BIKE)]
    assert boxes(thousandths, task(coordinates="thousandths")) == pytest.approx(1)
    seen = replace(IMAGE, shown=(1280, 960))
    assert boxes(doubled, task(coordinates="resized_pixels", media=(seen,))) == pytest.approx(1)
    assert boxes(thousandths) < 0.5
    in_thousandths = task(scene=scene(thousandths, [], "thousandths"))
    assert boxes(thousandths, in_thousandths) == pytest.approx(1)
    assert boxes([MAN, BIKE], replace(in_thousandths, coordinates="pixels")) == pytest.approx(1)


def test_unknown_options_are_named_with_the_choices():
    with pytest.raises(ConfigError, match=r"'spicy'.*lexical"):
        boxes([MAN], similarity="spicy")


# Relations.


def test_relations_count_by_what_they_say():
    assert relations([("bike.1", "in front of", "man.1")]) == 1
    assert relations([("man.1", "in front of", "bike.1")]) == 0
    assert relations([("man.1", "", "bike.1")]) == relations([("zzz.9", "behind", "qqq.8")]) == 0
    assert relations([BEHIND, BEHIND]) == pytest.approx(2 / 3)
    assert relations([]) == 0


def test_relations_are_tied_to_objects_by_place_not_by_number():
    renumbered = [("man.7", MAN[1]), ("bike.9", BIKE[1])]
    assert relations([("man.7", "behind", "bike.9")], objects=renumbered) == 1


def test_relations_of_objects_that_are_not_found_earn_nothing():
    elsewhere = [("man.1", (400, 20, 500, 220)), BIKE]
    assert relations([BEHIND], objects=elsewhere) == 0
    assert relations([BEHIND], objects=[("man.1", FULL), ("bike.1", FULL)]) == 0


def test_where_neither_side_has_relations_finding_the_objects_is_what_counts():
    assert relations([], task(relations=[])) == 1
    assert relations([], task(relations=[]), objects=[MAN]) == pytest.approx(0.5)
    assert relations([], task(relations=[]), objects=[("man.1", FULL), ("bike.1", FULL)]) == 0
    assert relations([BEHIND], task(relations=[])) == 0


# Properties.

NAMES = ("man", "bike", "ball", "cup", "person", "sofa")
WORDS = ("left of", "right of", "above", "on", "below", "near", "riding")


@st.composite
def scenes(draw):
    objects = []
    for index in range(draw(st.integers(1, 5))):
        x, y = draw(st.integers(0, 500)), draw(st.integers(0, 400))
        width, height = draw(st.integers(5, 140)), draw(st.integers(5, 80))
        objects.append((f"{draw(st.sampled_from(NAMES))}.{index}", (x, y, x + width, y + height)))
    names = st.sampled_from([name for name, _ in objects])
    return objects, draw(st.lists(st.tuples(names, st.sampled_from(WORDS), names), max_size=5))


@settings(max_examples=150, deadline=None)
@given(scenes(), scenes(), st.randoms(use_true_random=False))
def test_the_order_of_objects_and_relations_does_not_count(guess, truth, rng):
    def shuffled(pair):
        return tuple(rng.sample(items, len(items)) for items in pair)

    for part in SCENE_PARTS:
        expected = value(part, response(scene_text(*guess)), task(*truth))
        assert 0 <= expected <= 1
        assert value(part, response(scene_text(*shuffled(guess))), task(*shuffled(truth))) == pytest.approx(expected)


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 300), st.integers(0, 300), st.integers(10, 200), st.integers(10, 150), st.booleans())
def test_moving_a_box_towards_the_truth_never_costs(start, y, width, height, in_y):
    truth = (100, y, 100 + width, y + height)
    earned = []
    for shift in range(start, -1, -7):
        dx, dy = (0, shift) if in_y else (shift, 0)
        moved = (truth[0] + dx, truth[1] + dy, truth[2] + dx, truth[3] + dy)
        earned.append(boxes([("cup.1", moved)], task([("cup.1", truth)], [])))
    assert earned == sorted(earned)


@settings(max_examples=100, deadline=None)
@given(scenes())
def test_one_more_object_that_is_not_there_costs(truth):
    objects, _ = truth
    extra = [*objects, ("unicorn.99", (600, 440, 639, 479))]
    for part in (scene_count, scene_boxes):
        right, too_many = (value(part, response(scene_text(some, [])), task(objects, [])) for some in (objects, extra))
        assert too_many < right == pytest.approx(1, abs=1e-6)


def test_ten_per_cent_of_noise_on_every_side_keeps_most_of_the_reward():
    rng = random.Random(0)
    earned = []
    for _ in range(200):
        noisy = []
        for name, (x1, y1, x2, y2) in (MAN, BIKE, BALL):
            across, down = 0.1 * (x2 - x1), 0.1 * (y2 - y1)
            shifts = [rng.uniform(-span, span) for span in (across, down, across, down)]
            noisy.append((name, [side + shift for side, shift in zip((x1, y1, x2, y2), shifts, strict=True)]))
        earned.append(boxes(noisy, task([MAN, BIKE, BALL], [])))
    assert sum(earned) / len(earned) > 0.85


HOSTILE = [
    "<scene>" + "[" * 100_000,
    "<scene>" + '{"a":' * 100_000 + "</scene>",
    response('{"objects": [{"id": "man.1", "bbox": [NaN, Infinity, 0, 0]}]}'),
    response('{"objects": [{"id": "man.1", "bbox": [' + "9" * 10_000 + ", 0, 1, 1]}]}"),
    response('{"objects": [{"id": "man.1", "bbox": [1e308, -1e308, 1e308, 1e308]}]}'),
    response(json.dumps({"objects": [{"id": f"man.{i}", "bbox": [0, 0, 9, 9]} for i in range(20_000)]})),
    response(scene_text([(f"{'x' * 90}.{i}", (i, i, 300, 400)) for i in range(200)], [BEHIND] * 1000)),
    "<observe>" * 100_000,
    "\ud800\x00" * 100_000,
    "<answer>" * 100_000 + "</answer>" * 100_000,
]


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_text_earns_a_value_in_a_moment(text):
    start = time.perf_counter()
    for part in ALL_PARTS:
        assert 0 <= value(part, text) <= 1
    assert time.perf_counter() - start < 2


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=200), st.text(max_size=200), st.text(max_size=50))
def test_any_text_earns_a_value(before, inside, answer):
    for text in (before, response(inside, answer), f"{before}<scene>{inside}</scene>"):
        for part in ALL_PARTS:
            assert 0 <= value(part, text) <= 1
