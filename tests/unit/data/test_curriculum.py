import pytest

from spatialrl.data.curriculum import easiest_first, number_in
from tests.fakes import make_task


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("7", 7.0),
        (" 0.25 ", 0.25),
        ("Easy", 0.0),
        ("medium", 1.0),
        ("hard", 2.0),
        ("tough", None),
        ("", None),
        ("nan", None),
    ],
)
def test_numbers_and_levels_are_read(text, number):
    assert number_in(make_task(extra={"level": text}), "level") == number


def test_a_task_without_the_extra_has_no_number():
    assert number_in(make_task(), "level") is None


def test_equals_stay_in_their_order():
    tasks = [make_task(str(index), extra={"rating": rating}) for index, rating in enumerate(["2", "1", "2", "1"])]
    assert easiest_first([3, 2, 1, 0], tasks, "rating") == [3, 1, 2, 0]
    assert easiest_first([3, 2, 1, 0], tasks, "-rating") == [2, 0, 3, 1]
