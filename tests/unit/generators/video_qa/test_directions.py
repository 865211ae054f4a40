"""Standing at the origin of the page and facing up it, the target at so many degrees counter-clockwise."""

import math

import pytest

from spatialrl.dice import Dice
from spatialrl.generators.video_qa.directions import SECTORS, degrees_left, direction_family, sector
from tests.unit.generators.video_qa.layouts import scene, thing

HERE, FACED = thing("table", 4.0, 2.0), thing("sofa", 4.0, 5.0)


def target(degrees: float, *, metres: float = 1.5):
    turn = math.radians(90 + degrees)
    return thing("lamp", 4.0 + metres * math.cos(turn), 2.0 + metres * math.sin(turn))


@pytest.mark.parametrize("degrees", [20, 90, 134, 225, 300])
def test_degrees_are_counted_to_the_left(degrees):
    assert degrees_left(HERE, FACED, target(degrees)) == pytest.approx(degrees)


def test_what_is_too_close_has_no_direction():
    assert degrees_left(HERE, FACED, target(90, metres=0.7)) is None
    assert degrees_left(HERE, FACED, thing("lamp", 4.5, 5.0)) is None


@pytest.mark.parametrize(
    ("degrees", "easy", "medium", "hard"),
    [
        (45, "left", "left", "front-left"),
        (110, "left", "left", "back-left"),
        (160, "left", "back", "back-left"),
        (200, "right", "back", "back-right"),
        (250, "right", "right", "back-right"),
        (315, "right", "right", "front-right"),
        (10, None, None, None),
        (85, "left", "left", None),
        (140, "left", None, "back-left"),
        (175, None, "back", None),
        (350, None, None, None),
    ],
)
def test_sectors_have_margins_of_fifteen_degrees(degrees, easy, medium, hard):
    found = {level: sector(degrees, sectors) for level, sectors in SECTORS.items()}
    assert found == {"easy": easy, "medium": medium, "hard": hard}


def test_a_question_names_where_to_stand_and_what_to_face():
    drafts = direction_family("hard")(scene(HERE, FACED, target(45)), Dice("a"))
    asked = {draft.question.partition(",")[0]: draft.answer for draft in drafts}
    assert asked["If I am standing by the table and facing the sofa"] == "front-left"
    assert asked["If I am standing by the table and facing the lamp"] == "front-right"


@pytest.mark.parametrize(("level", "num_sectors"), [("easy", 2), ("medium", 3), ("hard", 4)])
def test_answers_are_balanced_over_the_sectors_of_their_level(level, num_sectors):
    drafts = direction_family(level)(scene(HERE, FACED, target(45)), Dice("a"))
    assert drafts
    for draft in drafts:
        (prior,) = draft.priors
        assert (prior.key, prior.result, prior.num_results) == (level, draft.answer, num_sectors)
