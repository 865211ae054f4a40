"""A number per step becomes a line with round ticks."""

import math

import pytest

from spatialrl.report.charts import (
    HEIGHT,
    MOST_POINTS,
    WIDTH,
    compact,
    curve,
    is_flat,
    line_chart,
    nice_ticks,
    running_mean,
    sections,
    thinned,
    tick_labels,
)


def test_ticks_are_round_and_enclose_the_values() -> None:
    assert nice_ticks(0.21, 0.39) == [0.2, 0.25, 0.3, 0.35, 0.4]
    assert nice_ticks(-3.0, 17.0) == [-5.0, 0.0, 5.0, 10.0, 15.0, 20.0]


def test_tick_labels_share_their_decimals() -> None:
    assert tick_labels([0.95, 1.0, 1.05]) == ["0.95", "1.00", "1.05"]
    assert tick_labels([1.0, 1.0005, 1.001]) == ["1.0000", "1.0005", "1.0010"]
    assert tick_labels([0.0, 1e7]) == ["0", "10M"]


@pytest.mark.parametrize(
    ("value", "text"), [(0, "0"), (0.4, "0.4"), (1234, "1,234"), (12345, "12.3k"), (4.4e6, "4.4M"), (4.5e-5, "4.5e-5")]
)
def test_numbers_are_short(value: float, text: str) -> None:
    assert compact(value) == text


def test_steps_without_a_finite_value_are_left_out() -> None:
    rows = [{"step": 1, "a/b": 1.0}, {"step": 2, "a/b": math.nan}, {"step": 3}, {"step": 4, "a/b": 2.0}]
    assert curve("a/b", rows) == [(1.0, 1.0), (4.0, 2.0)]


def test_a_number_that_does_not_move_is_flat() -> None:
    assert is_flat([(1, 0.0), (2, 0.0)])
    assert is_flat([(1, 1.0), (2, 1.000001)])
    assert not is_flat([(1, 0.0), (2, 1e-9)])


def test_a_line_stays_inside_its_frame() -> None:
    chart = line_chart("time/step_s", [(float(step), math.sin(step)) for step in range(1, 50)])
    points = [tuple(map(float, pair.split())) for pair in chart.line.removeprefix("M").split("L")]
    assert len(points) == 49
    assert all(0 <= x <= WIDTH and 0 <= y <= HEIGHT for x, y in points)
    assert (chart.name, chart.unit) == ("step", "seconds")
    assert [text for _, text in chart.x_ticks][:: len(chart.x_ticks) - 1] == ["1", "49"]


def test_a_long_run_is_thinned_to_means() -> None:
    points = thinned([(float(step), float(step % 2)) for step in range(2 * MOST_POINTS)])
    assert len(points) == MOST_POINTS
    assert points[0] == (0.5, 0.5)


def test_the_running_mean_of_a_straight_line_is_the_line() -> None:
    line = [(float(x), 2.0 * x) for x in range(30)]
    assert running_mean(line) == line


def test_metrics_are_grouped_by_section() -> None:
    rows = [{"step": 1, "reward/mean": 1.0, "time/step_s": 2.0}, {"step": 2, "reward/std": 0.0, "wall_time": 3.0}]
    assert sections(rows) == {"reward": ["reward/mean", "reward/std"], "time": ["time/step_s"]}
