"""Samples of one benchmark in, its table out: headline, lines with 95 % intervals, and how much could not be read."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from spatialrl.benchmarks.samples import Sample
from spatialrl.benchmarks.scoring.tally import Tally, lines, table
from spatialrl.seeds import stable_seed

Errors = Literal["wrong", "skip"]
NUM_RESAMPLES = 1000
AT_ONCE = 1_000_000
"""Numbers in memory; a resample has one for each cluster."""
LOW, HIGH = 2.5, 97.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    name: str
    num: int
    """Units: samples, groups, pairs. 0 for a mean of other lines."""
    score: float
    low: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    headline: float
    low: float
    high: float
    unit: str = "%"
    lines: tuple[Line, ...]
    num: int
    """Samples the headline is made of."""
    num_expected: int = 0
    """Questions the benchmark has; 0 where nobody said."""
    num_errors: int
    errors: Errors
    unread_rate: float
    """Share of the responses in which no answer was found, 0 to 1."""
    unread: Mapping[str, int] = field(default_factory=dict)
    """How often for each reason."""
    notes: Mapping[str, float] = field(default_factory=dict)


def counted(samples: Sequence[Sample], errors: Errors) -> list[Sample]:
    """The samples of the headline: errors count as wrong, or not at all where that is asked for."""
    return [sample for sample in samples if errors == "wrong" or not sample.is_error]


def summarised(samples: Sequence[Sample], tally: Tally, *, errors: Errors, num_expected: int, seed: int) -> Summary:
    """`tally` is of the counted ones among `samples`."""
    responses = [sample for sample in samples if not sample.is_error]
    unread = Counter(sample.reason.partition(":")[0] for sample in responses if sample.is_unread)
    drawn = intervals(tally, seed=seed)
    headline = drawn.pop("", Line(name="", num=0, score=0.0, low=0.0, high=0.0))
    return Summary(
        headline=headline.score,
        low=headline.low,
        high=headline.high,
        lines=tuple(drawn.values()),
        num=len(counted(samples, errors)),
        num_expected=num_expected,
        num_errors=len(samples) - len(responses),
        errors=errors,
        unread_rate=unread.total() / len(responses) if responses else 0.0,
        unread=dict(unread.most_common()),
        notes=tally.notes,
    )


def intervals(tally: Tally, *, seed: int, num_resamples: int = NUM_RESAMPLES) -> dict[str, Line]:
    """Percentile bootstrap over clusters, in percent. Resamples that lost a line say nothing of it."""
    if not tally.units:
        return {}
    whole = table(tally.units)
    exact = lines(tally, whole, np.ones((1, len(whole.clusters))))
    drawn = [lines(tally, whole, weights) for weights in resampled(len(whole.clusters), seed=seed, num=num_resamples)]
    numbers = Counter(unit.name for unit in tally.units)
    return {name: _line(name, numbers[name], exact[name], np.concatenate([d[name] for d in drawn])) for name in exact}


def _line(name: str, num: int, exact: np.ndarray, drawn: np.ndarray) -> Line:
    known = drawn[np.isfinite(drawn)]
    low, high = np.percentile(known, [LOW, HIGH]) if known.size else (exact[0], exact[0])
    return Line(name=name, num=num, score=100 * float(exact[0]), low=100 * float(low), high=100 * float(high))


def resampled(num_clusters: int, *, seed: int, num: int) -> Iterator[np.ndarray]:
    """How often each of the clusters is drawn, a row for each resample, some rows at a time."""
    generator = np.random.default_rng(stable_seed("bootstrap", seed))
    most = max(1, AT_ONCE // num_clusters)
    for start in range(0, num, most):
        size = min(most, num - start)
        drawn = generator.integers(num_clusters, size=(size, num_clusters)) + num_clusters * np.arange(size)[:, None]
        yield np.bincount(drawn.ravel(), minlength=size * num_clusters).reshape(size, num_clusters).astype(float)
