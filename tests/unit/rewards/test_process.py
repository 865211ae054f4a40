import pytest

from spatialrl.rewards.parse import statements
from spatialrl.rewards.process import Check, Program, close, cosine, names, near

FIGURE = (
    "The 3D location of the bottle is (0.20, 0.40, 0.60). The 3D location of the person is (0.00, 0.50, 1.00). "
    "The vector from the person to the bottle is (0.20, -0.10, -0.40). "
    "The left direction of the person is (-0.83, 0.00, 0.56). "
    "The cosine similarity between the vector from the person to the bottle and the left direction of the person is -0.85, "
    "corresponding to an angle of 147.89 degrees."
)


def checks(text):
    return {(check.group, check.right) for check in Program(statements(text)).checks()}


def test_a_sound_chain_of_thought_passes_every_check():
    assert Program(statements(FIGURE)).checks() == [
        Check("location", True),
        Check("location", True),
        Check("vector", True),
        Check("left", True),
        Check("turn", True),
    ]


@pytest.mark.parametrize(
    ("stated", "written", "group"),
    [
        ("is (0.20, -0.10, -0.40)", "is (0.20, -0.10, 0.40)", "vector"),
        ("(-0.83, 0.00, 0.56)", "(-0.83, 0.00, 0.96)", "left"),
        ("is -0.85", "is 0.85", "turn"),
        ("147.89", "32.11", "turn"),
    ],
)
def test_a_number_that_does_not_follow_fails_its_check(stated, written, group):
    assert stated in FIGURE
    assert (group, False) in checks(FIGURE.replace(stated, written))


def test_a_vector_between_things_without_a_place_follows_from_nothing():
    assert checks("The vector from a to b is (1.0, 0.0, 0.0).") == {("vector", False)}


def test_distances_are_those_of_the_stated_places():
    places = "The 3D location of a is (3.00, 0.00, 4.00). The 3D location of b is (3.00, 0.00, 6.00). "
    good = "The distance from a to the camera is 5.00. The distance between a and b is 2.00."
    assert checks(places + good) == {("location", True), ("from camera", True), ("between", True)}
    bad = "The distance from a to the camera is 4.00. The distance between a and b is 2.50."
    assert checks(places + bad) == {("location", True), ("from camera", False), ("between", False)}


def test_a_place_stated_twice_and_differently_is_wrong():
    text = "The 3D location of a is (1.0, 0.0, 1.0). The 3D location of a is (9.0, 0.0, 1.0)."
    assert checks(text) == {("location", False)}


def test_the_two_vectors_are_any_two_that_are_stated():
    text = (
        "The front direction of a is (0.0, 0.0, 1.0). The front direction of b is (1.0, 0.0, 0.0). "
        "The angle between the two directions is {} degrees."
    )
    assert ("turn", True) in checks(text.format(90))
    assert ("turn", False) in checks(text.format(60))


def test_tolerances_allow_for_two_decimals():
    assert near(1.04, 1.0)
    assert not near(1.06, 1.0)
    assert near(101.9, 100.0)
    assert not near(1.0, None)
    assert close((1.0, 2.0, 3.0), (1.04, 1.96, 3.0))
    assert not close((1.0, 2.0, 3.0), None)


def test_a_vector_without_length_has_no_cosine():
    assert cosine((0, 0, 0), (1, 0, 0)) is None
    assert cosine((0, 0, 2), (0, 0, 5)) == 1
    assert cosine((0, 0, 2), (0, 0, -5)) == -1
    assert cosine((1, 0, 0), (1, 1, 0)) == pytest.approx(0.7071068)


def test_what_is_true_of_anything_is_no_check():
    text = (
        "The vector from a to a is (0.0, 0.0, 0.0). The distance between a and a is 0.0. "
        "The front direction of a is (0.0, 0.0, 1.0). The left direction of a is (1.0, 0.0, 0.0). "
        "The angle between the front direction of a and the left direction of a is 90 degrees."
    )
    assert checks(text) == {("front", True), ("left", True)}


def test_a_statement_speaks_of_its_things():
    found = statements(FIGURE)
    assert [names(statement) for statement in found[:3]] == [{"bottle"}, {"person"}, {"person", "bottle"}]
