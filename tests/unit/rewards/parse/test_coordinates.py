import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spatialrl.rewards.parse import Malformed
from spatialrl.rewards.parse.coordinates import MAX_COORDINATE, coordinates


@pytest.mark.parametrize(
    ("answer", "groups"),
    [
        ("[10, 20, 30, 40]", ((10, 20, 30, 40),)),
        ("10, 20, 30, 40", ((10, 20, 30, 40),)),
        ("[[1, 2], [3, 4]]", ((1, 2), (3, 4))),
        ("<box>(1,2),(3,4)</box>", ((1, 2), (3, 4))),
        ("<point>3.5, -4</point>", ((3.5, -4),)),
        ('```json\n[{"bbox_2d": [1, 2, 3, 4], "label": "cup"}]\n```', ((1, 2, 3, 4),)),
        ("The cup (red) is at [.5 1.].", ((0.5, 1.0),)),
        (r"\boxed{(1, 2)}", ((1, 2),)),
        ("[1e1, 2.5E-1, 3e+2]", ((10, 0.25, 300),)),
        ("1e1, 2", ((10, 2),)),
    ],
)
def test_groups_of_numbers_stand_in_brackets_or_alone(answer, groups):
    assert coordinates(answer) == groups


@pytest.mark.parametrize(
    "answer",
    [
        "",
        "nowhere",
        "[NaN, 1]",
        "[1e9, 2]",
        "[1e999, 2]",
        "e",
        "[9999999999, 1]",
        "[1, 2",
        "[]",
        "5 apples",
        "[one, two]",
    ],
)
def test_what_is_no_group_has_a_reason(answer):
    assert isinstance(coordinates(answer), Malformed)


@settings(derandomize=True, deadline=None, max_examples=200)
@given(st.text(alphabet="0123456789[](){}<>,;. -+eab\n", max_size=80))
def test_any_text_gives_bounded_numbers_or_a_reason(text):
    groups = coordinates(text)
    assert isinstance(groups, Malformed) or all(abs(value) <= MAX_COORDINATE for group in groups for value in group)


@pytest.mark.parametrize("unit", ["[", "[1,", "1", "(1)", "]", " "])
def test_a_megabyte_is_refused(unit):
    assert coordinates(unit * (1_000_000 // len(unit))) == Malformed("too_long")
    assert isinstance(coordinates(unit * (10_000 // len(unit))), Malformed | tuple)
