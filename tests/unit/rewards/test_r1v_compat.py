import time

import pytest

from spatialrl.errors import DataError
from spatialrl.rewards.r1v_compat import boxed, math_compat, r1v_compat, r1v_scene_compat, without_blanks_at_tags
from spatialrl.types import Completion, Scored, Task

CHOICE = Task(id="t1", question="Where?", options=("left", "right"), answer="A", answer_kind="choice")
NUMBER = Task(id="t2", question="How many?", answer="5", answer_kind="number")


def reward(function, text, task=CHOICE, **options):
    score = function(task, Completion(prompt_ids=(), token_ids=(), text=text), **options)
    assert isinstance(score, Scored)
    return score.reward


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("<think>t</think><answer>(A) left</answer>", 1.0),
        ("<think>t</think>\n <answer>(A) left</answer>", 1.0),
        ("<think>t</think><answer>(B) right</answer>", 0.5),
        ("<think>t</think><answer>A</answer>", 0.5),
        ("<think></think><answer></answer>", 0.5),
        ("<answer>(A) left</answer>", 0.5),
        ("(A) left", 0.5),
        (" <think>t</think><answer>(A) left</answer>", 0.5),
        ("<think>t</think><answer>(A) left</answer>.", 0.5),
        ("<think>t</think><answer>\n(A) left\n</answer>", 0.5),
        ("<think>a</think>b</think><answer>x</answer><answer>(A) left</answer>", 0.5),
        ("", 0.0),
    ],
)
def test_r1v_pays_half_for_the_format_and_half_for_the_answer(text, expected):
    assert reward(r1v_compat, text) == expected


def test_the_weight_of_the_format_is_an_option():
    assert reward(r1v_compat, "<think>t</think><answer>B</answer>", format_weight=0.1) == pytest.approx(0.1)


def test_r1v_reads_the_first_line_that_holds_a_whole_answer():
    text = "<think><answer>\n</think><answer>(A) left</answer> <answer>(B) right</answer>"
    assert reward(r1v_compat, text) == 1.0


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("<observe></observe><scene>no json</scene><think></think><answer> (a) LEFT </answer>", 1.0),
        ("<observe>o</observe>\n<scene>s</scene>\n<think>t</think>\n<answer>(B) right</answer>", 0.5),
        ("<observe>o</observe><think>t</think><scene>s</scene><answer>(A) left</answer>", 0.0),
        ("<think>t</think><answer>(A) left</answer>", 0.0),
        ("", 0.0),
    ],
)
def test_r1v_scene_wants_four_blocks_in_order(text, expected):
    assert reward(r1v_scene_compat, text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (r"<think>t</think> \boxed{5}", 1.0),
        (r"< think >t</ think > \boxed{5.0} and more", 1.0),
        (r"<think>t</think> \boxed{4}", 0.1),
        (r"\boxed{5}", 0.9),
        (r"<think>t</think> \boxed{4} \boxed{5}", 1.0),
        (r"<think>t</think> \boxed{5", 0.0),
        ("<think>t</think> 5", 0.0),
        ("", 0.0),
    ],
)
def test_math_pays_a_tenth_for_the_format(text, expected):
    assert reward(math_compat, text, NUMBER) == pytest.approx(expected)


def test_the_last_box_is_read_up_to_its_brace():
    assert boxed(r"\boxed{1} \boxed{\frac{1}{2}} }") == r"\frac{1}{2}"
    assert boxed(r"\boxed{1} \boxed{2") == "None"
    assert boxed("") == "None"


def test_blanks_at_tags_go_and_those_of_fractions_with_them():
    assert without_blanks_at_tags(" < think > a b < / think > ") == "<think>a b</think>"
    assert without_blanks_at_tags("1 / 2") == "1/2"
    assert without_blanks_at_tags(" a b ") == " a b "


def test_a_choice_whose_letter_has_no_option_is_a_mistake_in_the_data():
    wrong = Task(id="t3", question="", options=("left",), answer="B", answer_kind="choice")
    with pytest.raises(DataError, match="t3"):
        reward(r1v_compat, "", wrong)


def test_long_texts_take_time_in_proportion_to_their_length():
    start = time.perf_counter()
    for unit in ("<think>", "</think>", "<answer>", "</answer>", "</think> ", " ", "\n", r"\boxed{", "{", "<", "9"):
        for function in (r1v_compat, r1v_scene_compat, math_compat):
            reward(function, unit * (500_000 // len(unit)))
            reward(function, "<think>" + unit * (500_000 // len(unit)))
    assert time.perf_counter() - start < 20
