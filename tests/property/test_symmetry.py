import math
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spatialrl.rewards.boxes import ciou, iou, mapped_ciou
from spatialrl.rewards.cognitive_map import map_accuracy
from spatialrl.rewards.geometry_parts import angle_between
from spatialrl.rewards.words_overlap import rouge_l, rouge_n, word_errors
from spatialrl.types import Box, MapCell, Task
from tests.property.examples import EXAMPLES
from tests.property.honest import map_json
from tests.property.scenes import HEIGHT, WIDTH, boxes, said
from tests.property.scorers import scorer, worth
from tests.property.tasks import task

SIDE = st.floats(0, 1, allow_nan=False)
ANGLE = st.floats(-720, 720)
WORDS = st.lists(st.sampled_from(["the", "red", "cube", "is", "on", "blue"]), max_size=8)
GRID = 10
Cells = tuple[MapCell, ...]


@st.composite
def real_boxes(draw: st.DrawFn) -> Box:
    """In fractions of the image; as thin as a line, too."""
    x1, x2, y1, y2 = *sorted((draw(SIDE), draw(SIDE))), *sorted((draw(SIDE), draw(SIDE)))
    return x1, y1, x2, y2


def mirrored(box: Box, width: float) -> Box:
    return width - box[2], box[1], width - box[0], box[3]


@pytest.mark.parametrize("measure", [iou, ciou, mapped_ciou])
def test_overlap_is_the_same_from_both_sides_and_in_a_mirror(measure):
    @EXAMPLES
    @given(real_boxes(), real_boxes())
    def check(a: Box, b: Box) -> None:
        expected = pytest.approx(float(measure(a, b)), abs=1e-6)
        assert float(measure(b, a)) == expected
        assert float(measure(mirrored(a, 1), mirrored(b, 1))) == expected

    check()


@EXAMPLES
@given(boxes(), boxes())
def test_an_answered_box_is_worth_the_same_from_both_sides_and_in_a_mirror(a: Box, b: Box):
    for name in ("grounding_iou", "grounding_giou"):
        expected = pytest.approx(grounding(name, a, b), abs=1e-9)
        assert grounding(name, b, a) == expected
        assert grounding(name, mirrored(a, WIDTH), mirrored(b, WIDTH)) == expected
        assert grounding(name, *(replace_rows(box) for box in (a, b))) == expected


def replace_rows(box: Box) -> Box:
    """Upside down."""
    return box[0], HEIGHT - box[3], box[2], HEIGHT - box[1]


def grounding(name: str, guess: Box, truth: Box) -> float:
    return worth(scorer(name), task("box", str(list(truth))), said(str(list(guess))))


@EXAMPLES
@given(ANGLE, ANGLE, ANGLE, st.integers(-3, 3))
def test_the_error_of_a_direction_is_the_way_between_the_two(a: float, b: float, turn: float, rounds: int):
    apart = angle_between(a, b)
    assert 0 <= apart <= 180
    for other in (
        angle_between(b, a),
        angle_between(a + turn, b + turn),
        angle_between(-a, -b),
        angle_between(a + 360 * rounds, b),
    ):
        assert other == pytest.approx(apart, abs=1e-6)
    assert math.cos(math.radians(apart)) == pytest.approx(math.cos(math.radians(a - b)), abs=1e-9)


@EXAMPLES
@given(st.integers(0, 359), st.integers(0, 359))
def test_a_direction_is_worth_the_same_from_both_sides(a: int, b: int):
    def value(guess: int, truth: int) -> float:
        return worth(scorer("direction_accuracy"), task("number", str(truth), unit="degrees"), said(f"{guess} degrees"))

    assert value(a, b) == pytest.approx(value(b, a))
    assert value((a + 90) % 360, (b + 90) % 360) == pytest.approx(value(a, b))


@EXAMPLES
@given(WORDS, WORDS)
def test_what_two_texts_share_is_the_same_from_both_sides(a: list[str], b: list[str]):
    assert word_errors(a, b) == word_errors(b, a)
    assert rouge_l(a, b) == rouge_l(b, a)
    assert [rouge_n(a, b, n) for n in (1, 2)] == [rouge_n(b, a, n) for n in (1, 2)]


@st.composite
def maps(draw: st.DrawFn) -> Cells:
    cells = st.builds(MapCell, label=st.sampled_from(("table", "lamp", "sofa", "chair")), column=COLUMN, row=COLUMN)
    return tuple(draw(st.lists(cells, min_size=3, max_size=7)))


COLUMN = st.integers(0, GRID - 1)


@st.composite
def drawn_maps(draw: st.DrawFn, truth: Cells) -> Cells:
    """Some of the true cells, exact or in another place, among others."""
    seen = [cell for cell in truth if draw(st.integers(0, 3))]
    wrong = [replace(cell, column=draw(COLUMN)) if not draw(st.integers(0, 2)) else cell for cell in seen]
    return (*wrong, *(draw(maps())[: draw(st.integers(0, 2))]))


def turned(cells: Cells) -> Cells:
    """By a quarter."""
    return tuple(replace(cell, column=GRID - 1 - cell.row, row=cell.column) for cell in cells)


def moved(cells: Cells, across: int, down: int) -> Cells:
    """As far as the grid allows."""
    columns, rows = [cell.column for cell in cells], [cell.row for cell in cells]
    dx = max(-min(columns), min(across, GRID - 1 - max(columns)))
    dy = max(-min(rows), min(down, GRID - 1 - max(rows)))
    return tuple(replace(cell, column=cell.column + dx, row=cell.row + dy) for cell in cells)


def map_worth(truth: Cells, guess: Cells, *, turns: bool = True) -> float:
    value = map_accuracy(map_task(truth), said(f"<map>{map_json(guess)}</map>"), turns=turns)
    return value if isinstance(value, float) else 0.0


def map_task(truth: Cells) -> Task:
    return task("number", "3", cognitive_map=truth)


@EXAMPLES
@given(st.data(), maps(), st.integers(-9, 9), st.integers(-9, 9))
def test_a_map_may_be_turned_and_moved(data: st.DataObject, truth: Cells, across: int, down: int):
    guess = data.draw(drawn_maps(truth))
    if not guess:
        return
    expected = pytest.approx(map_worth(truth, guess), abs=1e-9)
    assert map_worth(truth, turned(guess)) == expected
    assert map_worth(truth, moved(guess, across, down)) == expected
    assert map_worth(turned(truth), turned(guess)) == expected
    stated = pytest.approx(map_worth(truth, guess, turns=False), abs=1e-9)
    assert map_worth(truth, moved(guess, across, down), turns=False) == stated


@EXAMPLES
@given(st.data(), maps())
def test_the_order_of_a_map_changes_nothing(data: st.DataObject, truth: Cells):
    guess = data.draw(drawn_maps(truth))
    expected = pytest.approx(map_worth(truth, guess), abs=1e-9)
    assert map_worth(truth, tuple(data.draw(st.permutations(guess)))) == expected
    assert map_worth(tuple(data.draw(st.permutations(truth))), guess) == expected
