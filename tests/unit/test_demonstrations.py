from dataclasses import replace

import pytest

from spatialrl.demonstrations import demonstration_as_asked
from spatialrl.errors import DataError
from spatialrl.types import Media, SceneGraph, Task

IMAGE = Media(kind="image", path="image.png", width=500, height=250, shown=(1000, 500))
TASK = Task(
    id="t1",
    question="Where is it?",
    answer="[50, 50, 100, 100]",
    answer_kind="box",
    media=(IMAGE,),
    demonstration='<scene>{"objects":[{"id":"cube.1","bbox":[50,50,100,200]},{"id":"ball.1","bbox": [0, 10.5, 3, 25]}]}</scene>'
    "<think>2 things of 50</think><answer>[50, 50, 100, 100]</answer>",
)


def test_boxes_of_a_demonstration_are_written_in_the_frame_that_is_asked_for():
    assert demonstration_as_asked(replace(TASK, coordinates="thousandths")) == (
        '<scene>{"objects":[{"id":"cube.1","bbox":[100,200,200,800]},{"id":"ball.1","bbox": [0, 42.00, 6, 100]}]}</scene>'
        "<think>2 things of 50</think><answer>[100, 200, 200, 400]</answer>"
    )
    assert "[100,100,200,400]" in demonstration_as_asked(replace(TASK, coordinates="resized_pixels"))


def test_a_demonstration_in_its_own_frame_is_left_as_it_is():
    assert demonstration_as_asked(TASK) == TASK.demonstration
    assert demonstration_as_asked(replace(TASK, coordinates="pixels", media=())) == TASK.demonstration


def test_only_an_answer_that_is_a_box_is_converted():
    sequence = replace(TASK, answer_kind="sequence", coordinates="thousandths")
    assert demonstration_as_asked(sequence).endswith("<answer>[50, 50, 100, 100]</answer>")


def test_a_demonstration_that_can_not_be_converted_is_named():
    blind = replace(TASK, media=(), coordinates="thousandths", scene=SceneGraph(objects=(), relationships=()))
    with pytest.raises(
        DataError, match=r"Task t1 has no medium .* from pixels into thousandths; set data.coordinates=pixels"
    ):
        demonstration_as_asked(blind)
