import dataclasses

import pytest

from spatialrl.benchmarks.scoring import GRADERS
from spatialrl.types import Media, Task
from tests.unit.benchmarks.scoring.questions import choice, number, text

IMAGE = (Media(kind="image", path="x.png", width=200, height=100),)
SQUARE = "[[0.1, 0.1], [0.5, 0.1], [0.5, 0.5], [0.1, 0.5]]"


def strict(metric, task, response):
    return GRADERS[metric].strict(task, response).score


def official(metric, task, response):
    return GRADERS[metric].official(task, response).score


@pytest.mark.parametrize(("response", "score"), [("Yes", 1), ("yes, it is not hidden", 1), ("**Yes**", 1), ("The answer is yes.", 1), ("(A)", 1), ("<answer>Yes</answer>", 1), ("No", 0), ("Not sure", 0), ("", 0), ("yes or no", 0), ("It is there", 0), ("<think>no?</think>Yes", 1)])  # fmt: skip
def test_yes_is_read_from_the_final_answer(response, score):
    assert strict("yes_no", choice("A", options=("Yes", "No")), response) == score
    assert strict("yes_no", text("yes"), response) == score


@pytest.mark.parametrize(("response", "score"), [("Yes.", 1), ("Yes, no doubt", 0), ("Is it? Yes!", 1), ("Nothing", 0), ("", 0)])  # fmt: skip
def test_vlmevalkit_wants_exactly_one_of_the_two_words(response, score):
    assert official("yes_no", text("yes"), response) == score


@pytest.mark.parametrize(("metric", "truth", "response", "scores"), [
    ("count", "3", "3", (1, 1)), ("count", "3", "three chairs", (0, 1)), ("count", "3", "4", (0, 0)), ("count", "3", "2.9", (0, 0)),
    ("relative", "4", "<answer>3</answer>", (0.75, 0.75)), ("relative", "4", "<answer>9</answer>", (0, 0)), ("relative", "4", "3", (0, 0.75)),
    ("number", "10", "9.5", (1, 1)), ("number", "10", "about 9.5", (0, 1)),
])  # fmt: skip
def test_numbers_by_their_rules(metric, truth, response, scores):
    assert (official(metric, number(truth), response), strict(metric, number(truth), response)) == pytest.approx(scores)


@pytest.mark.parametrize(("response", "score"), [("A", 1), ("A.", 1), ("The answer is A", 1), ("cup", 1), ("a big cup", 1), ("A or B", 0), ("B", 0), ("Cannot determine the answer", 0)])  # fmt: skip
def test_exact_matching_takes_the_one_letter_else_the_one_text(response, score):
    assert official("choice", choice("A", options=("cup", "pot")), response) == score


def test_exact_matching_does_not_look_for_texts_in_long_responses():
    long = "I believe that what we see here is a cup"
    assert official("choice", choice("A", options=("cup", "pot")), long) == 0
    assert official("choice_spatial_ssrl", choice("A", options=("cup", "pot")), long) == 1


@pytest.mark.parametrize(("response", "scores"), [("(0.2, 0.2)", (1, 1)), ("[0.2, 0.2]", (1, 1)), ("[(0.9, 0.9), (0.2, 0.2)]", (0, 0.5)), ("(0.9, 0.9)", (0, 0)), ("[0.2, 0.2, 0.3]", (0, 0)), ("", (0, 0))])  # fmt: skip
def test_a_point_is_right_inside_the_polygon(response, scores):
    assert (official("robospatial", text(SQUARE), response), strict("robospatial", text(SQUARE), response)) == scores


@pytest.mark.parametrize(("frame", "response"), [("unit", "(0.3, 0.3)"), ("thousandths", "(300, 300)"), ("pixels", "(60, 30)")])  # fmt: skip
def test_a_point_is_taken_in_the_frame_the_model_writes_in(frame, response):
    task = dataclasses.replace(text(SQUARE, point_frame=frame), media=IMAGE)
    assert strict("point", task, response) == 1


@pytest.mark.parametrize(("response", "score"), [("[0, 0, 10, 10]", 1), ("[0, 0, 10, 5]", 1), ("[0, 0, 10, 4]", 0), ("[5, 5, 15, 15]", 0), ("none", 0)])  # fmt: skip
def test_a_box_is_right_from_half_overlap(response, score):
    task = Task(id="q", question="?", answer="[0, 0, 10, 10]", answer_kind="box", media=IMAGE)
    assert strict("box", task, response) == score


