import pytest

from spatialrl.contrasts.sides import exchanged, names_side
from spatialrl.rewards.consistency import turned


@pytest.mark.parametrize(
    ("text", "other"),
    [
        ("left of", "right of"),
        ("top left", "top right"),
        ("to the left", "to the right"),
        ("Leftmost", "Rightmost"),
        ("RIGHT", "LEFT"),
        ("counter-clockwise", "clockwise"),
        ("clockwise", "counterclockwise"),
        ("Is the cup left of or right of the box?", "Is the cup right of or left of the box?"),
        ("to my front left, front right or back left", "to my front right, front left or back right"),
        ("Who sits on the left?", "Who sits on the right?"),
        ("the dog's left side", "the dog's right side"),
        ("in the left third", "in the right third"),
        ("above", "above"),
        ("12", "12"),
    ],
)
def test_sides_are_exchanged_and_nothing_else(text: str, other: str):
    assert exchanged(text) == other
    # The answer check reads words in lower case and without punctuation, and has to come to the same.
    assert turned(text, "mirrored") == turned(turned(other, "mirrored"), "mirrored")


@pytest.mark.parametrize(
    "text",
    [
        "Which is the right answer?",
        "Are they in the right order?",
        "The man left the room.",
        "Is anything left on the table?",
        "Is that right?",
        "right next to the cup",
        "Hold it right side up.",
    ],
)
def test_a_word_that_may_be_no_side_gives_no_text(text: str):
    assert exchanged(text) is None


def test_a_name_tells_a_side_also_between_underscores():
    assert names_side("left_door.1")
    assert not names_side("bright_lamp.1")
