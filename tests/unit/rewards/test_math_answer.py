import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spatialrl.rewards.math_answer import boxed_format, grade_answer, math_accuracy, same_answer
from spatialrl.types import Completion, Task, Unscored


def task(answer, **changes):
    return Task(**({"id": "t1", "question": "How much?", "answer": answer, "answer_kind": "number"} | changes))


def completion(text):
    return Completion(prompt_ids=(), token_ids=(), text=text)


@pytest.mark.parametrize(
    ("given", "truth"),
    [
        ("0.5", "1/2"),
        (r"\frac{1}{2}", "0.5"),
        (r"\dfrac12", "1/2"),
        ("2/4", "1/2"),
        ("4/2", "2"),
        ("1,200", "1200"),
        ("1e3", "1000"),
        ("2.0", "2"),
        (r"2\sqrt{3}", "sqrt(12)"),
        ("7 3/4", "31/4"),
        (r"1\frac{1}{2}", "1.5"),
        ("x = 5", "5"),
        ("$5$", "5"),
        ("500 cm", "5 m"),
        ("5 m", "5"),
        ("five", "5"),
        ("(1/2, 3)", "(0.5, 3)"),
        ("Left.", "left"),
        (r"\text{left}", "left"),
        ("(A) Left", "(A) left"),
        (r"\left(1, 2\right)", "(1,2)"),
    ],
)
def test_the_same_answer_in_another_spelling_is_right(given, truth):
    assert same_answer(given, truth)


@pytest.mark.parametrize(
    ("given", "truth"),
    [
        ("", ""),
        ("  ", "5"),
        ("5 m", "5 cm"),
        ("x + 5", "5"),
        ("2", "3"),
        ("left", "right"),
        ("A", "(A) left"),
        ("(1, 2)", "(2, 1)"),
        ("(1, 2)", "(1, 2, 3)"),
        ("1.414", "sqrt(2)"),
        ("5 " * 5000, "5"),
        ("9**9**9**9", "1"),
    ],
)
def test_another_answer_is_wrong(given, truth):
    assert not same_answer(given, truth)


@pytest.mark.parametrize(
    ("given", "truth", "verdict"),
    [
        ("(A) left", "(A) left", True),
        ("(a) LEFT", "(A) left", True),
        ("A", "(A) left", False),
        ("left", "(A) left", False),
        ("0.5", "1/2", True),
        ("0.25", "1/4", True),
        ("2/4", "1/2", False),
        ("4/2", "2", False),
        ("2.0", "2", True),
        ("10%", "10", True),
        ("50 degrees", "50", True),
        ("5 meters", "5 cm", True),
        (r"5\text{ cm}", "5", True),
        ("x=5", "5", True),
        ("3^2", "9", False),
        ("sqrt(8)", "2sqrt(2)", True),
        ("[1, 2]", "(1, 2)", False),
        ("(1, 0.5)", "(1, 1/2)", True),
        ("7 3/4", "7+3/4", True),
    ],
)
def test_the_published_grader_strikes_units_out_and_wants_reduced_fractions(given, truth, verdict):
    assert grade_answer(given, truth) is verdict


def test_where_the_original_asks_sympy_unknowns_are_not_compared():
    assert not grade_answer("x+1", "1+x")
    assert grade_answer("x+1", "x + 1")
    assert grade_answer("0.3", "0.1+0.2")


@pytest.mark.parametrize(
    "text",
    [
        "9**9**9**9",
        "(" * 100_000,
        "\\frac{" * 10_000,
        "{" * 10_000,
        "9" * 10_000,
        "- " * 900,
        "\\sqrt",
        "\x00",
        "\ud800",
    ],
)
def test_hostile_answers_are_wrong_and_cost_nothing(text):
    assert not grade_answer(text, "1")
    assert not same_answer(text, "1")


def test_the_answer_stands_in_its_tags_or_in_the_box():
    assert math_accuracy(task("1/2"), completion("<think>1/3</think><answer>0.5</answer>")) == 1
    assert math_accuracy(task("1/2"), completion(r"so \boxed{\frac{1}{2}}")) == 1
    assert math_accuracy(task("1/2"), completion("0.5")) == 0
    assert math_accuracy(task("1/2"), completion("")) == 0


def test_a_task_without_an_answer_is_unscored():
    assert isinstance(math_accuracy(task(" "), completion(r"\boxed{1}")), Unscored)


@pytest.mark.parametrize(
    ("text", "score"),
    [
        (r"<think>one and one</think> \boxed{2}", 1),
        (r"<think></think> \boxed{2}", 0),
        (r"<think> . </think> \boxed{2}", 0),
        (r"<think>one</think> \boxed{}", 0),
        (r"<think>one</think> \boxed{2} \boxed{3}", 0),
        (r"<think>one \boxed{2}</think>", 0),
        (r"<think>one</think><think>two</think> \boxed{2}", 0),
        (r"hm <think>one</think> \boxed{2}", 0),
        (r"\boxed{2}", 0),
        ("", 0),
    ],
)
def test_the_format_is_thought_and_then_one_box(text, score):
    assert boxed_format(task("2"), completion(text)) == score


@settings(derandomize=True, deadline=None, max_examples=200)
@given(st.text(max_size=80), st.text(max_size=80))
def test_any_two_texts_have_a_verdict(a, b):
    assert isinstance(grade_answer(a, b), bool)
    assert same_answer(a, a) is bool(a.strip())
    assert isinstance(same_answer(a, b), bool)


@settings(derandomize=True, deadline=None, max_examples=200)
@given(
    st.lists(
        st.sampled_from(["\\frac", "{", "}", "1", "2", "/", "(", ")", ",", "\\sqrt", "^", ".", "\\text{", " "]),
        max_size=30,
    )
)
def test_any_latex_has_a_verdict(pieces):
    assert isinstance(grade_answer("".join(pieces), "1/2"), bool)
    assert isinstance(same_answer("".join(pieces), "1/2"), bool)
