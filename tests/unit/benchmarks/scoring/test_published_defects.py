"""One test for each defect of the published evaluators: `official` shows it where it is a rule, `strict` and the aggregates
do not have it."""

import pytest

from spatialrl.benchmarks.samples import Sample
from spatialrl.benchmarks.scoring import GRADERS, grade, summarise
from spatialrl.types import Task
from tests.unit.benchmarks.scoring.questions import Counting, Rules, choice, error, number, sample, text


def scores(metric: str, task: Task, response: str) -> tuple[float, float]:
    """Official and strict."""
    grader = GRADERS[metric]
    return grader.official(task, response).score, grader.strict(task, response).score


def headline(aggregate: str, samples: list[Sample], **arguments: object) -> float:
    return summarise(samples, benchmark=Rules(aggregate=Counting(aggregate, arguments))).headline


# SpatialThinker, evaluation/evals.py


@pytest.mark.parametrize("response", ["(B)", "B", "B) right", "(B) right.", "B. right", "Answer is (B)"])
def test_an_answer_that_is_no_options_very_text_does_not_become_a(response):
    assert scores("choice_spatialthinker", choice("B"), response) == (0, 1)
    assert scores("choice_spatialthinker", choice("A"), response) == (1, 0)


def test_the_form_a_model_was_trained_to_write_has_no_advantage():
    assert scores("choice_spatialthinker", choice("B"), "<answer>(B) right</answer>") == (1, 1)
    assert scores("choice_spatialthinker", choice("B"), "<answer>B</answer>") == (0, 1)


def test_an_answer_in_words_does_not_collapse_to_its_first_letter():
    official = GRADERS["choice_spatialthinker"].official
    assert [official(text("Blue"), said).score for said in ("b", "Blue", "blue.")] == [1, 0, 0]
    assert [GRADERS["text"].strict(text("Blue"), said).score for said in ("b", "Blue", "blue.")] == [0, 1, 1]


def test_two_options_with_the_same_text_are_not_told_apart_by_their_place():
    task = choice("A", options=("lamp", "lamp", "chair"))
    assert scores("choice_spatialthinker", task, "lamp") == (1, 0)
    assert GRADERS["choice_spatialthinker"].strict(task, "lamp").reason == "ambiguous"


def test_a_resumed_run_counts_what_was_answered_before():
    first, rest = [sample(1, id="1"), sample(1, id="2")], [sample(0, id="3"), sample(0, id="4")]
    assert headline("mean", first + rest) == 50


