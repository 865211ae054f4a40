import pytest

from spatialrl.rewards.consistency import agreement, are_twins, turned, turned_answer
from spatialrl.types import Task

SIDE = Task(
    id="t1",
    question="Is the cup left or right of the box?",
    options=("left of", "right of"),
    answer="A",
    answer_kind="choice",
)
MIRRORED = Task(
    id="t1m",
    question="Is the cup left or right of the box?",
    options=("right of", "left of"),
    answer="A",
    answer_kind="choice",
)
HEIGHT = Task(
    id="t2", question="Is the cup above or below the box?", options=("above", "below"), answer="A", answer_kind="choice"
)
DEPTH = Task(
    id="t3",
    question="Which is closer to the camera, the cup or the box?",
    options=("the cup", "the box"),
    answer="A",
    answer_kind="choice",
)
DEPTH_SWAPPED = Task(id="t3s", question=DEPTH.question, options=DEPTH.options, answer="B", answer_kind="choice")
COUNT = Task(id="t4", question="How many cups?", answer="3", answer_kind="number")


def says(answer):
    return f"<answer>{answer}</answer>"


@pytest.mark.parametrize(
    ("text", "mirrored", "swapped"),
    [
        ("left of", "right of", "right of"),
        ("in front of", "in front of", "behind"),
        ("behind", "behind", "in front of"),
        ("above", "above", "above"),
        ("on top of", "on top of", "on top of"),
        ("front left", "front right", "back right"),
        ("to the left, away from the camera", "to the right away from the camera", "to the right towards the camera"),
        ("top left", "top right", "top right"),
        ("clockwise", "counterclockwise", "clockwise"),
        ("counter-clockwise", "clockwise", "counterclockwise"),
        ("3", "3", "3"),
        ("leftover", "leftover", "leftover"),
    ],
)
def test_words_turn_where_geometry_says_so(text, mirrored, swapped):
    assert turned(text, "mirrored") == mirrored
    assert turned(text, "swapped") == swapped


@pytest.mark.parametrize("change", ["mirrored", "swapped"])
@pytest.mark.parametrize("text", ["left of", "behind", "front", "above", "back right", "closer", "clockwise"])
def test_turning_twice_turns_nothing(text, change):
    assert turned(turned(text, change), change) == text


FACING = {
    "left": ("Back", "Front", "Right", "Left"),
    "right": ("Front", "Back", "Left", "Right"),
    "toward": ("Left", "Right", "Back", "Front"),
    "away": ("Right", "Left", "Front", "Back"),
}
"""Where the target is for somebody who faces that way: target to the image's right, left, deeper, nearer."""
TURNED_ROUND = {"left": "right", "right": "left", "toward": "away", "away": "toward"}
OTHER_SIDE = (1, 0, 3, 2)


@pytest.mark.parametrize("facing", FACING)
@pytest.mark.parametrize("target", range(4))
def test_the_sixteen_signs_of_a_hypothetical_camera_turn_with_the_scene(facing, target):
    """Mirroring swaps the image's sides and who faces left or right. Turning somebody round swaps all four words."""
    label = FACING[facing][target].lower()
    mirrored_target = OTHER_SIDE[target] if target < 2 else target
    mirrored_facing = TURNED_ROUND[facing] if facing in ("left", "right") else facing
    assert turned(label, "mirrored") == FACING[mirrored_facing][mirrored_target].lower()
    assert turned(label, "swapped") == FACING[TURNED_ROUND[facing]][target].lower()


def test_of_two_things_the_other_is_closer_to_a_camera_on_the_other_side():
    assert turned_answer(DEPTH, "the cup", "swapped") == "the box"
    assert turned_answer(DEPTH, "the cup", "mirrored") == "the cup"
    assert turned_answer(SIDE, "left of", "swapped") == "right of"


def test_twins_are_known_by_their_true_answers():
    assert are_twins(SIDE, MIRRORED, "mirrored")
    assert not are_twins(SIDE, SIDE, "mirrored")
    assert are_twins(HEIGHT, HEIGHT, "swapped")
    assert are_twins(DEPTH, DEPTH_SWAPPED, "swapped")
    assert not are_twins(DEPTH, DEPTH_SWAPPED, "mirrored")


def test_the_share_of_the_twins_responses_that_turned_counts():
    ours = [says("(A) left of"), says("B"), "no answer", says("left of")]
    theirs = [says("(A) right of"), says("left of"), "", says("A")]
    assert agreement(SIDE, ours, MIRRORED, theirs, change="mirrored") == [0.5, 0, 0, 0.5]
    assert agreement(SIDE, ours, MIRRORED, theirs, change="mirrored", needs_right=False) == [0.5, 0.25, 0, 0.5]


def test_a_habit_earns_nothing_where_the_answer_turns_and_its_luck_where_it_does_not():
    habit = [says("left of")] * 4
    assert agreement(SIDE, habit, MIRRORED, habit, change="mirrored") == [0] * 4
    above, below = [says("above")] * 2, [says("below")] * 2
    assert agreement(HEIGHT, above, HEIGHT, above, change="swapped") == [1, 1]
    assert agreement(HEIGHT, below, HEIGHT, below, change="swapped") == [0, 0]


def test_numbers_stay_and_may_differ_a_little():
    metres = Task(id="t5", question="How far?", answer="2.0 m", answer_kind="number")
    assert agreement(
        COUNT, [says("3")], COUNT, [says("3"), says("4"), says("-3"), says("three")], change="mirrored"
    ) == [0.5]
    assert agreement(
        metres, [says("2 m")], metres, [says("2.05 m"), says("200 cm"), says("3 m")], change="mirrored"
    ) == [2 / 3]


@pytest.mark.parametrize(
    "text", ["", "<answer></answer>", "<answer>" + "9" * 1_000_000 + "</answer>", "<answer>A or B</answer>", "\x00"]
)
def test_silence_and_noise_agree_with_nothing(text):
    assert agreement(SIDE, [text], MIRRORED, [text], change="mirrored", needs_right=False) == [0]
    assert agreement(SIDE, [says("left of")], MIRRORED, [], change="mirrored") == [0]
