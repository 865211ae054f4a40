import pytest

from spatialrl.rewards.parse import statements
from spatialrl.rewards.process import Program
from spatialrl.rewards.process_decisions import DECISIONS, OPEN, Decision, follows
from spatialrl.rewards.spatialreasoner_compat import REQUIRED


def program(axes=(), **places):
    text = "".join(f"The 3D location of {name} is ({x:.2f}, {y:.2f}, {z:.2f}). " for name, (x, y, z) in places.items())
    text += "".join(
        f"The {side} direction of {name} is ({x:.2f}, {y:.2f}, {z:.2f}). " for side, name, (x, y, z) in axes
    )
    return Program(statements(text))


def decided(family, question, option, axes=(), **places):
    decision = DECISIONS[family](program(axes, **places), question)
    return None if decision is None else follows(option, question, decision)


def test_every_family_that_requires_phrases_has_a_decision():
    assert DECISIONS.keys() == REQUIRED.keys()


def test_the_higher_one_has_the_larger_y():
    places = {"cup": (0, 1.0, 2), "box": (1, 0.4, 2)}
    question = "Which object has a higher location?"
    assert decided("height_higher", question, "the cup", **places) is True
    assert decided("height_higher", question, "the box", **places) is False
    assert decided("height_higher", "Which object has a lower location?", "the box", **places) is True


def test_what_is_lower_is_not_above():
    question = "Is the cup directly above the box?"
    assert decided("location_above", question, "yes", cup=(0, 0.2, 2), box=(0, 1.0, 2)) is False
    assert decided("location_above", question, "no", cup=(0, 0.2, 2), box=(0, 1.0, 2)) is True
    assert decided("location_above", question, "no", cup=(3, 1.2, 2), box=(0, 1.0, 2)) is None


def test_the_closer_one_is_nearer_to_the_origin():
    places = {"cup": (0, 0, 2), "box": (3, 0, 4)}
    assert decided("location_closer_to_camera", "Which is closer to the camera?", "the cup", **places) is True
    assert decided("location_closer_to_camera", "Which is farther from the camera?", "the cup", **places) is False


def test_next_to_is_open_between_half_a_metre_and_two():
    question = "Are they next to each other or far away from each other?"
    for metres, near, far in ((0.3, True, False), (1.0, None, None), (3.0, False, True)):
        places = {"cup": (0, 0, 2), "box": (metres, 0, 2)}
        assert decided("location_next_to", question, "next to each other", **places) is near
        assert decided("location_next_to", question, "far away from each other", **places) is far


def test_in_front_is_where_the_front_points():
    axes = [("front", "person", (0, 0, -1))]
    places = {"person": (0, 0, 3), "bottle": (0.2, 0, 2)}
    question = "Is the bottle in front of or behind the person?"
    assert decided("orientation_in_front_of", question, "in front of", axes, **places) is True
    assert decided("orientation_in_front_of", question, "behind", axes, **places) is False
    assert decided("orientation_in_front_of", "Is the bottle behind the person?", "no", axes, **places) is True


def test_the_figure_of_the_paper_says_right():
    axes = [("left", "person", (-0.83, 0, 0.56))]
    places = {"bottle": (0.2, 0.4, 0.6), "person": (0, 0.5, 1.0)}
    assert decided("orientation_on_the_left", "Left or right?", "on the right", axes, **places) is True
    assert decided("orientation_on_the_left", "Left or right?", "on the left", axes, **places) is False


@pytest.mark.parametrize(
    ("front", "side"), [((0, 0, -1), "front"), ((0, 0, 1), "back"), ((1, 0, 0), "left"), ((-1, 0, 0), "right")]
)
def test_the_camera_sees_the_side_that_is_turned_to_it(front, side):
    left = (front[2], 0, -front[0])
    axes = [("front", "cup", front), ("left", "cup", left)]
    for option in ("front", "back", "left", "right"):
        question = "Which side of the cup faces the camera?"
        assert decided("orientation_viewpoint", question, option, axes, cup=(0, 0, 2)) is (option == side)
        towards = {"cup": (0, 0, 2), "box": (0, 0, 1)}
        assert decided("multi_object_viewpoint_towards_object", question, option, axes, **towards) is (option == side)


def test_of_two_things_the_nearer_to_the_first_named_is_closer():
    places = {"lamp": (0, 0, 2), "cup": (1, 0, 2), "box": (3, 0, 2)}
    question = "Which object is the cup closer to, the lamp or the box?"
    assert decided("multi_object_closer_to", question, "the lamp", **places) is True
    assert decided("multi_object_closer_to", question, "the box", **places) is False


def test_fronts_are_parallel_within_45_degrees_either_way_round():
    for front, parallel, same in (((0, 0, 1), True, True), ((0, 0, -1), True, False), ((1, 0, 0), False, None)):
        axes = [("front", "a", (0, 0, 1)), ("front", "b", front)]
        assert decided("multi_object_parallel", "?", "parallel", axes) is parallel
        assert decided("multi_object_parallel", "?", "not parallel", axes) is (not parallel)
        assert decided("multi_object_same_direction", "?", "same direction", axes) is same


def test_one_faces_what_its_front_points_at():
    axes = [("front", "dog", (0, 0, -1))]
    places = {"dog": (0, 0, 3), "cat": (0, 0, 1), "tree": (0, 0, 6)}
    assert decided("multi_object_facing", "Which is the dog facing?", "the cat", axes, **places) is True
    assert decided("multi_object_facing", "Which is the dog facing?", "the tree", axes, **places) is False


@pytest.mark.parametrize("family", DECISIONS)
def test_without_numbers_nothing_is_decided(family):
    assert DECISIONS[family](program(), "Which is higher, the cup or the box?") is None


def test_a_close_call_speaks_for_nothing():
    assert decided("height_higher", "Which is higher?", "the cup", cup=(0, 1.00, 2), box=(0, 1.02, 2)) is None


@pytest.mark.parametrize(
    ("option", "verdict"),
    [("water bottle", True), ("the bottle", False), ("a water bottle or a bottle", True), ("cup", None)],
)
def test_a_name_inside_the_other_name_is_not_named(option, verdict):
    assert follows(option, "Which?", Decision(("water bottle",), ("bottle",))) is verdict


def test_yes_and_no_take_their_meaning_from_the_question():
    right = Decision(("left",), ("right",))
    assert follows("Yes", "Is it on the left?", right) is True
    assert follows("No", "Is it on the left?", right) is False
    assert follows("No", "Is it on the right?", right) is True
    assert follows("Yes", "Is it left or right?", right) is None
    assert follows("left", "?", OPEN) is None
