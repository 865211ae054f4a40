import math
from dataclasses import replace

import pytest

from spatialrl.contrasts.mirror import mirrored
from spatialrl.data.validate import check_task
from spatialrl.types import MapCell, Object3D, Relation, SceneGraph, SceneObject, Task
from tests.fakes import make_image, make_task
from tests.unit.contrasts.builders import VIDEO

CUBE = Object3D(
    id="red_cube.1",
    category="cube",
    colour="red",
    centre_world=(1.0, 2.0, 0.5),
    centre_camera=(0.25, 0.5, 3.0),
    size=(1.0, 2.0, 3.0),
    yaw_world=math.pi / 4,
    yaw_camera=-1.0,
    visibility=0.5,
)
SIDE = Task(
    id="side",
    question="Is the red cube left of or right of the blue ball?",
    media=(make_image(size=100),),
    options=("left of", "right of"),
    answer="A",
    answer_kind="choice",
    demonstration="<answer>(A) left of</answer>",
    scene=SceneGraph(
        objects=(
            SceneObject(id="red_cube.1", bbox=(10, 20, 30, 40)),
            SceneObject(id="blue_ball.1", bbox=(60, 5, 100, 15)),
        ),
        relationships=(
            Relation(subject="red_cube.1", predicate="left of", object="blue_ball.1"),
            Relation(subject="red_cube.1", predicate="below", object="blue_ball.1"),
        ),
    ),
    objects_3d=(CUBE,),
    cognitive_map=(MapCell(label="red cube", column=2, row=7),),
)


def of(task: Task) -> Task:
    twin = mirrored(task)
    assert twin is not None
    return twin


def test_media_words_and_truth_are_mirrored():
    twin = of(SIDE)
    assert (twin.id, twin.options, twin.answer) == ("side/mirrored", ("left of", "right of"), "B")
    assert [medium.mirrored for medium in twin.media] == [True]
    assert twin.scene is not None
    assert [item.bbox for item in twin.scene.objects] == [(70, 20, 90, 40), (0, 5, 40, 15)]
    assert [relation.predicate for relation in twin.scene.relationships] == ["right of", "below"]
    assert twin.cognitive_map == (MapCell(label="red cube", column=7, row=7),)
    assert twin.demonstration == ""


def test_the_world_is_mirrored_with_its_camera():
    (cube,) = of(SIDE).objects_3d
    assert cube.centre_world == (-1.0, 2.0, 0.5)
    assert cube.centre_camera == (-0.25, 0.5, 3.0)
    # Facing forward and right in the world, it faces forward and left in the mirror: 135 degrees.
    assert cube.yaw_world == pytest.approx(3 * math.pi / 4)
    assert cube.yaw_camera == 1.0


def test_the_mirror_of_the_mirror_is_the_task():
    again = of(replace(of(SIDE), id="side"))
    assert again.scene == SIDE.scene
    assert replace(again, id="side", demonstration=SIDE.demonstration, objects_3d=()) == replace(SIDE, objects_3d=())
    assert again.objects_3d[0].centre_camera == CUBE.centre_camera
    assert again.objects_3d[0].yaw_world == pytest.approx(CUBE.yaw_world)


def test_boxes_in_thousandths_are_mirrored_there():
    assert SIDE.scene is not None
    twin = of(replace(SIDE, scene=replace(SIDE.scene, frame="thousandths")))
    assert twin.scene is not None
    assert twin.scene.objects[0].bbox == (970, 20, 990, 40)


def test_a_twin_is_a_good_row():
    told = check_task(of(SIDE))
    assert told is not None
    assert "does not exist" in told, "only its image is made up"


def test_options_that_are_no_set_in_the_mirror_change_in_their_places():
    task = make_task(
        question="Where is the cup?", options=("left", "above", "behind"), answer="A", media=(make_image(),)
    )
    twin = of(task)
    assert (twin.options, twin.answer) == (("right", "above", "behind"), "A")


def test_an_answer_that_does_not_turn_stays():
    near = make_task(question="Which is closer to the camera, the cup or the box?", media=(make_image(),))
    assert (of(near).question, of(near).answer) == (near.question, near.answer)
    count = make_task(question="How many cups?", options=(), answer="3", answer_kind="number", media=(VIDEO,))
    assert of(count).answer == "3"


def test_a_question_about_one_side_asks_about_the_other():
    task = make_task(question="Is the cup to the left of the box?", options=("yes", "no"), media=(make_image(),))
    assert of(task).question == "Is the cup to the right of the box?"
    assert of(task).answer == "A"


def test_free_text_turns_where_it_names_a_side():
    text = make_task(
        question="Where is the cup?", options=(), answer="left of", answer_kind="text", media=(make_image(),)
    )
    assert of(text).answer == "right of"
    assert of(replace(text, answer="yes")).answer == "yes"


@pytest.mark.parametrize(
    "changes",
    [
        {"media": ()},
        {"answer_kind": "ocr", "answer": "left"},
        {"answer_kind": "sequence", "answer": "0-2-1"},
        {"answer_kind": "label_pair", "answer": "3-0"},
        {"answer_kind": "box", "answer": "[1, 2, 3, 4]"},
        {"answer_kind": "text", "answer": "a red cup"},
        {"answer_kind": "number", "answer": "30", "unit": "degrees"},
        {"answer_kind": "number", "answer": "30", "question": "At what angle is the door open?"},
        {"question": "What is written on the wall?"},
        {"question": "Which is the right answer?"},
        {"question": "Which marker is nearer?"},
        {"options": ("the man left the room", "none")},
        {"scene": SceneGraph(objects=(SceneObject(id="left_door.1", bbox=(1, 2, 3, 4)),), relationships=())},
        {"scene": SceneGraph(objects=(), relationships=(), frame="resized_pixels")},
    ],
)
def test_where_geometry_does_not_say_there_is_no_twin(changes: dict):
    task = make_task(media=(make_image(),))
    assert mirrored(task) is not None
    options = () if changes.get("answer_kind") else task.options
    assert mirrored(replace(task, **{"options": options, **changes})) is None
