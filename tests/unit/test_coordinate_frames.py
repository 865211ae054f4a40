from dataclasses import replace

import pytest

from spatialrl.coordinate_frames import frame_size, scale_between, true_frame, written_frame
from spatialrl.types import Media, SceneGraph, Task

IMAGE = Media(kind="image", path="image.png", width=640, height=480, shown=(644, 476))
TASK = Task(id="t1", question="?", answer="A", answer_kind="choice", media=(IMAGE,))


def test_a_frame_has_the_size_of_the_first_image_in_it():
    assert frame_size(TASK, "pixels") == (640, 480)
    assert frame_size(TASK, "resized_pixels") == (644, 476)
    assert frame_size(TASK, "thousandths") == (1000, 1000)


def test_a_frame_that_the_task_does_not_know_has_no_size():
    blind = replace(TASK, media=())
    assert frame_size(blind, "pixels") is None
    assert frame_size(blind, "thousandths") == (1000, 1000)
    assert frame_size(replace(TASK, media=(replace(IMAGE, shown=None),)), "resized_pixels") is None
    assert frame_size(replace(TASK, media=(replace(IMAGE, width=0),)), "pixels") is None


def test_the_model_writes_in_the_frame_of_the_truth_unless_it_is_asked_for_another():
    thousandths = SceneGraph(objects=(), relationships=(), frame="thousandths")
    assert (true_frame(TASK), written_frame(TASK)) == ("pixels", "pixels")
    assert written_frame(replace(TASK, scene=thousandths)) == "thousandths"
    assert written_frame(replace(TASK, scene=thousandths, coordinates="pixels")) == "pixels"
    assert true_frame(replace(TASK, coordinates="thousandths")) == "pixels"


def test_going_from_one_frame_to_another_is_a_factor_for_each_axis():
    assert scale_between(TASK, "thousandths", "pixels") == pytest.approx((0.64, 0.48))
    assert scale_between(TASK, "pixels", "resized_pixels") == pytest.approx((644 / 640, 476 / 480))
    assert scale_between(replace(TASK, media=()), "thousandths", "pixels") is None
    assert scale_between(replace(TASK, media=()), "pixels", "pixels") == (1, 1)
