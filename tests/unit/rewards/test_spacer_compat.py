"""The numbers of SpaceR's reward, holes included."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spatialrl.rewards.spacer_compat import first_number, spacer_compat
from spatialrl.types import AnswerKind, Completion, MapCell, Scored, Task, Unscored

CELLS = (MapCell(label="chair", column=1, row=2), MapCell(label="table", column=4, row=4))
EXACT = "{'chair': [[1, 2]], 'table': [[4, 4]]}"


def task(answer="A", kind: AnswerKind = "choice", **changes):
    return Task(id="t1", question="?", answer=answer, answer_kind=kind, **changes)


MAPPED = task(cognitive_map=CELLS)


def score(text, task, **options):
    return spacer_compat(task, Completion(prompt_ids=(), token_ids=(), text=text), **options)


def parts(text, task, **options):
    result = score(text, task, **options)
    assert isinstance(result, Scored)
    assert result.reward == result.parts["accuracy"] + result.parts["format"]
    return result.parts


def accuracy(answer, task):
    return parts(f"<think>t</think><answer>{answer}</answer>", task)["accuracy"]


def drawn(map_text, answer="A"):
    return f"<think><map>{map_text}</map></think><answer>{answer}</answer>"


@pytest.mark.parametrize(("answer", "worth"), [("A", 1), (" A\n", 1), ("a", 0), ("A.", 0), ("(A)", 0), ("", 0)])
def test_a_choice_is_the_letter_and_nothing_else(answer, worth):
    assert accuracy(answer, task()) == worth


def test_the_first_answer_counts():
    assert parts("<answer>A</answer><answer>B</answer>", task())["accuracy"] == 1
    assert parts("A", task())["accuracy"] == 0


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("a distance of 3.5 meters", 1),
        ("twenty five", 5),
        ("-2.5", 2.5),
        ("1,200", 1),
        ("1e3", 1),
        ("Twenty", 20),
        ("forty-two", 2),
        ("zero", 0),
        ("someone 7", 7),
        ("3.", 3),
        ("", None),
    ],
)
def test_the_number_they_read(text, value):
    assert first_number(text) == value


@pytest.mark.parametrize(
    ("answer", "truth", "worth"),
    [
        ("3", "4", 0.6),
        ("1", "2", 0.1),
        ("4.2", "4", 1),
        ("8", "10", 0.6),
        ("55", "100", 0.1),
        ("0", "0", 0),
        ("", "4", 0),
    ],
)
def test_a_number_is_worth_its_mra(answer, truth, worth):
    assert accuracy(answer, task(truth, "number")) == worth


@pytest.mark.parametrize(
    ("answer", "truth", "worth"),
    [
        ("3", "4", 0.75),
        ("1,200", "1200", 1),
        ("-4", "4", 0),
        ("3 m", "4", 0),
        ("", "4", 0),
        ("inf", "4", 0),
        ("nan", "4", 1),
    ],
)
def test_a_regression_is_worth_one_less_its_relative_error(answer, truth, worth):
    assert accuracy(answer, task(truth, "number", family="regression")) == pytest.approx(worth, abs=1e-8)


@pytest.mark.parametrize(
    ("answer", "worth"), [("no exit here", 1), ("no exit", 2 / 3), ("No exit here", 2 / 3), ("a b c d e f", 0), ("", 0)]
)
def test_transcribed_text_is_worth_one_less_the_word_error_rate(answer, worth):
    assert accuracy(answer, task("no exit here", "ocr")) == pytest.approx(worth)


@pytest.mark.parametrize(
    ("answer", "worth"),
    [("the red chairs", 1), ("The red chair.", 1), ("red chair", (0.8 + 2 / 3 + 0.8) / 3), ("sofa", 0)],
)
def test_free_text_is_worth_the_mean_of_three_rouges(answer, worth):
    assert accuracy(answer, task("the red chairs", "text")) == pytest.approx(worth)


def test_one_word_of_free_text_has_no_pair_of_words():
    assert accuracy("chair", task("chair", "text")) == pytest.approx(2 / 3)


@pytest.mark.parametrize(
    ("text", "worth"),
    [
        ("<think>t</think><answer>A</answer>", 1),
        ("<think></think>\n \n<answer></answer>", 1),
        ("<think>t</think><answer>A</answer><answer>B</answer>", 1),
        ("<think></think>x</think><answer>A</answer>", 1),
        ("<think>t</think><map>{}</map><answer>A</answer>", 0),
        ("<think>t</think><answer>A</answer>\n", 0),
        (" <think>t</think><answer>A</answer>", 0),
        ("<think>t<answer>A</answer>", 0),
        ("<think>t</think><answer></answer", 0),
        ("", 0),
    ],
)
def test_the_format_is_think_then_answer(text, worth):
    assert parts(text, task())["format"] == worth


def test_a_right_answer_gains_its_map():
    assert parts(drawn(EXACT), MAPPED) == {"accuracy": 2, "format": 1, "map": 1}
    far = 1 - 8 / 200**0.5
    assert parts(drawn("{'chair': [[1, 2]], 'table': [[4, 12]]}"), MAPPED)["accuracy"] == pytest.approx(
        1 + (1 + far) / 2
    )


def test_a_right_answer_with_a_map_that_shows_nothing_is_wrong():
    assert parts(drawn("no idea"), MAPPED) == {"accuracy": 0, "format": 1, "map": -1}
    assert parts(drawn(EXACT), task())["accuracy"] == 0


def test_no_map_costs_nothing_and_a_wrong_answer_gains_nothing():
    assert accuracy("A", MAPPED) == 1
    assert parts(drawn(EXACT, "B"), MAPPED) == {"accuracy": 0, "format": 1, "map": 0}


def test_a_number_gains_its_map_above_one_half():
    assert parts(drawn(EXACT, "3"), task("4", "number", cognitive_map=CELLS))["accuracy"] == pytest.approx(1.6)
    assert parts(drawn(EXACT, "2.9"), task("4", "number", cognitive_map=CELLS))["accuracy"] == 0.5
    regression = task("4", "number", family="regression", cognitive_map=CELLS)
    assert parts(drawn(EXACT, "4"), regression)["accuracy"] == pytest.approx(1)


def test_spatial_r1_has_no_maps():
    assert parts(drawn("no idea"), MAPPED, map_reward=False)["accuracy"] == 1


@pytest.mark.parametrize("kind", ["sequence", "label_pair", "box"])
def test_what_spacer_can_not_judge_is_unscored(kind):
    assert isinstance(score("<answer>1</answer>", task("1", kind)), Unscored)


PIECES = [
    "<think>",
    "</think>",
    "<answer>",
    "</answer>",
    "<map>",
    "</map>",
    "A",
    "4",
    "nan",
    "a",
    EXACT,
    " ",
    "[[1,",
    "é",
    "9" * 400,
]
TEXTS = st.lists(st.sampled_from(PIECES), max_size=12).map("".join) | st.text()
TASKS = [MAPPED, task("4", "number", cognitive_map=CELLS), task("4", "number", family="regression"), task("a sofa", "text"), task("no exit", "ocr")]  # fmt: skip


@settings(derandomize=True, deadline=None, max_examples=200)
@given(TEXTS, st.sampled_from(TASKS))
def test_any_text_scores_0_to_3(text, task):
    result = score(text, task)
    assert isinstance(result, Scored)
    assert math.isfinite(result.reward)
    assert 0 <= result.reward <= 3
    assert score(text, task) == result


@pytest.mark.parametrize(
    "unit", ["</think><answer>", "</think>", " ", "<answer>", "<map>", "9", "a ", "</answer>", "[", "</think> "]
)
def test_a_megabyte_is_scored(unit):
    text = unit * (1_000_000 // len(unit))
    for one in TASKS:
        for whole in (text, f"<think>{text}</think><answer>{text}</answer>", drawn(text, one.answer)):
            assert isinstance(score(whole, one), Scored)
