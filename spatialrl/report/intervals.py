"""Accuracy on held-out tasks, with the interval it is known to lie in."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean

from spatialrl.report.record import Row

Z_95 = 1.959964


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """`right` of `total`, and its Wilson 95 % interval."""

    right: int
    total: int

    @property
    def value(self) -> float:
        return self.right / self.total

    @property
    def interval(self) -> tuple[float, float]:
        return wilson(self.right, self.total)


def wilson(right: int, total: int, *, z: float = Z_95) -> tuple[float, float]:
    """Wilson (1927): (p + z^2/2n -+ z sqrt(p(1-p)/n + z^2/4n^2)) / (1 + z^2/n)."""
    share, spread = right / total, z * z / total
    centre = (share + spread / 2) / (1 + spread)
    half = z / (1 + spread) * math.sqrt(share * (1 - share) / total + spread / (4 * total))
    return max(0.0, centre - half), min(1.0, centre + half)


def is_right(row: Row) -> bool:
    """An unscored task counts as wrong."""
    return row["status"] == "scored" and row["parts"].get("accuracy", 0.0) > 0.5


def share(rows: Sequence[Row]) -> Share:
    return Share(right=sum(is_right(row) for row in rows), total=len(rows))


def mean_reward(rows: Sequence[Row]) -> float | None:
    """Over the scored tasks."""
    rewards = [row["reward"] for row in rows if row["status"] == "scored"]
    return fmean(rewards) if rewards else None


def families(evaluations: dict[str, list[Row]]) -> list[str]:
    return sorted({row["family"] for rows in evaluations.values() for row in rows if row["family"]})


def of_family(rows: Sequence[Row], family: str) -> list[Row]:
    return [row for row in rows if row["family"] == family]


def turned(before: Sequence[Row], after: Sequence[Row]) -> tuple[list[tuple[Row, Row]], list[tuple[Row, Row]]]:
    """Pairs (before, after) of tasks that went from wrong to right, and from right to wrong."""
    then = {row["task_id"]: row for row in before}
    pairs = [(then[row["task_id"]], row) for row in after if row["task_id"] in then]
    gained = [(old, new) for old, new in pairs if is_right(new) and not is_right(old)]
    lost = [(old, new) for old, new in pairs if is_right(old) and not is_right(new)]
    return gained, lost
