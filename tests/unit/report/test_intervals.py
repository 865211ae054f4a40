"""Accuracy is given with the interval it is known to lie in."""

import pytest

from spatialrl.report.intervals import share, turned, wilson


def row(task_id: str, *, accuracy: float | None, family: str = "relation") -> dict:
    if accuracy is None:
        return {"task_id": task_id, "family": family, "status": "unscored", "reason": "no image size"}
    return {
        "task_id": task_id,
        "family": family,
        "status": "scored",
        "reward": accuracy,
        "parts": {"accuracy": accuracy},
    }


@pytest.mark.parametrize(
    ("right", "total", "low", "high"),
    # Newcombe (1998), table I, Wilson's score interval.
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_the_wilson_interval_is_the_published_one(right: int, total: int, low: float, high: float) -> None:
    assert wilson(right, total) == pytest.approx((low, high), abs=5e-5)


def test_an_unscored_task_counts_as_wrong() -> None:
    counted = share([row("a", accuracy=1.0), row("b", accuracy=None)])
    assert (counted.right, counted.total, counted.value) == (1, 2, 0.5)


def test_tasks_that_turned_are_paired_by_id_not_by_place() -> None:
    before = [row("a", accuracy=0.0), row("b", accuracy=1.0), row("c", accuracy=1.0)]
    after = [row("c", accuracy=1.0), row("b", accuracy=0.0), row("a", accuracy=1.0), row("new", accuracy=1.0)]
    gained, lost = turned(before, after)
    assert [new["task_id"] for _, new in gained] == ["a"]
    assert [new["task_id"] for _, new in lost] == ["b"]
