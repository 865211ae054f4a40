import pytest

from spatialrl.rewards.parse import (
    CAMERA,
    Angle,
    Axis,
    Conclusion,
    Cosine,
    Direction,
    Displacement,
    Distance,
    Height,
    Location,
    Span,
    statements,
)

BOTTLE_TO_PERSON = Span("bottle", "person")


def one(text):
    (statement,) = statements(text)
    return statement


@pytest.mark.parametrize(
    "text",
    [
        "The 3D location of the bottle is (0.2, 0.4, 0.6).",
        "the 3D location of Bottle is (0.20, 0.40, 0.60)",
        "Location of bottle: [0.2,0.4,0.6]",
        "The estimated 3D location of **the bottle** is approximately (0.2, 0.4, 0.6)",
    ],
)
def test_a_location_is_a_name_and_a_point(text):
    assert one(text) == Location("bottle", (0.2, 0.4, 0.6))


def test_a_vector_leads_from_one_thing_to_another():
    text = "The vector from the bottle to the person is (-0.2, 0.1, 0.4)."
    assert one(text) == Displacement(BOTTLE_TO_PERSON, (-0.2, 0.1, 0.4))


def test_a_direction_is_the_front_or_the_left_of_a_thing():
    assert one("The front direction of the bottle is (0, 0, 1).") == Direction(Axis("front", "bottle"), (0, 0, 1))
    assert one("The left direction of the bottle is (1, 0, −0.5).") == Direction(Axis("left", "bottle"), (1, 0, -0.5))


def test_a_cosine_may_come_with_its_angle():
    text = (
        "The cosine similarity between the vector from the bottle to the person and the front direction of the bottle"
        " is -0.85, corresponding to an angle of 147.89 degrees."
    )
    sides = BOTTLE_TO_PERSON, Axis("front", "bottle")
    assert statements(text) == (Cosine(*sides, -0.85), Angle(*sides, 147.89))
    assert one(text.partition(",")[0]) == Cosine(*sides, -0.85)


def test_an_angle_stands_alone_too():
    text = "The angle between the front direction of the cup and the front direction of the cat is 36.87 degrees"
    assert one(text) == Angle(Axis("front", "cup"), Axis("front", "cat"), 36.87)


def test_distances_are_between_two_things_or_to_the_camera():
    assert one("The distance from the cup to the camera is 0.75.") == Distance("cup", CAMERA, 0.75)
    assert one("The distance between the cup and the cat is 1.2 meters.") == Distance("cup", "cat", 1.2)
    assert one("The distance between the cup and the cat is 45 cm.") == Distance("cup", "cat", 0.45)


def test_a_name_with_an_and_is_known_from_its_location():
    text = "The 3D location of salt and pepper is (0, 0, 1). The distance between salt and pepper and the cup is 2.0."
    assert statements(text)[1] == Distance("salt and pepper", "cup", 2.0)
    text = "The 3D location of the cup is (0, 0, 1). The distance between the cup and salt and pepper is 2.0."
    assert statements(text)[1] == Distance("cup", "salt and pepper", 2.0)


def test_a_height_is_in_metres():
    assert one("The height of the person is 1.7 m.") == Height("person", 1.7)


def test_a_conclusion_ends_with_its_sentence():
    text = "Therefore, the cup at 0.5 m is closer. Next.\nThe answer is (B).\nThis is so, thus no conclusion."
    assert statements(text) == (Conclusion("Therefore, the cup at 0.5 m is closer"), Conclusion("The answer is (B)"))


def test_statements_come_in_the_order_of_the_text():
    text = "The height of a cup is 1. The 3D location of a cup is (0, 1, 2). So it stands."
    assert [type(statement) for statement in statements(text)] == [Height, Location, Conclusion]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "The cup is red.",
        "The 3D location of the cup is (0.2, 0.4).",
        "The 3D location of the cup is (x, y, z).",
        "The 3D location of the cup is (99999999, 0, 0).",
        "The distance from the cup to the camera is small.",
    ],
)
def test_other_sentences_state_nothing(text):
    assert statements(text) == ()


def test_only_so_much_is_read():
    assert len(statements("The height of a cup is 1.\n" * 2000)) == 500
    assert statements(" " * 100_000 + "The height of a cup is 1.") == ()


def test_a_name_ends_with_its_sentence():
    text = "The vector from A to B and back is 0.87, roughly. The vector from A to C is (1.0, 2.0, 3.0)."
    assert [s.of for s in statements(text) if isinstance(s, Displacement)] == [Span(start="a", end="c")]
