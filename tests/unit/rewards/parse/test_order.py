import pytest

from spatialrl.rewards.parse import Malformed
from spatialrl.rewards.parse.order import order


@pytest.mark.parametrize(
    ("answer", "names"),
    [
        ("3, 1, 2", ("3", "1", "2")),
        ("3->1->2", ("3", "1", "2")),
        ("the chair, table, and a lamp", ("chair", "table", "lamp")),
        ("Chair < Table < Red Lamp", ("chair", "table", "red lamp")),
        ("chair -> table", ("chair", "table")),
        ("chair\ntable", ("chair", "table")),
        ("[chair; table]", ("chair", "table")),
    ],
)
def test_names_and_markers_stand_in_order(answer, names):
    assert order(answer) == names


@pytest.mark.parametrize("answer", ["", "chair", "chair, chair", "1, 1", ",,,", "a," * 200, "," * 1_000_000])
def test_one_name_or_one_name_twice_is_no_order(answer):
    assert isinstance(order(answer), Malformed)
