import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spatialrl.rewards.spacer import (
    answer_accuracy,
    free_form_accuracy,
    mean_relative_accuracy,
    ocr_accuracy,
    regression_accuracy,
    think_format,
)
from spatialrl.types import AnswerKind, Completion, Task, Unscored


def task(answer, kind: AnswerKind, question="?", **changes):
    return Task(id="t1", question=question, answer=answer, answer_kind=kind, **changes)


def completion(text):
    return Completion(prompt_ids=(), token_ids=(), text=text)


def answered(answer):
    return completion(f"<think>t</think><answer>{answer}</answer>")


def number(worth):
    assert isinstance(worth, float | int)
    return worth


METRES = task("3.5", "number", unit="m")
CHOICE = task("A", "choice", options=("left", "right"))


@pytest.mark.parametrize(
    ("answer", "worth"),
    [
        ("3.5", 1),
        ("3.5 m", 1),
        ("350 cm", 1),
        ("a distance of 3.5 meters", 1),
        ("three point five", 1),
        ("2.8", 0.7),
        ("-3.5", 0),
        ("3.5 m2", 0),
        ("3 or 4", 0),
        ("far", 0),
        ("", 0),
    ],
)
def test_a_measure_is_worth_its_mra_in_the_unit_of_the_task(answer, worth):
    assert mean_relative_accuracy(METRES, answered(answer)) == worth


@pytest.mark.parametrize(
    ("answer", "truth"),
    [("a distance of 3.5 meters", "3.5"), ("twenty five", "25"), ("-2.5", "-2.5"), ("1,200", "1200"), ("1e3", "1000")],
)
def test_numbers_that_the_original_misread_are_right(answer, truth):
    assert mean_relative_accuracy(task(truth, "number"), answered(answer)) == 1


@pytest.mark.parametrize(("prediction", "target", "worth"), [(3, 4, 0.6), (1, 2, 0.1), (4.2, 4, 1), (8, 10, 0.7), (55, 100, 0.2), (0, 0, 1)])  # fmt: skip
def test_the_goldens_in_exact_arithmetic(prediction, target, worth):
    assert mean_relative_accuracy(task(str(target), "number"), answered(prediction)) == worth


def test_a_regression_is_worth_one_less_its_relative_error():
    assert regression_accuracy(METRES, answered("2.8 m")) == pytest.approx(0.8)
    assert regression_accuracy(METRES, answered("nan")) == 0
    assert answer_accuracy(task("4", "number", family="regression"), answered("3")) == 0.75


@settings(derandomize=True, deadline=None, max_examples=200)
@given(st.integers(0, 10_000), st.integers(0, 10_000), st.integers(1, 10_000))
def test_the_larger_error_is_never_worth_more(first, second, target):
    near, far = sorted((first, second), key=lambda value: abs(value - target))
    for part in (mean_relative_accuracy, regression_accuracy):
        worths = [number(part(task(str(target), "number"), answered(value))) for value in (far, near)]
        assert worths == sorted(worths)


def test_a_transcript_is_worth_one_less_its_word_error_rate():
    sign = task("NO EXIT here", "ocr")
    assert [
        ocr_accuracy(sign, answered(text)) for text in ("NO EXIT here", "ＮＯ EXIT\nhere", "NO EXIT", "no", "x " * 99)
    ] == [
        1,
        1,
        pytest.approx(2 / 3),
        0,
        0,
    ]


def test_equal_free_text_is_worth_1_however_short():
    assert free_form_accuracy(task("chair", "text"), answered("Chairs!")) == 1
    assert free_form_accuracy(task("the red chair", "text"), answered("The red chair.")) == 1
    assert free_form_accuracy(task("椅子", "text"), answered("椅子")) == 1
    assert free_form_accuracy(task("chair", "text"), answered("")) == 0


def test_free_text_is_worth_what_it_shares_above_chance():
    # Whole texts: ROUGE-1 0.8, ROUGE-2 2/3, ROUGE-L 0.8; without the article both are the same.
    shared = (0.8 + 2 / 3 + 0.8) / 3
    assert free_form_accuracy(task("the red chair", "text"), answered("red chair")) == pytest.approx(
        (shared - 0.25) / 0.75
    )
    assert number(free_form_accuracy(task("a dog on a mat", "text"), answered("a cat on a rug"))) < 0.05


def test_silence_is_not_the_answer_a():
    assert free_form_accuracy(task("A", "text"), answered("")) == 0
    assert free_form_accuracy(task("A", "text"), answered("A")) == 1


def test_words_of_the_question_are_no_knowledge():
    left = task("left of", "text", question="Is the cup left of or right of the plate?")
    worths = [
        free_form_accuracy(left, answered(text))
        for text in ("left of", "Left of.", "right of", "left", "left of or right of")
    ]
    assert worths == [1, 1, 0, 0, 0]
    # Of `a green lamp behind it`, green and lamp are new; neither is in the answer that repeats the question.
    behind = task("a green lamp behind it", "text", question="What is behind it?")
    assert free_form_accuracy(behind, answered("what is behind it")) == 0
    assert free_form_accuracy(behind, answered("a green lamp behind it")) == 1


