"""Numbers that ranks and micro-batches report. The one rule: a number says where it is made how it is reduced, so that
the whole is exact however the batch was cut.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from torch import Tensor


@dataclass(frozen=True, slots=True)
class Mean:
    total: float
    count: float

    @classmethod
    def of(cls, values_T: Tensor) -> "Mean":
        return cls(float(values_T.detach().double().sum()), len(values_T))

    @staticmethod
    def join(parts: "list[Mean]") -> float:
        return sum(part.total for part in parts) / max(sum(part.count for part in parts), 1.0)


@dataclass(frozen=True, slots=True)
class Max:
    value: float

    @staticmethod
    def join(parts: "list[Max]") -> float:
        return max(part.value for part in parts)


Metric = Mean | Max


def join_metrics(reports: Iterable[Mapping[str, Metric]]) -> dict[str, float]:
    parts: dict[str, list] = defaultdict(list)
    for report in reports:
        for name, metric in report.items():
            parts[name].append(metric)
    return {name: type(metrics[0]).join(metrics) for name, metrics in parts.items()}