def test_the_last_pair_of_an_even_number_of_rows_counts():
    pairs = [sample(score, id=str(i), group=str(i // 2)) for i, score in enumerate([1, 1, 0, 0])]
    assert headline("view_consistency", pairs) == 50


def test_a_task_is_divided_by_its_own_number_of_questions():
    some = [sample(1, id="1", category="Count"), sample(0, id="2", category="Count")]
    (line,) = summarise(some, benchmark=Rules()).lines
    assert (line.name, line.num, line.score) == ("Count", 2, 50)


def test_more_rows_than_a_table_knows_do_not_make_more_than_everything():
    many = [sample(1, id=str(i), category="height") for i in range(400)]
    assert [line.score for line in summarise(many, benchmark=Rules()).lines] == [100]


def test_a_batch_that_failed_is_not_silently_wrong():
    failed = grade(choice("B"), None, benchmark=Rules(), error="out of memory")
    summary = summarise([sample(1, id="1"), failed], benchmark=Rules())
    assert (failed.is_error, summary.num_errors, summary.num) == (True, 1, 2)


def test_a_label_in_parentheses_is_the_letter():
    assert [scores("choice", choice("B"), said)[1] for said in ("(b)", "b", "(B)")] == [1, 1, 1]


def test_mmvp_counts_pairs():
    pairs = [sample(score, id=str(i), group=str(i // 2)) for i, score in enumerate([1, 0, 1, 0])]
    assert (headline("mean", pairs), headline("pair", pairs)) == (50, 0)


def test_hallusionbench_counts_figures_and_questions_too():
    # SET_FIGURE_QUESTION: three figures, one of which has a second question.
    ids = ["VS_map_a_0_0_0", "VS_map_a_0_0_1", "VS_map_a_0_1_0", "VS_map_a_0_2_0"]
    lines = summarise(
        [sample(id != ids[1], id=id) for id in ids], benchmark=Rules(aggregate=Counting("hallusion"))
    ).lines
    assert {line.name: round(line.score) for line in lines} == {"aAcc": 75, "fAcc": 67, "qAcc": 50}


def test_3dsrbench_is_right_in_every_order_of_the_options():
    turns = [sample(score, id=f"q-{i}", group="q", num_options="2") for i, score in enumerate([1, 0])]
    assert (headline("mean", turns), headline("circular", turns)) == (50, 0)


# SpaceR: VSI-Bench, STI-Bench, SPAR-Bench, TempCompass


def test_a_question_without_its_video_counts_as_wrong():
    assert headline("mean", [sample(1, id="1"), error(id="2")]) == 50


@pytest.mark.parametrize(("said", "truth", "official"), [("a distance of 3.5 meters", "3.5", 0), ("twenty five", "25", 0), ("-2.5", "-2.5", 1), ("1,200", "1200", 0), ("1e3", "1000", 0), ("2.5", "-2.5", 1)])  # fmt: skip
def test_a_number_is_read_as_it_is_written(said, truth, official):
    assert scores("vsi_spacer", number(truth), said) == (official, float(not (said == "2.5" and truth == "-2.5")))


def test_a_negative_target_is_not_met_by_everything():
    assert scores("vsi", number("-3"), "500") == (1, 0)


def test_a_target_of_zero_can_be_met():
    assert scores("vsi", number("0"), "0") == (0, 1)


@pytest.mark.parametrize("said", ["(A)", "A)", "Option A", "A: left", "left", "A,"])
def test_vsi_letters_need_no_special_form(said):
    assert scores("vsi_spacer", choice("A"), said) == (0, 1)


def test_directions_are_not_zero_where_one_of_three_is_missing():
    some = [sample(1, id="1", category="object_rel_direction_easy"), sample(0, id="2", category="route_planning")]
    assert headline("vsi", some) == 50


def spar(kind: str, answer: str = "B", options: tuple[str, ...] = ("left", "right")) -> Task:
    kind_of_answer = "choice" if options else "number"
    return Task(
        id="q", question="?", options=options, answer=answer, answer_kind=kind_of_answer, extra={"category": kind}
    )


def test_saying_nothing_on_spar_is_worth_nothing():
    assert scores("spar_bench", spar("position_matching"), "") == (1, 0)


def test_a_word_is_not_its_first_letter():
    assert scores("spar_bench", spar("position_matching", "A"), "apple") == (1, 0)


def test_a_depth_keeps_its_sign():
    assert scores("spar_bench", spar("depth_prediction_oc", "2.0", ()), "-2.0") == (1, 0)


def test_several_numbers_are_no_answer_to_spar():
    task = spar("depth_prediction_oc_mv", "3", ())
    assert scores("spar_bench", task, "first 2, then 3") == (1, 0)


MOTION = "move_right:1,move_forward:2"


def motion(truth: str) -> Task:
    return Task(id="q", question="?", answer=truth, answer_kind="text", extra={"category": "view_change_infer"})


def test_a_motion_is_measured_by_the_truth():
    # Half the motion: .1 over the truth, and 0 over the prediction, where it is twice as much.
    official, strict = scores("spar_bench", motion("move_right:2"), "move_right:1")
    assert official == pytest.approx((0 + 4) / 5)
    assert strict == pytest.approx(0.1)


def test_standing_still_is_no_answer_to_a_motion():
    assert scores("spar_bench", motion(MOTION), "move_up:0") == (pytest.approx(0.6), 0)


def test_a_motion_may_stand_in_a_sentence():
    assert scores("spar_bench", motion(MOTION), "It is move_right: 1 and move_forward: 2.") == (0, 1)


def test_the_level_middle_knows_view_changes():
    rows = [sample(1, id="1", category="view_change_infer"), sample(0, id="2", category="position_matching")]
    lines = summarise(rows, benchmark=Rules(aggregate=Counting("spar_bench"))).lines
    assert {line.name: line.score for line in lines}["Middle"] == 50


def test_the_overall_score_of_sti_bench_does_not_average_in_a_part_of_itself():
    rows = [sample(1, id="1", category="Spatial Relation"), sample(0, id="2", category="3D Video Grounding")]
    summary = summarise(rows, benchmark=Rules(aggregate=Counting("sti_bench")))
    # With the sub-score of 100 among the outputs it would be 66.7.
    assert summary.headline == 50
    assert {line.name: line.score for line in summary.lines}["spatial reasoning"] == 100


def test_a_sentence_about_the_answer_names_no_letter_by_accident():
    assert scores("sti_bench", choice("B"), "Answer: because it is far away") == (1, 0)


@pytest.mark.parametrize("said", ["The best option is B", "Best answer: B", "The answer is B"])
def test_prefixes_do_not_hide_the_letter(said):
    assert GRADERS["first_letter"].strict(choice("B"), said).score == 1


def test_the_first_capital_letter_of_a_sentence_is_no_answer():
    assert scores("first_letter", choice("A", options=("cup", "pot", "pan", "jar")), "A pan.") == (1, 0)


def test_no_is_not_the_beginning_of_nothing():
    task = Task(id="q", question="?", answer="no", answer_kind="text", extra={"kind": "yes_no"})
    assert scores("tempcompass", task, "Nothing moves, yes.") == (1, 0)


# Spatial-SSRL: VSI-Bench, What'sUp, Spatial457, its reward


@pytest.mark.parametrize(("said", "truth", "official", "strict"), [("3", "4", 0.5, 0.6), ("1", "2", 0.0, 0.1), ("4.2", "4", 0.9, 1.0)])  # fmt: skip
def test_a_relative_error_may_be_as_large_as_the_threshold(said, truth, official, strict):
    assert scores("vsi_spatial_ssrl", number(truth), rf"\boxed{{{said}}}") == (official, strict)


def test_the_question_and_not_the_prediction_decides_what_is_compared():
    official = GRADERS["vsi_spatial_ssrl"].official(choice("A"), r"\boxed{(A)}")
    assert (official.score, official.reason) == (0, "not_a_number")
    assert scores("vsi_spatial_ssrl", choice("A"), r"\boxed{(A)}")[1] == 1


def test_braces_inside_a_box_are_read():
    assert scores("vsi_spatial_ssrl", choice("A"), r"\boxed{\text{A}}") == (0, 1)


def test_the_average_of_vsi_counts_tasks_not_samples():
    rows = [sample(1, id=str(i), category="object_counting") for i in range(3)]
    rows += [sample(0, id="x", category="route_planning")]
    assert (headline("mean", rows), headline("vsi", rows)) == (75, 50)


def test_a_letter_that_stands_somewhere_in_the_response_is_no_hit():
    assert scores("whats_up", choice("A"), "All of them. B") == (1, 0)


def test_a_jet_is_no_airliner():
    assert scores("spatial457", text("airliner"), "{'Reasoning': 'r', 'Answer': 'jet'}") == (1, 0)


@pytest.mark.parametrize(("truth", "said"), [("Yes", "3"), ("No", "0")])
def test_a_number_is_neither_yes_nor_no(truth, said):
    assert scores("spatial457", text(truth), f"{{'Answer': '{said}'}}") == (1, 0)


def test_a_sequence_needs_no_special_form():
    task = Task(id="q", question="?", answer="0-2-3-1", answer_kind="sequence")
    assert scores("sequence", task, r"\boxed{0 - 2 - 3 - 1}") == (0, 1)


# SpatialReasoner and VLMEvalKit


def test_the_article_a_is_no_letter():
    assert scores("choice", choice("A", options=("cup", "pot")), "It is a pot. A pot!") == (1, 0)


def test_options_with_one_text_are_no_free_point():
    assert GRADERS["choice"].strict(choice("A", options=("lamp", "lamp")), "lamp").score == 0


def test_a_letter_in_the_reasoning_is_not_the_answer():
    assert scores("choice", choice("B"), "<think>So it must be B then.</think>left") == (1, 0)


def test_the_text_of_an_option_within_another_does_not_hide_it():
    task = choice("B", options=("left", "front left"))
    assert scores("choice", task, "front left") == (0, 1)


# VSI-Bench


@pytest.mark.parametrize("said", ["A)", " A", "A\nbecause", "Option A"])
def test_a_letter_is_read_wherever_it_stands(said):
    assert scores("vsi", choice("A"), said) == (0, 1)


def test_a_number_may_have_its_unit_beside_it():
    assert scores("vsi", number("2.5", "m"), "2.5m") == (0, 1)


@pytest.mark.parametrize(("said", "truth", "official", "strict"), [("8", "10", 0.6, 0.7), ("12", "10", 0.6, 0.7), ("55", "100", 0.1, 0.2)])  # fmt: skip
def test_floats_do_not_lose_a_step(said, truth, official, strict):
    assert scores("vsi", number(truth), said) == (official, strict)


# RoboSpatial, Q-Spatial, OCRBench, LEGO-Puzzles, MathVista, SpaceR's regression, mathruler


def test_robospatial_reads_the_final_answer():
    task = text("[(0.1, 0.1), (0.5, 0.1), (0.5, 0.5), (0.1, 0.5)]")
    assert scores("robospatial", task, "Not at (0.9, 0.9). <answer>[[0.2, 0.2]]</answer>") == (0, 1)
    assert scores("robospatial", text("no"), "Nothing hides it, yes") == (1, 0)


def test_a_thousands_separator_makes_no_mean_of_two_numbers():
    task = number("1200", "cm")
    said = r"\scalar{1,200} \distance_unit{cm}"
    assert scores("qspatial", task, said) == (0, 1)


def test_a_number_within_a_number_is_not_read():
    assert scores("ocr", text("5"), "150") == (1, 0)


def test_the_article_after_first_is_no_letter():
    said = "First a B brick, second A, third D, fourth C. So BADC"
    assert scores("lego", text("BADC"), said) == (1, 1)
    assert scores("lego", text("ABDC"), "first a b, second b, third d, fourth c") == (1, 0)


def test_a_number_with_a_unit_is_a_number():
    task = Task(id="q", question="?", answer="12", answer_kind="number", extra={"answer_type": "integer"})
    assert scores("mathvista", task, "12 cm") == (0, 1)


def test_nan_is_no_perfect_regression():
    assert scores("relative", number("3"), "<answer>nan</answer>") == (1, 0)


def test_five_metres_are_not_five_centimetres():
    assert scores("math", text("5 meters"), r"\boxed{5 cm}") == (1, 0)
