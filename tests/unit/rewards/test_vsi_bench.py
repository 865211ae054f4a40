import pytest

from spatialrl.rewards.vsi_bench import spacer_choice, vsi_choice, vsi_number


@pytest.mark.parametrize(("prediction", "score"), [("A", 1), ("a.", 1), ("A. because", 1), ("A)", 0), ("", 0), (" A", 0), ("Option A", 0), ("A\nbecause", 0)])  # fmt: skip
def test_the_official_letter_is_the_text_before_the_first_space(prediction, score):
    assert vsi_choice(prediction, "A") == score


@pytest.mark.parametrize(("prediction", "score"), [("3", 0.6), ("3. I think", 0.6), ("4.2", 1), ("2.5m", 0), (" 4", 0), ("four", 0), ("nan", 0), ("", 0), ("9" * 100_000, 0)])  # fmt: skip
def test_the_official_number_is_a_float_before_the_first_space(prediction, score):
    assert vsi_number(prediction, 4) == score


@pytest.mark.parametrize(("prediction", "score"), [("A", 1), ("Answer: a", 1), ("A. left", 1), (" A", 1), ("(A)", 0), ("E", 0), ("", 0), ("Answer:", 0)])  # fmt: skip
def test_spacer_takes_the_first_word_if_it_is_a_letter(prediction, score):
    assert spacer_choice(prediction, "A") == score
