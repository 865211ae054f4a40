"""What always saying the same would earn."""

from dataclasses import replace
from pathlib import Path

import pytest

from spatialrl.data.inspection.finding import Finding, beyond
from spatialrl.data.inspection.sides import sides_named
from spatialrl.report.intervals import Share
from spatialrl.types import Task
from tests.unit.data.inspection.planted import finding, inspected, not_ok, text_row


def choices(letters: str, *, options: tuple[str, ...] = ("a cube", "a ball")) -> list[Task]:
    tasks = [text_row(f"c{number}", letter, family="what") for number, letter in enumerate(letters)]
    return [replace(task, answer_kind="choice", options=options) for task in tasks]


def words(*counts: tuple[str, int], **changes: object) -> list[Task]:
    """So many rows of each answer."""
    return [text_row(f"{word}-{number}", word, **changes) for word, count in counts for number in range(count)]


def labels(found: Finding, title: str) -> dict[str, float]:
    return {bar.label: bar.count for bars in found.bars if bars.title == title for bar in bars.bars}


@pytest.mark.parametrize(
    ("right", "total", "chance", "verdict"),
    [
        (50, 100, 0.5, "ok"),
        # The Wilson interval of 60 of 100 starts at 50.2 %, that of 66 at 56.3 %.
        (60, 100, 0.5, "ok"),
        (66, 100, 0.5, "look"),
        # That of 84 of 100 starts at 75.6 %.
        (84, 100, 0.5, "stop"),
        (9, 10, 0.5, "look"),
        (3, 3, 0.5, "ok"),
        (100, 100, 1.0, "ok"),
    ],
)
def test_a_verdict_goes_by_the_interval(right: int, total: int, chance: float, verdict: str):
    assert beyond(Share(right=right, total=total), chance) == verdict


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("left", [("left / right", 0)]),
        ("To the right of it.", [("left / right", 1)]),
        ("left or right", []),
        ("upper left", [("left / right", 0), ("above / below", 0)]),
        ("counter-clockwise", [("clockwise / counterclockwise", 1)]),
        ("counter clockwise", [("clockwise / counterclockwise", 1)]),
        ("clockwise", [("clockwise / counterclockwise", 0)]),
        ("Yes.", [("yes / no", 0)]),
        ("nothing", []),
        ("upright", []),
    ],
)
def test_an_answer_names_one_side_of_a_pair(text: str, named: list[tuple[str, int]]):
    assert sides_named(text) == named


def test_a_side_that_is_right_more_often_is_told_with_its_interval(tmp_path: Path):
    found = inspected(tmp_path, words(("left", 30), ("right", 10), ("above", 20), ("below", 20)))
    assert not_ok(found) == {"sides": "look"}
    assert finding(found, "sides").examples == ("left 30, right 10: left is 75.0 %, surely between 59.8 % and 85.8 %",)


def test_nearly_always_the_same_side_stops(tmp_path: Path):
    found = inspected(tmp_path, words(("no", 57), ("yes", 3)))
    # Wilson: 5 % of 60 is at most 13.7 %.
    assert not_ok(found) == {"answers": "stop", "sides": "stop"}
    assert finding(found, "sides").examples[0].startswith("yes 3, no 57: yes is 5.0 %, surely between 1.7 % and 13.7 %")


def test_what_one_source_has_too_often_another_does_not_hide(tmp_path: Path):
    one, other = words(("left", 40), ("right", 10)), words(("left", 10), ("right", 40), source="others")
    found = inspected(tmp_path, [*one, *(replace(task, id=f"o{task.id}") for task in other)])
    assert [example.split(":")[0] for example in finding(found, "sides").examples] == ["others", "words"]


def test_sentences_and_few_answers_name_no_side(tmp_path: Path):
    long = "The man on the left walks to the door and opens it"
    found = inspected(tmp_path, [*words((long, 40)), *words(("left", 2))])
    assert finding(found, "sides").verdict == "ok"
    assert labels(finding(found, "sides"), "Sides of answers") == {"left / right": 2}


def test_the_commonest_answer_is_told_for_each_family(tmp_path: Path):
    even = words(*((word, 5) for word in ("red", "green", "blue", "grey")), family="colour")
    uneven = words(("chair", 30), ("table", 2), family="thing")
    found = inspected(tmp_path, [*even, *uneven])
    assert not_ok(found) == {"answers": "stop"}
    assert finding(found, "answers").examples == ("words, thing: chair, 93.8 % of 32",)
    assert labels(finding(found, "answers"), "Answers: text")["chair"] == 30


def test_numbers_have_quantiles_by_unit(tmp_path: Path):
    metres = [replace(task, answer_kind="number", unit="m") for task in words(*((str(n / 10), 1) for n in range(101)))]
    counts = [replace(task, answer_kind="number", id=f"n{task.id}") for task in words(("2", 3), ("8", 3))]
    found = finding(inspected(tmp_path, [*metres, *counts]), "answers")
    assert labels(found, "Numbers in m") == {
        "0 %": 0.0,
        "5 %": 0.5,
        "25 %": 2.5,
        "50 %": 5.0,
        "75 %": 7.5,
        "95 %": 9.5,
        "100 %": 10.0,
    }
    assert labels(found, "Numbers without a unit")["100 %"] == 8.0


def test_answers_that_are_media_are_told_apart_by_their_letter(tmp_path: Path):
    """Their words are all `<image>`; those of these rows lack their media, which is another finding."""
    found = inspected(tmp_path, choices("ABCD" * 10, options=("<image>",) * 4))
    assert finding(found, "answers").verdict == "ok"
    assert labels(finding(found, "answers"), "Answers: choice") == dict.fromkeys("ABCD", 10)


def test_a_letter_that_is_right_too_often_is_told(tmp_path: Path):
    four = ("one", "two", "six", "ten")
    found = inspected(tmp_path, choices("ABCD" * 10 + "C" * 40, options=four))
    # C is 50 of 80: 62.5 %, at least 51.5 %, which is 26.5 points more than one in four.
    assert finding(found, "positions").verdict == "stop"
    (example,) = finding(found, "positions").examples
    assert example == "C of 4 options: 62.5 % (51.5 to 72.3 %), 25.0 % by chance"


def test_letters_are_compared_among_rows_with_as_many_options(tmp_path: Path):
    two, four = choices("AB" * 20), choices("ABCD" * 10, options=("one", "two", "six", "ten"))
    found = inspected(tmp_path, [*two, *(replace(task, id=f"f{task.id}") for task in four)])
    assert not_ok(found) == {"questions": "look"} or not_ok(found) == {}
    assert labels(finding(found, "positions"), "Right letter of 2 options") == {"A": 20, "B": 20}
    assert labels(finding(found, "positions"), "Right letter of 4 options") == dict.fromkeys("ABCD", 10)


def test_the_longest_option_that_is_right_too_often_is_told(tmp_path: Path):
    first = choices("A" * 20, options=("the large one", "it"))
    second = choices("B" * 20, options=("no", "a longer text"))
    found = inspected(tmp_path, [*first, *(replace(task, id=f"s{task.id}") for task in second)])
    (example,) = finding(found, "positions").examples
    # All 40 of 40, at least 91.2 %.
    assert example == "the longest option: 100.0 % (91.2 to 100.0 %), 50.0 % by chance"
    assert finding(found, "positions").verdict == "stop"
