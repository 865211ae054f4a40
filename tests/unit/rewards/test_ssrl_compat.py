"""The numbers of Spatial-SSRL's reward, holes included."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spatialrl.rewards.ssrl_compat import last_box, ssrl_compat, without_spaces_at_marks
from spatialrl.types import Completion, Scored, Task


def score(text, answer="0-2-3-1"):
    task = Task(id="t1", question="?", answer=answer, answer_kind="sequence")
    result = ssrl_compat(task, Completion(prompt_ids=(), token_ids=(), text=text))
    assert isinstance(result, Scored)
    return result


@pytest.mark.parametrize(
    ("text", "answer", "reward"),
    [
        (r"<think>t</think>\boxed{0-2-3-1}", "0-2-3-1", 1.0),
        (r"<think>t</think>So \boxed{ 0-2-3-1 } it is", "0-2-3-1", 1.0),
        (r"\boxed{0-2-3-1}", "0-2-3-1", 0.9),
        (r"<think>t</think>\boxed{1-2-3-0}", "0-2-3-1", 0.1),
        (r"<think>t</think>\boxed{0 - 2 - 3 - 1}", "0-2-3-1", 0.1),
        (r"<think>\boxed{A}</think>\boxed{B}", "A", 0.1),
        (r"<think>t</think>\boxed{B}\boxed{A}", "A", 1.0),
        (r"<think>t</think>\boxed{\text{A}}", "A", 0.1),
        (r"<think>t</think>\boxed{\text{A}}", r"\text{A}", 1.0),
        (r"<think>t</think>\boxed{A.}", "A", 0.1),
        (r"<think>t</think>\boxed{(A)}", "A", 0.1),
        (r"<think>t</think>\boxed{a}", "A", 0.1),
        (r"< think >t< / think >\boxed{A}", "A", 1.0),
        (r"<think>t<think></think></think>\boxed{A}", "A", 1.0),
        (r"x<think>t</think>\boxed{A}", "A", 0.9),
        ("<think></think>A", "A", 0.0),
        ("", "A", 0.0),
        ("", "None", 0.9),
    ],
)
def test_the_numbers_of_the_original(text, answer, reward):
    assert score(text, answer).reward == pytest.approx(reward)


def test_the_box_ends_where_its_braces_balance():
    assert last_box(r"\boxed{a{b}c} d}") == "a{b}c"
    assert last_box(r"\boxed{x}\boxed{a{b}c") == "None"
    assert last_box(r"\boxed{\boxed{A}}") == "A"


def test_blanks_around_brackets_and_slashes_go():
    assert without_spaces_at_marks(" a < b /\n c > ") == " a<b/c>"
    assert without_spaces_at_marks(" a b ") == " a b "
    assert without_spaces_at_marks("< / think > x") == "</think>x"


@settings(derandomize=True, deadline=None, max_examples=200)
@given(
    st.lists(st.sampled_from(["<think>", "</think>", "\\boxed{", "}", "{", "A", " ", "/"]), max_size=15).map("".join)
    | st.text()
)
def test_any_text_scores_0_to_1(text):
    assert score(text, "A").reward in (0, 0.1, 0.9, 1)


@pytest.mark.parametrize("unit", ["\\boxed{", "{", "}", " ", "<", "</think>", "/ "])
def test_a_megabyte_is_scored(unit):
    score("<think>" + unit * (1_000_000 // len(unit)))
    score(unit * (1_000_000 // len(unit)))
