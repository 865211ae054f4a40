import math
import random
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spatialrl.rewards.geometry_parts import (
    angle_between,
    depth_order,
    direction_accuracy,
    distance_accuracy,
    grounding_giou,
    grounding_iou,
    point_in_mask,
    trajectory_accuracy,
)
from spatialrl.types import Completion, Media, SceneGraph, Task, Unscored

IMAGE = Media(kind="image", path="image.png", width=640, height=480)
PARTS = (
    grounding_iou,
    grounding_giou,
    point_in_mask,
    depth_order,
    direction_accuracy,
    distance_accuracy,
    trajectory_accuracy,
)


def task(answer, kind="box", **changes):
    return Task(**({"id": "t1", "question": "?", "answer": answer, "answer_kind": kind, "media": (IMAGE,)} | changes))


def answered(answer):
    return Completion(prompt_ids=(), token_ids=(), text=f"<think>t</think><answer>{answer}</answer>")


def worth_of(part, task, answer, **options):
    worth = part(task, answered(answer), **options)
    assert not isinstance(worth, Unscored)
    return worth


BOX = task("[100, 100, 200, 200]")
ANGLE = task("10", "number", unit="deg")
METRES = task("2", "number", unit="m")
DEPTHS = task("3, 1, 2", "sequence")
LINE = task("[[0, 0], [10, 0]]", "text")


@pytest.mark.parametrize(
    ("answer", "iou", "giou"),
    [
        ("[100, 100, 200, 200]", 1, 1),
        ("(100, 100), (200, 200)", 1, 1),
        ("[150, 100, 250, 200]", 1 / 3, 1 / 3),
        ("[150, 150, 250, 250]", 1 / 7, 1 / 7 - 2 / 9),
        ("[300, 300, 400, 400]", 0, 0),
        ("[200, 200, 100, 100]", 0, 0),
        ("[200, 100, 100, 200]", 0, 0),
        ("[100, 100, 100, 200]", 0, 0),
        ("[0, 0, 640, 480]", 1 / 30.72, 1 / 30.72),
        ("[-50, -50, 700, 500]", 0, 0),
        ("[100, 100, 200, 9000]", 0, 0),
        ("[100, 100, 200, 200] or [0, 0, 9, 9]", 0, 0),
        ("[100, 100, 200]", 0, 0),
        ("there", 0, 0),
        ("", 0, 0),
    ],
)
def test_one_ordered_box_inside_the_image_earns_its_overlap(answer, iou, giou):
    assert grounding_iou(BOX, answered(answer)) == pytest.approx(iou)
    assert grounding_giou(BOX, answered(answer)) == pytest.approx(max(0, giou))


def test_what_the_model_writes_in_is_converted_to_the_frame_of_the_truth():
    half = task("[0, 0, 320, 240]")
    thousandths = replace(half, coordinates="thousandths")
    assert grounding_iou(thousandths, answered("[0, 0, 500, 500]")) == pytest.approx(1)
    seen = replace(half, coordinates="resized_pixels", media=(replace(half.media[0], shown=(320, 240)),))
    assert grounding_iou(seen, answered("[0, 0, 160, 120]")) == pytest.approx(1)
    graph = SceneGraph(objects=(), relationships=(), frame="thousandths")
    other = task("[0, 0, 500, 500]", scene=graph)
    assert grounding_iou(replace(other, coordinates="pixels"), answered("[0, 0, 320, 240]")) == 1
    assert point_in_mask(thousandths, answered("[250, 250]")) == 1


def test_what_is_measured_in_metres_is_not_in_the_image():
    path = "[[0, 0, 0], [1, 1, 1]]"
    assert trajectory_accuracy(replace(task(path), coordinates="thousandths"), answered(path)) == 1
    path = "[[0, 0], [1, 1]]"
    assert trajectory_accuracy(replace(task(path), coordinates="thousandths", unit="m"), answered(path)) == 1
    assert trajectory_accuracy(replace(task(path), coordinates="thousandths"), answered(path)) != 1


def test_a_frame_that_can_not_be_converted_is_said_so():
    blind = replace(task("[0, 0, 9, 9]", media=()), coordinates="thousandths")
    assert isinstance(grounding_iou(blind, answered("[0, 0, 9, 9]")), Unscored)
    unseen = replace(BOX, coordinates="resized_pixels")
    assert isinstance(grounding_iou(unseen, answered("[0, 0, 9, 9]")), Unscored)


def test_moving_a_box_towards_the_truth_never_costs():
    for part in (grounding_iou, grounding_giou):
        worths = [worth_of(part, BOX, f"[{left}, 100, {left + 100}, 200]") for left in range(400, 99, -10)]
        assert worths == sorted(worths)


def test_the_share_of_points_on_the_mask_counts():
    assert point_in_mask(BOX, answered("(150, 150)")) == 1
    assert point_in_mask(BOX, answered("(50, 150)")) == 0
    assert point_in_mask(BOX, answered("[[150, 150], [50, 150]]")) == 0.5
    assert point_in_mask(BOX, answered("[100, 100, 200, 200]")) == 0
    assert point_in_mask(task("[[0, 0], [10, 0], [0, 10]]"), answered("(2, 2)")) == 1


@pytest.mark.parametrize(
    ("answer", "partial", "exact"),
    [
        ("3, 1, 2", 1, 1),
        ("312", 1, 1),
        ("1, 3, 2", 1 / 9, 0),
        ("2, 1, 3", 0, 0),
        ("2, 3, 1", 0, 0),
        ("3, 1", 0, 0),
        ("3, 1, 2, 4", 0, 0),
        ("3, 3, 3", 0, 0),
        ("", 0, 0),
    ],
)
def test_an_order_earns_the_square_of_kendalls_tau(answer, partial, exact):
    assert depth_order(DEPTHS, answered(answer)) == pytest.approx(partial)
    assert depth_order(DEPTHS, answered(answer), partial=False) == exact


