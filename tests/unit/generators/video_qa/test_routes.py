import pytest

from spatialrl.dice import Dice
from spatialrl.generators.video_qa.routes import is_free, route_planning, turns_of
from tests.unit.generators.video_qa.layouts import scene, thing

START, NORTH = thing("table", 4.0, 1.0), thing("sofa", 4.0, 3.0)


@pytest.mark.parametrize(
    ("x", "y", "turn"),
    [
        (2.0, 3.0, "Turn Left"),
        (6.0, 3.0, "Turn Right"),
        (4.2, 1.4, "Turn Back"),
        (4.0, 4.8, None),
        (2.0, 1.2, None),
    ],
)
def test_a_turn_is_between_the_way_in_and_the_way_on(x, y, turn):
    """The robot comes up the page to the sofa at (4, 3), and goes on. Straight on is no turn, and 138 degrees a close
    call."""
    assert turns_of(START, NORTH, [NORTH, thing("lamp", x, y)]) == ["", turn]


def test_who_faces_something_else_turns_before_the_first_step():
    """Facing left from (4, 1), then up the page: to the right."""
    assert turns_of(START, thing("door", 1.0, 1.0), [NORTH]) == ["Turn Right"]
    assert turns_of(START, thing("door", 4.0, 0.0), [NORTH, thing("lamp", 2.0, 3.0)]) == ["Turn Back", "Turn Left"]


def test_something_in_the_way_closes_it():
    lamp = thing("lamp", 8.0, 1.0)
    assert is_free(scene(START, lamp), START, lamp)
    assert not is_free(scene(START, lamp, thing("chair", 6.0, 1.3)), START, lamp)
    assert is_free(scene(START, lamp, thing("chair", 6.0, 1.4)), START, lamp)
    assert is_free(scene(START, lamp, thing("picture", 6.0, 1.0, low=1.2)), START, lamp)


def test_what_a_stop_stands_on_is_part_of_it():
    desk, lamp = thing("desk", 8.0, 1.0, side=1.0), thing("lamp", 8.1, 1.1, side=0.2, low=1.0)
    assert is_free(scene(START, desk, lamp), START, lamp)


def test_stops_too_close_are_no_way():
    chair = thing("chair", 4.5, 1.5)
    assert not is_free(scene(START, chair), START, chair)


def test_a_question_numbers_its_steps():
    things = START, NORTH, thing("lamp", 2.0, 3.0)
    drafts = [draft for seed in range(8) for draft in route_planning(scene(*things), Dice(seed))]
    asked = {draft.question.partition("actions")[0]: draft for draft in drafts}
    draft = asked[
        "You are a robot beginning at the table and facing the sofa. You want to navigate to the lamp. You will perform "
        "the following "
    ]
    steps = "1. Go forward until the sofa. 2. [please fill in]. 3. Go forward until the lamp. You have reached"
    assert steps in draft.question
    assert draft.answer == "Turn Left"
    assert sorted(draft.options) == ["Turn Back", "Turn Left", "Turn Right"]
