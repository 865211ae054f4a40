"""Whether two models differ, on the questions that both were asked.

Samples are paired by id. The difference of headlines has a bootstrap interval over clusters that are drawn for both at once;
single answers are compared by McNemar's exact test (McNemar 1947), which knows nothing of clusters.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from spatialrl.benchmarks.samples import Sample
from spatialrl.benchmarks.scoring.summary import HIGH, LOW, NUM_RESAMPLES, resampled
from spatialrl.benchmarks.scoring.tally import Tally, lines, table

RIGHT = 0.5
"""A score above it is a right answer, where answers are right or wrong."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """Of the second model from the first, in percent."""

    num: int
    """Questions both were asked."""
    value: float
    low: float
    high: float
    p_value: float
    """How often a bootstrap sample lies on the other side of 0, twice."""
    gained: int
    lost: int
    mcnemar: float
    """p-value of as many turns one way, if both ways were as likely."""


def difference(
    first: Sequence[Sample],
    second: Sequence[Sample],
    *,
    tally: Callable[[Sequence[Sample]], Tally],
    seed: int = 0,
    num_resamples: int = NUM_RESAMPLES,
) -> Difference | None:
    """None where they have no question, or no whole group, in common."""
    pairs = common(first, second)
    if not pairs:
        return None
    gained = sum(new.score > RIGHT >= old.score for old, new in pairs)
    lost = sum(old.score > RIGHT >= new.score for old, new in pairs)
    found = _drawn([tally([pair[i] for pair in pairs]) for i in (0, 1)], seed=seed, num=num_resamples)
    if found is None:
        return None
    value, drawn = found
    low, high = np.percentile(drawn, [LOW, HIGH]) if drawn.size else (value, value)
    return Difference(
        num=len(pairs),
        value=value,
        low=float(low),
        high=float(high),
        p_value=two_sided(drawn),
        gained=gained,
        lost=lost,
        mcnemar=mcnemar(gained, lost),
    )


def common(first: Sequence[Sample], second: Sequence[Sample]) -> list[tuple[Sample, Sample]]:
    """Pairs by id, in the order of the first."""
    other = {sample.id: sample for sample in second}
    return [(sample, other[sample.id]) for sample in first if sample.id in other]


def _drawn(tallies: Sequence[Tally], *, seed: int, num: int) -> tuple[float, np.ndarray] | None:
    """The difference of the headlines, and the same in every resample."""
    clusters = list(dict.fromkeys(unit.cluster for tally in tallies for unit in tally.units))
    tables = [table(tally.units, clusters=clusters) for tally in tallies]

    def headlines(weights: np.ndarray) -> np.ndarray | None:
        old, new = (lines(tally, whole, weights).get("") for tally, whole in zip(tallies, tables, strict=True))
        return None if old is None or new is None else 100 * (new - old)

    value = headlines(np.ones((1, len(clusters)))) if clusters else None
    if value is None:
        return None
    weights = resampled(len(clusters), seed=seed, num=num)
    drawn = np.concatenate([found for each in weights if (found := headlines(each)) is not None])
    return float(value[0]), drawn[np.isfinite(drawn)]


def two_sided(drawn: np.ndarray) -> float:
    """Counts the observed sample among the resamples, so that it is never 0."""
    if not drawn.size:
        return 1.0
    beyond = min(int((drawn <= 0).sum()), int((drawn >= 0).sum()))
    return min(1.0, 2 * (beyond + 1) / (drawn.size + 1))


def mcnemar(gained: int, lost: int) -> float:
    """Two-sided exact binomial test of `gained` out of `gained + lost` at one half."""
    total, fewer = gained + lost, min(gained, lost)
    if gained == lost:
        return 1.0
    tail = sum(math.comb(total, k) for k in range(fewer + 1))
    return min(1.0, float(2 * tail / (1 << total)))
