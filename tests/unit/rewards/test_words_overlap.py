import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spatialrl.rewards.words_overlap import (
    longest_common,
    rouge_l,
    rouge_n,
    rouge_tokens,
    word_accuracy,
    word_error_rate,
    word_errors,
    word_tokens,
)

WORDS = st.lists(st.sampled_from("abcd"), max_size=12)
steady = settings(derandomize=True, deadline=None, max_examples=200)


@pytest.mark.parametrize(
    ("reference", "hypothesis", "errors"),
    [
        ("the cat sat", "the cat sat", 0),
        ("the cat sat", "the dog sat", 1),
        ("the cat sat", "the sat", 1),
        ("the cat sat", "the big cat sat", 1),
        ("the cat sat", "", 3),
        ("the cat sat", "sat cat the", 2),
        ("", "the cat", 2),
    ],
)
def test_each_word_put_in_left_out_or_replaced_is_an_error(reference, hypothesis, errors):
    assert word_errors(reference.split(), hypothesis.split()) == errors


def test_the_rate_is_per_word_of_the_reference_and_has_no_upper_bound():
    assert word_error_rate(["a", "b"], ["a"]) == 0.5
    assert word_error_rate(["a"], ["b", "c", "d"]) == 3


def test_accuracy_is_what_the_rate_leaves_of_one():
    assert word_accuracy(["exit", "only", "please", "now"], ["exit", "only", "please"]) == 0.75
    assert word_accuracy(["exit"], ["exit", "exit"]) == 0
    assert word_accuracy([], []) == 0


@steady
@given(WORDS, WORDS)
def test_word_errors_are_a_distance(a, b):
    errors = word_errors(a, b)
    assert errors == word_errors(b, a)
    assert abs(len(a) - len(b)) <= errors <= max(len(a), len(b))
    assert (errors == 0) == (a == b)
    assert not a or word_accuracy(a, b) == max(0.0, 1 - errors / len(a))


def slow_longest_common(a, b):
    if not a or not b:
        return 0
    table = [[0] * (len(b) + 1) for _ in range(len(a) + 1)]
    for i, left in enumerate(a):
        for j, right in enumerate(b):
            table[i + 1][j + 1] = table[i][j] + 1 if left == right else max(table[i][j + 1], table[i + 1][j])
    return table[-1][-1]


@steady
@given(WORDS, WORDS)
def test_the_longest_common_subsequence_is_that_of_the_table(a, b):
    assert longest_common(a, b) == longest_common(b, a) == slow_longest_common(a, b)


def test_rouge_of_a_sentence_by_hand():
    reference = ["the", "cat", "was", "found", "under", "the", "bed"]
    hypothesis = ["the", "cat", "was", "under", "the", "bed"]
    assert rouge_n(reference, hypothesis, 1) == pytest.approx(2 * 6 / 13)
    assert rouge_n(reference, hypothesis, 2) == pytest.approx(2 * 4 / 11)
    assert rouge_l(reference, hypothesis) == pytest.approx(2 * 6 / 13)


def test_a_repeated_word_counts_as_often_as_the_other_text_has_it():
    assert rouge_n(["a", "b"], ["a", "a", "a", "a"], 1) == pytest.approx(2 / 6)


@pytest.mark.parametrize("hypothesis", [[], ["x"]])
def test_nothing_shared_is_0(hypothesis):
    assert rouge_n(["a"], hypothesis, 1) == rouge_n(["a"], hypothesis, 2) == rouge_l(["a"], hypothesis) == 0


def test_tokens_are_stems_of_letters_and_digits_from_four_letters_on():
    assert rouge_tokens("The CHAIRS' legs, was-hopping 3.5m!") == ["the", "chair", "leg", "was", "hop", "3", "5m"]
    assert rouge_tokens("椅子 und Tür") == ["und", "t", "r"]
    assert word_tokens("椅子 und Türen") == ["椅子", "und", "türen"]


@steady
@given(st.text(), st.text())
def test_rouge_of_any_texts_is_symmetric_and_0_to_1(a, b):
    left, right = word_tokens(a), word_tokens(b)
    for measure in (rouge_l, lambda x, y: rouge_n(x, y, 1), lambda x, y: rouge_n(x, y, 2)):
        assert measure(left, right) == measure(right, left)
        assert 0 <= measure(left, right) <= 1
    assert not left or rouge_l(left, left) == 1


def test_a_megabyte_of_words_is_measured_against_a_short_reference():
    many = ["a", "b"] * 250_000
    assert longest_common(["a"] * 20, many) == 20
    assert word_accuracy(["a"] * 20, many) == 0
    assert rouge_tokens("y" * 1_000_000) == ["y" * 1_000_000]