def test_things_may_be_ordered_by_name():
    assert depth_order(task("the chair, table, lamp", "text"), answered("Chair < table < lamp")) == 1


def test_a_measure_is_no_order():
    assert isinstance(depth_order(task("12", "number", unit="ft"), answered("1-2 ft")), Unscored)


@pytest.mark.parametrize(("count", "chance"), [(2, 1 / 2), (3, 1 / 6), (4, 1 / 24), (5, 1 / 120), (6, 1 / 720)])
def test_a_random_order_earns_at_most_a_tenth_more_than_its_chance(count, chance):
    rng = random.Random(0)
    truth = [str(i) for i in range(1, count + 1)]
    answers = [", ".join(rng.sample(truth, count)) for _ in range(2000)]
    worths = [worth_of(depth_order, task(", ".join(truth), "sequence"), answer) for answer in answers]
    assert sum(worths) / len(worths) < chance + 0.1


@pytest.mark.parametrize(
    ("answer", "worth"),
    [
        ("10", 1),
        ("25 degrees", 0.5),
        ("-5°", 0.5),
        ("355", 0.5),
        ("370", 1),
        ("350", 1 / 3),
        ("40", 0),
        ("190", 0),
        (f"{math.radians(10)} rad", 1),
        ("10 m", 0),
        ("ahead", 0),
    ],
)
def test_a_direction_is_off_the_short_way_round(answer, worth):
    assert direction_accuracy(ANGLE, answered(answer)) == pytest.approx(worth)


@pytest.mark.parametrize(("a", "b", "apart"), [(350, 10, 20), (10, 350, 20), (0, 180, 180), (-90, 270, 0), (720, 1, 1)])
def test_angles_are_at_most_180_degrees_apart(a, b, apart):
    assert angle_between(a, b) == pytest.approx(apart)


@pytest.mark.parametrize(
    ("answer", "worth"),
    [
        ("2", 1),
        ("2 m", 1),
        ("200 cm", 1),
        ("2.2", 1 - math.log(1.1) / math.log(1.5)),
        (str(2 / 1.1), 1 - math.log(1.1) / math.log(1.5)),
        ("3", 0),
        ("20", 0),
        ("0", 0),
        ("-2", 0),
        ("2 degrees", 0),
        ("about two metres", 1),
        ("far", 0),
    ],
)
def test_a_distance_is_off_by_its_ratio(answer, worth):
    assert distance_accuracy(METRES, answered(answer)) == pytest.approx(worth)


def test_too_much_and_too_little_by_the_same_factor_are_equally_wrong():
    for factor in (1.05, 1.2, 1.4):
        more, less = (distance_accuracy(METRES, answered(f"{value:.12f}")) for value in (2 * factor, 2 / factor))
        assert more == pytest.approx(less)


@pytest.mark.parametrize(
    ("answer", "worth"),
    [
        ("[[0, 0], [10, 0]]", 1),
        ("[[0, 0], [5, 0], [10, 0]]", 1),
        ("[[0, 1], [10, 1]]", 0.5),
        ("[[0, 2], [10, 2]]", 0),
        ("[[10, 0], [0, 0]]", 0),
        ("[[5, 0], [5, 0]]", 0),
        ("[[5, 0]]", 0),
        ("[[0, 0, 0], [10, 0, 0]]", 0),
        ("[[0, 0], [10, 0, 0]]", 0),
        ("", 0),
    ],
)
def test_paths_are_compared_at_even_pace(answer, worth):
    assert trajectory_accuracy(LINE, answered(answer)) == pytest.approx(worth)


def test_a_path_may_be_in_three_dimensions():
    assert trajectory_accuracy(task("[[0,0,0],[0,0,5]]", "text"), answered("[[0,0,0],[0,0,5]]")) == 1


@pytest.mark.parametrize(
    ("part", "answer"),
    [
        (grounding_iou, "left"),
        (grounding_iou, "[9, 9, 1, 1]"),
        (grounding_giou, ""),
        (point_in_mask, "5"),
        (depth_order, "chair"),
        (direction_accuracy, "5 m"),
        (distance_accuracy, "0"),
        (distance_accuracy, "left"),
        (trajectory_accuracy, "[[1, 1], [1, 1]]"),
        (trajectory_accuracy, "north"),
    ],
)
def test_a_task_of_another_kind_is_unscored(part, answer):
    score = part(task(answer), answered("5"))
    assert isinstance(score, Unscored)
    assert "t1" in score.reason


TASKS = {grounding_iou: BOX, grounding_giou: BOX, point_in_mask: BOX, depth_order: DEPTHS}
TASKS |= {direction_accuracy: ANGLE, distance_accuracy: METRES, trajectory_accuracy: LINE}


@settings(derandomize=True, deadline=None, max_examples=300)
@given(st.sampled_from(PARTS), st.text(alphabet="0123456789[](),.-+e <>mcd°", max_size=60))
def test_any_answer_has_a_worth_from_0_to_1(part, text):
    worth = part(TASKS[part], answered(text))
    assert isinstance(worth, float | int)
    assert 0 <= worth <= 1
    assert worth == part(TASKS[part], answered(text))


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize("text", ["", "9" * 1_000_000, "[" * 1_000_000, "[1,2]," * 100_000, "NaN", "1e999", "\x00"])
def test_hostile_answers_earn_nothing(part, text):
    assert part(TASKS[part], answered(text)) == 0
