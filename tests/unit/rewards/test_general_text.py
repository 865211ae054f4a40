import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spatialrl.errors import ConfigError
from spatialrl.rewards.general_text import length_in_band, overlong_penalty, repetition_penalty
from spatialrl.types import Completion, FinishReason, Task, Unscored

TASK = Task(id="t1", question="Where?", answer="A", answer_kind="choice", options=("left", "right"))


def completion(token_ids, text="text", finish_reason: FinishReason = "stop"):
    return Completion(prompt_ids=(), token_ids=tuple(token_ids), text=text, finish_reason=finish_reason)


def of_length(num_tokens, **changes):
    return completion(range(num_tokens), **changes)


@pytest.mark.parametrize(
    ("num_tokens", "penalty"), [(1, 0), (60, 0), (80, 0), (85, -0.25), (90, -0.5), (100, -1), (5000, -1)]
)
def test_the_penalty_falls_in_a_line_over_the_buffer(num_tokens, penalty):
    assert overlong_penalty(TASK, of_length(num_tokens), max_tokens=100, buffer_tokens=20) == pytest.approx(penalty)


@pytest.mark.parametrize("buffer_tokens", [0, -1, 101])
def test_a_buffer_that_does_not_fit_is_a_mistake(buffer_tokens):
    with pytest.raises(ConfigError, match="1 to 100"):
        overlong_penalty(TASK, of_length(1), max_tokens=100, buffer_tokens=buffer_tokens)


@pytest.mark.parametrize(("num_tokens", "worth"), [(319, 0), (320, 1), (512, 1), (513, 0)])
def test_both_ends_of_the_band_belong_to_it(num_tokens, worth):
    assert length_in_band(TASK, of_length(num_tokens)) == worth
    assert length_in_band(TASK, of_length(num_tokens, finish_reason="length")) == 0


def test_an_empty_response_is_in_no_band():
    assert length_in_band(TASK, completion((), text=""), low=0, high=10) == 0


@pytest.mark.parametrize("text", [" \n", "<think></think>", ". . .", "\\boxed{}"])
def test_a_long_response_that_says_nothing_is_in_no_band(text):
    assert length_in_band(TASK, completion(range(400), text=text)) == 0


def test_without_token_ids_there_is_no_length():
    assert isinstance(length_in_band(TASK, completion(())), Unscored)
    assert isinstance(overlong_penalty(TASK, completion(()), max_tokens=9, buffer_tokens=3), Unscored)


def test_one_token_over_and_over_costs_nearly_all():
    assert repetition_penalty(TASK, completion([7] * 1000)) == pytest.approx(-1, abs=2e-3)


def test_different_tokens_cost_nothing():
    assert repetition_penalty(TASK, completion(range(1000))) == 0
    assert repetition_penalty(TASK, completion(())) == 0


def test_what_is_said_twice_is_half_repeated():
    text = completion([*range(100)] * 2)
    assert repetition_penalty(TASK, text, run_tokens=1, free_share=0) == pytest.approx(-0.5)
    assert repetition_penalty(TASK, text, run_tokens=1, free_share=0.2) == pytest.approx(-0.3 / 0.8)
    assert repetition_penalty(TASK, text, run_tokens=1, free_share=0.5) == 0


def test_words_count_where_there_are_no_tokens():
    assert repetition_penalty(TASK, completion((), "left right " * 50), run_tokens=2, free_share=0) < -0.9


@pytest.mark.parametrize("options", [{"run_tokens": 0}, {"free_share": 1.0}, {"free_share": -0.1}])
def test_options_that_mean_nothing_are_a_mistake(options):
    with pytest.raises(ConfigError, match="expected 1 or more"):
        repetition_penalty(TASK, of_length(5), **options)


@settings(derandomize=True, deadline=None, max_examples=200)
@given(st.lists(st.integers(0, 3), max_size=60))
def test_penalties_are_minus_1_to_0(token_ids):
    text = completion(token_ids, text="")
    assert -1 <= repetition_penalty(TASK, text, run_tokens=2) <= 0
    penalty = overlong_penalty(TASK, text, max_tokens=40, buffer_tokens=10)
    assert isinstance(penalty, float)
    assert -1 <= penalty <= 0
