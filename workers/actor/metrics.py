"""Numbers that ranks and micro-batches report. The one rule: a number says where it is made how it is reduced, so that
the whole is exact however the batch was cut.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from torch import Tensor


@dataclass(frozen=True, slots=True)
class Mean:
    total: float
    count: float = 1.0

    @classmethod
    def of(cls, values_T: Tensor) -> "Mean":
        return cls(float(values_T.detach().double().sum()), len(values_T))


@dataclass(frozen=True, slots=True)
class Max:
    value: float


Metric = Mean | Max


def join_means(reports: Iterable[Mapping[str, Metric]]) -> dict[str, float]:
    """Each token counts once, whichever rank and micro-batch it was in; without any the number is not reported."""
    totals: dict[str, float] = defaultdict(float)
    counts: dict[str, float] = defaultdict(float)
    for name, metric in items(reports):
        if isinstance(metric, Mean):
            totals[name] += metric.total
            counts[name] += metric.count
    return {name: totals[name] / counts[name] for name in totals if counts[name]}


def join_maxima(reports: Iterable[Mapping[str, Metric]]) -> dict[str, float]:
    maxima: dict[str, float] = {}
    for name, metric in items(reports):
        if isinstance(metric, Max):
            maxima[name] = max(metric.value, maxima.get(name, metric.value))
    return maxima


def items(reports: Iterable[Mapping[str, Metric]]) -> Iterator[tuple[str, Metric]]:
    return (item for report in reports for item in report.items())
