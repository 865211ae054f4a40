"""Values measured on the original reward functions."""

import time

import pytest

from spatialrl.errors import ConfigError
from spatialrl.rewards.spatialreasoner_compat import REQUIRED, count_phrases, spatialreasoner_compat
from spatialrl.types import Completion, Scored, Task, Unscored

CHOICE = Task(
    id="t1",
    question="Is the cup left or right?",
    options=("on the left", "on the right"),
    answer="A",
    answer_kind="choice",
)
EMPTY = {
    "height_higher": 0.75,
    "location_above": 0.75,
    "location_closer_to_camera": 0.556,
    "location_next_to": 0.625,
    "orientation_in_front_of": 0.375,
    "orientation_on_the_left": 0.375,
    "orientation_viewpoint": 0.25,
    "multi_object_closer_to": 0.5,
    "multi_object_parallel": 0.625,
    "multi_object_same_direction": 0.625,
    "multi_object_facing": 0.273,
    "multi_object_viewpoint_towards_object": 0.222,
}
LOCATION = "The 3D location of the cup is (0.10, 0.20, 0.30)."
RANDOM_NUMBERS = "3D location of a is (9.1, 0.0, -7.7). 3D location of b is (1.0, 5.5, 6.6)."


def task(family):
    return Task(id="t2", question="?", options=("a", "b"), answer="A", answer_kind="choice", family=family)


def score(text, task=CHOICE, **options):
    return spatialreasoner_compat(task, Completion(prompt_ids=(), token_ids=(), text=text), **options)


def part(name, text, task=CHOICE):
    result = score(text, task, rewards=(name,))
    assert isinstance(result, Scored)
    return result.parts[name]


def test_the_reward_is_the_sum_of_its_parts():
    result = score("<think>First, I look.</think><answer>A</answer>")
    assert result == Scored(reward=2.0, parts={"accuracy": 1.0, "format": 1.0})
    four = score("", task("height_higher"), rewards=("accuracy", "format", "process", "reasoning_steps"))
    assert four == Scored(reward=0.75, parts={"accuracy": 0, "format": 0, "process": 0.75, "reasoning_steps": 0})


@pytest.mark.parametrize(
    ("answer", "accuracy"),
    [
        ("A", 1),
        ("A.", 1),
        ("(A) on the left", 1),
        ("A. on the left", 1),
        ("on the LEFT", 1),
        ("It is on the left of it", 1),
        ("B", 0),
        ("A or B", 0),
        ("A cup stands there", 0),
        ("A cup stands on the left", 1),
        ("A. It is not on the right", 0),
        ("on the left or on the right", 0),
        ("Cannot determine the answer", 0),
        ("Z", 0),
        ("a", 0),
        ("", 0),
    ],
)
def test_a_letter_that_stands_alone_counts_else_the_one_option_that_is_named(answer, accuracy):
    assert part("accuracy", f"<think>t</think><answer>{answer}</answer>") == accuracy


def test_without_an_answer_block_the_whole_text_is_read():
    assert part("accuracy", "It is on the left") == 1
    assert part("accuracy", "<answer>A") == 0
    assert part("accuracy", "<answer>A</answer><answer>B</answer>") == 1


def test_a_letter_with_another_options_text_is_wrong_and_costs_its_neighbours_nothing():
    batch = ["A. on the right", "A", "on the left", "B"]
    assert [part("accuracy", f"<answer>{answer}</answer>") for answer in batch] == [0, 1, 1, 0]


def test_options_that_read_the_same_are_right_for_free():
    same = Task(id="t3", question="?", options=("yes", "Yes"), answer="B", answer_kind="choice")
    assert part("accuracy", "no idea", same) == 1
    assert part("accuracy", "A", same) == 0
    assert part("accuracy", "A", Task(id="t4", question="?", options=("x",), answer="B", answer_kind="choice")) == 1


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("<think>t</think><answer>A</answer>", 1),
        ("<think></think>\n\n<answer></answer>", 1),
        ("<think>t</think><answer>A</answer>\ntrailing junk", 1),
        ("<think>t</think><answer>A</answer> trailing junk", 0),
        ("<think>t</think><answer>A</answer> junk <answer>B</answer>", 1),
        (" <think>t</think><answer>A</answer>", 0),
        ("<think>t</think> so <answer>A</answer>", 0),
        ("<answer>A</answer>", 0),
        ("", 0),
    ],
)
def test_the_format_lets_junk_stand_on_the_lines_after(text, form):
    assert part("format", text) == form