@pytest.mark.parametrize(("response", "published", "scores"), [
    (r"\scalar{2} \distance_unit{meters}", 1, (1, 0)), (r"\scalar{2.1} \distance_unit{m}", 1, (1, 1)), (r"\scalar{12} \distance_unit{feet}", 1, (1, 1)),
    (r"\scalar{150} \distance_unit{cm}", 1, (0, 0)), (r"\scalar{140} \distance_unit{cm}", 0, (0, 0)), (r"\scalar{3} \distance_unit{parsec}", 0, (0, 0)), ("none", 0, (0, 0)),
])  # fmt: skip
def test_a_distance_is_right_within_a_factor(response, published, scores):
    """Exactly half passes officially: a hundred millionth is added to both sides."""
    task = number("3", "m")
    assert official("qspatial", task, response) == published
    assert (strict("qspatial", task, response), strict("qspatial_1_5", task, response)) == scores


@pytest.mark.parametrize(("response", "score"), [("about 3 m", 1), ("300 centimeters", 1), ("10 ft", 1), ("3", 1), ("7 m", 0), ("-3 m", 0), ("3 kg", 1), ("2 m or 3 m", 0)])  # fmt: skip
def test_a_distance_is_read_in_any_unit(response, score):
    assert strict("qspatial", number("3", "m"), response) == score


@pytest.mark.parametrize(("truth", "response", "scores"), [
    ("suv", "{'Reasoning': 'r', 'Answer': 'SUV'}", (1, 1)), ("2", "{'Reasoning': 'r', 'Answer': 'two'}", (1, 1)), ("2", "{'Answer': 2}", (1, 1)),
    ("road bike", "{'Answer': 'Road bike'}", (1, 1)), ("Yes", "yes", (1, 1)), ("No", "None", (1, 0)), ("suv", "{'Answer': 'left'}", (0, 0)), ("left", "", (0, 0)),
])  # fmt: skip
def test_spatial457_reads_the_field_it_asks_for(truth, response, scores):
    assert (official("spatial457", text(truth), response), strict("spatial457", text(truth), response)) == scores


@pytest.mark.parametrize(("response", "scores"), [("BADC", (1, 1)), ("The order is B, A, D, C.", (0, 1)), ("B -> A -> D -> C", (0, 1)), ("ABCD", (0, 0)), ("BADC or ABCD", (1, 0)), ("", (0, 0)), ("first b, second a, third d, fourth c", (1, 0))])  # fmt: skip
def test_an_order_of_letters(response, scores):
    assert (official("lego", text("BADC"), response), strict("lego", text("BADC"), response)) == scores


@pytest.mark.parametrize(("kind", "answer", "response", "scores"), [
    ("float", "1.45", "1.45", (1, 1)), ("float", "1.45", "The answer is: 1.453", (0, 1)), ("integer", "12", "x = 12", (0, 1)), ("text", "60°", "60 degrees", (0, 1)), ("integer", "12", "13", (0, 0)),
])  # fmt: skip
def test_mathvista_compares_in_the_places_asked_for(kind, answer, response, scores):
    places = {"float": "2", "integer": "0"}.get(kind, "")
    task = Task(
        id="q", question="?", answer=answer, answer_kind="text", extra={"answer_type": kind, "precision": places}
    )
    assert (official("mathvista", task, response), strict("mathvista", task, response)) == scores


@pytest.mark.parametrize(("kind", "response", "scores"), [
    ("multi-choice", "B. falling", (1, 1)), ("multi-choice", "(B)", (0, 1)), ("multi-choice", "A", (0, 0)),
    ("caption_matching", "Caption B", (1, 1)), ("caption_matching", "falling", (1, 1)), ("caption_matching", "Caption B: falling", (1, 1)),
])  # fmt: skip
def test_tempcompass_by_kind_of_question(kind, response, scores):
    task = choice("B", options=("rising", "falling"), kind=kind)
    assert (official("tempcompass", task, response), strict("tempcompass", task, response)) == scores