def test_each_kind_of_answer_has_its_judge():
    judged = {
        "choice": (CHOICE, "(A) left"),
        "number": (METRES, "3.5 m"),
        "text": (task("chair", "text"), "chair"),
        "ocr": (task("EXIT", "ocr"), "EXIT"),
        "sequence": (task("0-2-1", "sequence"), "0, 2, 1"),
        "label_pair": (task("left-near", "label_pair"), "left, near"),
        "box": (task("[0, 0, 10, 20]", "box"), "[0, 0, 10, 20]"),
    }
    assert {kind: answer_accuracy(one, answered(answer)) for kind, (one, answer) in judged.items()} == dict.fromkeys(
        judged, 1
    )


def test_a_box_counts_where_no_answer_block_is():
    assert answer_accuracy(METRES, completion(r"so \boxed{3.5\text{ m}}")) == 1


@pytest.mark.parametrize(("answer", "worth"), [("A", 1), ("(A)", 1), ("left", 1), ("B", 0), ("A or B", 0), ("", 0)])
def test_a_choice_is_its_letter_or_its_text(answer, worth):
    assert answer_accuracy(CHOICE, answered(answer)) == worth


@pytest.mark.parametrize(
    "lacking",
    [task("C", "choice", options=("left", "right")), task("far", "number"), task("?!", "text"), task(" ", "ocr")],
)
def test_a_task_without_a_truth_is_unscored(lacking):
    result = answer_accuracy(lacking, answered("1"))
    assert isinstance(result, Unscored)
    assert "t1" in result.reason


@pytest.mark.parametrize(
    ("text", "worth"),
    [
        ("<think>t</think><answer>A</answer>", 1),
        ("\n<think>\nt\n</think>\n\n<answer> A </answer>\n", 1),
        ("<think></think><answer>A</answer>", 0),
        ("<think>. . .</think><answer>A</answer>", 0),
        ("<think>t</think><answer> </answer>", 0),
        ("<think>t</think><answer>A</answer><answer>A</answer>", 0),
        ("<think>t</think><answer>A</answer> junk", 0),
        ("junk <think>t</think><answer>A</answer>", 0),
        ("<think>t</think> junk <answer>A</answer>", 0),
        ("<answer>A</answer><think>t</think>", 0),
        ("<think>t<answer>A</answer></think>", 0),
        ("<think>t</think>A</answer><answer>", 0),
        ("<think>t</think><answer>A", 0),
        ("", 0),
    ],
)
def test_the_format_is_one_thought_then_one_answer_and_nothing_else(text, worth):
    assert think_format(CHOICE, completion(text)) == worth


def test_a_tag_with_a_question_mark_has_its_place_and_may_be_missing():
    tags = ("think", "map?", "answer")
    with_map = "<think>t</think><map>{1}</map><answer>A</answer>"
    assert think_format(CHOICE, completion(with_map)) == 0
    assert think_format(CHOICE, completion(with_map), tags=tags) == 1
    assert think_format(CHOICE, completion(with_map.replace("<map>{1}</map>", "")), tags=tags) == 1
    assert think_format(CHOICE, completion("<map>{1}</map>" + with_map.replace("<map>{1}</map>", "")), tags=tags) == 0
    assert think_format(CHOICE, completion(with_map.replace("{1}", "")), tags=tags) == 0
    assert think_format(CHOICE, completion(" "), tags=("map?",)) == 0


PIECES = [
    "<think>",
    "</think>",
    "<answer>",
    "</answer>",
    "\\boxed{",
    "}",
    "A",
    "left",
    "3.5",
    " m",
    "-",
    ",",
    "chair",
    "é",
    "9" * 400,
]
TASKS = [CHOICE, METRES, task("4", "number", family="regression"), task("a chair", "text"), task("NO EXIT", "ocr"), task("1-2", "sequence"), task("left-near", "label_pair")]  # fmt: skip


@settings(derandomize=True, deadline=None, max_examples=200)
@given(st.lists(st.sampled_from(PIECES), max_size=12).map("".join) | st.text(), st.sampled_from(TASKS))
def test_any_text_is_worth_0_to_1(text, one):
    for part in (answer_accuracy, think_format):
        worth = part(one, completion(text))
        assert isinstance(worth, float)
        assert math.isfinite(worth)
        assert 0 <= worth <= 1
        assert part(one, completion(text)) == worth


@pytest.mark.parametrize("unit", ["<think>", "</answer>", " ", "9", "a ", "left ", "[", "\\boxed{"])
def test_a_megabyte_is_judged(unit):
    text = unit * (1_000_000 // len(unit))
    for one in TASKS:
        for whole in (text, f"<answer>{text}</answer>"):
            assert 0 <= number(answer_accuracy(one, completion(whole))) <= 1
            assert think_format(one, completion(whole)) == 0


@pytest.mark.parametrize("text", ["", " ", "<answer></answer>", "\\boxed{}", "<think></think><answer></answer>"])
def test_emptiness_is_worth_nothing(text):
    for one in TASKS:
        assert answer_accuracy(one, completion(text)) == think_format(one, completion(text)) == 0