@pytest.mark.parametrize(
    ("text", "steps"),
    [
        ("1.\n2.\n3.", 1 / 3),
        ("Step 1: a Step 2: b", 2 / 3),
        ("First, Next, Finally, Therefore,", 1),
        ("\n- a\n* b\n- c", 1),
        ("Thus,", 0),
        ("", 0),
    ],
)
def test_of_a_numbered_list_only_the_first_number_counts(text, steps):
    assert part("reasoning_steps", text) == pytest.approx(steps)


@pytest.mark.parametrize(("family", "worth"), EMPTY.items())
def test_silence_earns_much_of_the_process_part(family, worth):
    assert part("process", "", task(family)) == pytest.approx(worth, abs=5e-4)


def test_every_family_has_a_measured_value():
    assert EMPTY.keys() == REQUIRED.keys()


def test_random_numbers_earn_all_of_the_process_part():
    assert part("process", RANDOM_NUMBERS, task("height_higher")) == 1.0


@pytest.mark.parametrize(
    ("text", "worth"),
    [
        (LOCATION, 7 / 8),
        (f"{LOCATION} {LOCATION}", 1),
        (f"{LOCATION} {LOCATION} {LOCATION}", 8 / 9),
        (f"{LOCATION} {LOCATION} The distance between a and b is 1.5", 7 / 8),
    ],
)
def test_surplus_and_unasked_phrases_are_false_positives(text, worth):
    assert part("process", text, task("height_higher")) == pytest.approx(worth)


@pytest.mark.parametrize(
    ("text", "counts"),
    [
        ("The 3D location of the cup can be estimated as (1.50, 1.01, 22.49)", {"location": 1}),
        ("3d LOCATION of x is (-1.0, -2.0, -3.0)", {"location": 1}),
        ("3D location of x is (1, 2, 3)", {}),
        ("3D location of x\nis (1.0, 2.0, 3.0)", {}),
        ("3D location of x and 3D location of y are (1.0, 2.0, 3.0) (4.0, 5.0, 6.0)", {"location": 1}),
        ("vector from a to b is (1.0, 2.0, 3.0)", {"vector": 1}),
        ("distance from a to the camera is 2.0; distance between a and b is 3.0", {"from camera": 1, "between": 1}),
        ("front direction of a is (0.0, 0.0, 1.0), left direction of a is (1.0, 0.0, 0.0)", {"front": 1, "left": 1}),
        ("cosine similarity between a and b is 0.5", {"turn": 1}),
        ("cosine similarity between a and b is 0.5. The angle between a and b is 60 degrees", {"turn": 1}),
        ("angle between a and b is 60, angle between c and d is 30", {"turn": 2}),
        ("", {}),
    ],
)
def test_phrases_are_counted_on_one_line_without_overlap(text, counts):
    assert {group: count for group, count in count_phrases(text).items() if count} == counts


def test_an_unknown_family_is_unscored_where_its_process_is_asked_for():
    assert isinstance(score("", task("counting"), rewards=("process",)), Unscored)
    assert isinstance(score("", task("counting")), Scored)


@pytest.mark.parametrize("rewards", [("spelling",), ()])
def test_an_unknown_part_is_named_with_the_choices(rewards):
    with pytest.raises(ConfigError, match=r"accuracy, format, process, reasoning_steps"):
        score("", rewards=rewards)


def test_long_texts_take_time_in_proportion_to_their_length():
    start = time.perf_counter()
    units = [
        "vector from a to ",
        "3D location of x (1.0, ",
        "</think> ",
        "<answer>",
        "distance from a to the camera ",
        "1",
        " (",
        "\n",
    ]
    for unit in units:
        everything = ("accuracy", "format", "process", "reasoning_steps")
        score("<think>" + unit * (500_000 // len(unit)), task("height_higher"), rewards=everything)
    assert time.perf_counter() - start < 20