@pytest.mark.parametrize(("response", "scores"), [
    ("Option 2", (1, 1)), ("Option 2.", (1, 1)), ("2", (1, 1)), ("2.", (1, 1)), ("Option 2: A man sits: he reads.", (1, 1)),
    ("A man sits", (1, 0)), ("2) A man sits", (1, 0)), ("A man sits: he reads.", (0, 1)), ("option 2", (0, 1)),
    ("The answer is Option 2.", (0, 1)), ("<think>1?</think><answer>Option 2</answer>", (1, 1)),
    ("Option 1", (0, 0)), ("1) A man runs.", (0, 0)), ("A man runs.", (0, 0)), ("Option 1 or Option 2", (0, 0)), ("", (0, 0)), ("A man", (0, 0)),
])  # fmt: skip
def test_a_caption_is_matched_by_the_name_its_row_gives_it(response, scores):
    task = choice("B", options=("A man runs.", "A man sits: he reads."), kind="caption_matching", label="Option 1")
    assert (official("tempcompass", task, response), strict("tempcompass", task, response)) == scores


@pytest.mark.parametrize(("metric", "truth", "response", "scores"), [
    ("text", "The red car", "red car.", (0, 1)), ("text", "red", "the red car", (0, 0)), ("text", '["car", "auto"]', "Auto", (0, 1)),
    ("ocr", "STOP", "It says stop.", (1, 1)), ("ocr", "['open', 'offen']", "offen", (1, 1)), ("ocr", "ten", "often", (1, 0)),
    ("transcription", "a b c d", "<answer>a b c x</answer>", (0.75, 0.75)),
    ("chart", "100", "104", (1, 1)), ("chart", "100", "about 104 km", (0, 1)), ("chart", "100", "106", (0, 0)), ("chart", "Asia", "asia", (1, 1)),
])  # fmt: skip
def test_words_by_their_rules(metric, truth, response, scores):
    assert (official(metric, text(truth), response), strict(metric, text(truth), response)) == pytest.approx(scores)


def test_in_rooms_of_our_own_things_are_counted_and_lengths_are_measured():
    assert strict("scenes", number("4"), "5") == 0
    assert strict("scenes", number("4", "m"), "5") == pytest.approx(0.6)
    assert strict("scenes", choice("B"), "right") == 1


TASKS = {
    "count": number("3"), "number": number("3"), "relative": number("3"), "qspatial": number("3", "m"), "qspatial_1_5": number("3", "m"),
    "chart": number("3"), "yes_no": text("no"), "robospatial": text(SQUARE), "point": text(SQUARE), "text": text("cup"), "ocr": text("cup"),
    "transcription": text("a cup"), "free_form": text("a cup"), "math": text("3"), "spatial457": text("suv"), "lego": text("BADC"),
    "box": Task(id="q", question="?", answer="[0, 0, 9, 9]", answer_kind="box", media=IMAGE),
    "sequence": Task(id="q", question="?", answer="2-1-3", answer_kind="sequence"),
    "spar_bench": Task(id="q", question="?", answer="move_up:1", answer_kind="text", extra={"category": "view_change_infer"}),
}  # fmt: skip
ODD = ["", " ", "\0", "é" * 3000, "<answer>", "</answer>", "<answer></answer>", r"\boxed{", r"\boxed{}", "(((", "A" * 20_000, "nan", "inf", "-", "1e999", "9" * 5000, "🙂", "a:b,c", "Answer:", "[]", "{}", "None", "(1,", "<think>", "0/0", "A:B:C"]  # fmt: skip


@pytest.mark.parametrize("name", sorted(GRADERS))
def test_any_text_gets_a_score(name):
    task = TASKS.get(name, choice("B"))
    for response in ODD:
        for rule in (GRADERS[name].official, GRADERS[name].strict):
            assert 0 <= rule(task, response).score <= 1, response


@pytest.mark.parametrize("name", sorted(GRADERS))
def test_saying_nothing_is_worth_nothing(name):
    task = TASKS.get(name, choice("B"))
    for response in ("", "  \n", "<answer></answer>", r"\boxed{}", "<think>3 B no</think>"):
        grade = GRADERS[name].strict(task, response)
        assert (grade.score, grade.parsed is None or not grade.parsed.strip()) == (0, True), response
