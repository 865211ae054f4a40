import pytest

from spatialrl.benchmarks.samples import Sample
from spatialrl.benchmarks.scoring import summarise
from spatialrl.errors import ConfigError
from tests.unit.benchmarks.scoring.questions import Counting, Rules, error, sample

MEAN = Rules(aggregate=Counting("mean"), num_rows=10)


def test_an_error_is_wrong_unless_it_is_asked_to_be_skipped():
    samples = [sample(1, id="1"), sample(1, id="2"), sample(0, id="3"), error(id="4")]
    wrong, skip = (summarise(samples, benchmark=MEAN, errors=errors) for errors in ("wrong", "skip"))
    assert (wrong.headline, wrong.num, wrong.num_errors) == (50, 4, 1)
    assert (round(skip.headline, 2), skip.num, skip.num_errors) == (66.67, 3, 1)


def test_the_denominator_is_the_data_not_a_table():
    summary = summarise([sample(1, id="1"), sample(0, id="2")], benchmark=MEAN)
    assert (summary.headline, summary.num, summary.num_expected) == (50, 2, 10)


def test_unread_responses_are_counted_by_reason_among_responses():
    hm = Sample(id="2", answer="A", response="hm", score=0.0, reason="ambiguous: two")
    summary = summarise([sample(1, id="1"), hm, error(id="3")], benchmark=MEAN)
    assert (summary.unread_rate, summary.unread) == (0.5, {"ambiguous": 1})


def test_the_same_seed_gives_the_same_interval():
    samples = [sample(i**0.5 % 1, id=str(i)) for i in range(60)]
    first, again, other = (summarise(samples, benchmark=MEAN, seed=seed) for seed in (1, 1, 2))
    assert (first.low, first.high) == (again.low, again.high) != (other.low, other.high)


def test_the_interval_of_a_share_is_about_two_standard_errors_wide():
    samples = [sample(i % 2, id=str(i)) for i in range(400)]
    summary = summarise(samples, benchmark=MEAN)
    # sqrt(.5 * .5 / 400) = 2.5 %, and 1.96 of them on either side.
    assert summary.low == pytest.approx(45.1, abs=0.7)
    assert summary.high == pytest.approx(54.9, abs=0.7)


def test_questions_about_one_scene_are_drawn_together():
    apart = [sample(i // 10 % 2, id=str(i)) for i in range(200)]
    together = [sample(i // 10 % 2, id=str(i), scene_id=str(i // 10)) for i in range(200)]
    narrow, wide = (summarise(some, benchmark=MEAN) for some in (apart, together))
    # Twenty scenes of ten equal answers are worth twenty answers: sqrt(10) = 3.2 times as wide.
    assert 2.6 < (wide.high - wide.low) / (narrow.high - narrow.low) < 3.8


def test_no_samples_are_no_score_and_no_crash():
    summary = summarise([], benchmark=MEAN)
    assert (summary.num, summary.lines) == (0, ())


def test_an_aggregate_that_does_not_exist_is_named():
    with pytest.raises(ConfigError, match="aggregate is 'avg'; there are: "):
        summarise([sample(1)], benchmark=Rules(aggregate=Counting("avg")))
