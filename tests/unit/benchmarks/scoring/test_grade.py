import pytest

from spatialrl.benchmarks.scoring import GRADERS, MODES, grade
from spatialrl.errors import ConfigError, DataError
from tests.unit.benchmarks.scoring.questions import Rules, choice, number

CHOICE, VSI = Rules("choice"), Rules("vsi")


@pytest.mark.parametrize("response", ["B", "(B)", "b.", "B) right", "right", "The answer is (B).", "<think>left or A?</think><answer>B</answer>", r"so \boxed{\text{B}}", "<think>A?</think>\nright", "Reasoning about A.\nAnswer: B", "<answer>B"])  # fmt: skip
def test_a_right_choice_is_right_in_any_spelling(response):
    assert grade(choice("B"), response, benchmark=CHOICE).score == 1


@pytest.mark.parametrize("response", ["A", "left", "A or B", "", "  ", "neither", "<think>B is right, since", "<answer></answer>B", "C"])  # fmt: skip
def test_nothing_is_chosen_for_the_model(response):
    assert grade(choice("B"), response, benchmark=CHOICE).score == 0


def test_what_could_not_be_read_has_a_reason_and_no_reading():
    sample = grade(choice("B"), "A or B", benchmark=CHOICE)
    assert (sample.parsed, sample.reason, sample.is_unread) == (None, "ambiguous", True)


@pytest.mark.parametrize(("response", "score"), [("350 cm", 1), ("<answer>3.5</answer>", 1), ("about 3.5 metres", 1), ("3.5 m (11.5 ft)", 1), ("3.5 s", 0), ("2 or 3.5", 0), ("", 0)])  # fmt: skip
def test_a_number_is_taken_in_the_unit_of_the_question(response, score):
    assert grade(number("3.5", "m"), response, benchmark=VSI).score == score


MRA = [("3", "4", 0.6, 0.6), ("1", "2", 0.1, 0.1), ("4.2", "4", 1.0, 1.0), ("8", "10", 0.6, 0.7), ("55", "100", 0.1, 0.2), ("4", "4", 1.0, 1.0), ("9", "4", 0.0, 0.0)]  # fmt: skip


@pytest.mark.parametrize(("response", "truth", "official", "strict"), MRA)
def test_mean_relative_accuracy_is_published_and_exact(response, truth, official, strict):
    scores = [grade(number(truth), response, benchmark=VSI, mode=mode).score for mode in MODES]
    assert scores == [official, strict]


def test_no_response_is_an_error_worth_nothing():
    sample = grade(choice("B"), None, benchmark=CHOICE, error="video x.mp4 is missing", prompt_hash="ab")
    assert (sample.score, sample.is_error, sample.is_unread) == (0, True, False)
    assert (sample.reason, sample.prompt_hash) == ("error: video x.mp4 is missing", "ab")


def test_a_sample_knows_what_aggregates_ask_for():
    sample = grade(choice("B", category="relation", group="7"), "B", benchmark=CHOICE)
    assert (sample.category, sample.group, sample.extra["num_options"]) == ("relation", "7", "2")


def test_a_question_whose_answer_is_no_option_is_named():
    with pytest.raises(DataError, match="The answer of question q is 'D'; expected a letter of its 2 options"):
        grade(choice("D"), "B", benchmark=CHOICE)


def test_a_metric_that_does_not_exist_is_named():
    with pytest.raises(ConfigError, match="metric is 'vsl'; there are: "):
        grade(choice("B"), "B", benchmark=Rules("vsl"))


@pytest.mark.parametrize("name", sorted(GRADERS))
def test_every_grader_names_whose_rule_it_is(name):
    assert GRADERS[name].source
    assert GRADERS[name].corrects
