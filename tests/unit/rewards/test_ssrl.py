from itertools import permutations
from statistics import fmean

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spatialrl.rewards.ssrl import (
    kendall_agreement,
    label_pair_accuracy,
    position_agreement,
    sequence_accuracy,
    think_boxed_format,
)
from spatialrl.types import Completion, Task, Unscored


def completion(text):
    return Completion(prompt_ids=(), token_ids=(), text=text)


def sequence_score(answer, truth="0-2-3-1", **options):
    task = Task(id="t1", question="?", answer=truth, answer_kind="sequence")
    return sequence_accuracy(task, completion(rf"\boxed{{{answer}}}"), **options)


def pair_score(answer, truth="3-0"):
    task = Task(id="t1", question="?", answer=truth, answer_kind="label_pair")
    return label_pair_accuracy(task, completion(f"<answer>{answer}</answer>"))


@pytest.mark.parametrize("answer", ["0-2-3-1", "0 - 2 - 3 - 1", "[0,2,3,1]", "0 2 3 1", "0->2->3->1", "0231", r"\text{0-2-3-1}"])  # fmt: skip
def test_the_true_sequence_counts_however_it_is_written(answer):
    assert sequence_score(answer) == 1


@pytest.mark.parametrize("answer", ["1-3-2-0", "0-2-3", "0-2-3-1-1", "0-0-0-0", "none", ""])
def test_other_sequences_are_worth_nothing(answer):
    assert sequence_score(answer) == 0


def test_partial_credit_is_a_share_of_the_agreement():
    assert sequence_score("0-2-1-3", partial="position") == pytest.approx(0.5 * 1 / 3)
    assert sequence_score("0-2-1-3", partial="kendall") == pytest.approx(0.5 * 4 / 6)
    assert sequence_score("0-2-1-3", partial="kendall", partial_share=0.3) == pytest.approx(0.3 * 4 / 6)
    assert sequence_score("0-2-3", partial="kendall") == 0


def test_the_reverse_agrees_in_nothing():
    for length in range(2, 8):
        order = list(range(length))
        assert kendall_agreement(order[::-1], order) == 0
    assert position_agreement([3, 2, 1, 0], [0, 1, 2, 3]) == 0


def test_labels_that_repeat_have_no_order_to_agree_with():
    assert kendall_agreement([1, 1, 2], [1, 1, 2]) == 1
    assert kendall_agreement([1, 2, 1], [1, 1, 2]) == 0


@pytest.mark.parametrize("partial", ["position", "kendall"])
@pytest.mark.parametrize("length", [2, 3, 4, 5, 6])
def test_guessing_earns_at_most_a_tenth_above_its_rate(length, partial):
    truth = "-".join(map(str, range(length)))
    guesses = ["-".join(map(str, order)) for order in permutations(range(length))]
    scores = [sequence_score(guess, truth, partial=partial) for guess in guesses]
    assert fmean(score for score in scores if isinstance(score, float)) <= 1 / len(guesses) + 0.1


ORDERS = st.integers(2, 7).flatmap(lambda n: st.tuples(st.permutations(range(n)), st.permutations(range(n))))


@settings(derandomize=True, deadline=None, max_examples=200)
@given(ORDERS)
def test_agreement_is_symmetric_and_1_for_equal_orders_only(orders):
    first, second = orders
    for measure in (position_agreement, kendall_agreement):
        assert measure(first, second) == measure(second, first)
        assert (measure(first, second) == 1) == (first == second)
        assert 0 <= measure(first, second) <= 1


def test_a_measure_is_no_sequence():
    measured = Task(id="t1", question="?", answer="12", answer_kind="number", unit="ft")
    assert isinstance(sequence_accuracy(measured, completion(r"\boxed{1-2}")), Unscored)


def test_a_truth_that_is_no_sequence_leaves_it_unscored():
    assert isinstance(sequence_score("0-1", truth="left"), Unscored)
    assert isinstance(pair_score("3-0", truth="left"), Unscored)


@pytest.mark.parametrize(("answer", "truth", "worth"), [("3-0", "3-0", 1), ("(3, 0)", "3-0", 1), ("0-3", "3-0", 0), ("3", "3-0", 0), ("Left; Near", "left-near", 1), ("left near", "left-near", 1), ("near, left", "left-near", 0), ("", "3-0", 0)])  # fmt: skip
def test_a_pair_is_right_in_both_labels_and_their_order(answer, truth, worth):
    assert pair_score(answer, truth) == worth


@pytest.mark.parametrize(
    ("text", "worth"),
    [
        (r"<think>t</think>\boxed{A}", 1),
        ("\n<think>t</think>\n The answer is \\boxed{A}.\n", 1),
        (r"<think>so \boxed{B}?</think>\boxed{A}", 1),
        (r"<think> </think>\boxed{A}", 0),
        (r"<think>...</think>\boxed{A}", 0),
        (r"<think>t</think>\boxed{}", 0),
        (r"<think>t</think>\boxed{A}\boxed{B}", 0),
        (r"<think>t</think>\boxed{A", 0),
        (r"<think>t</think></think>\boxed{A}", 0),
        (r"<think><think>t</think>\boxed{A}", 0),
        (r"<think>t \boxed{A}</think>", 0),
        (r"x<think>t</think>\boxed{A}", 0),
        ("", 0),
    ],
)
def test_the_format_is_one_thought_and_one_box(text, worth):
    task = Task(id="t1", question="?", answer="A", answer_kind="choice", options=("left", "right"))
    assert think_boxed_format(task, completion(text)) == worth
