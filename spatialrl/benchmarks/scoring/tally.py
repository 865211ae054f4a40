"""What an aggregate makes of samples: the units that are right or wrong, and how their means make the headline.

A unit is one sample, or several that are judged together (the two questions of a pair, the rotations of a choice). Names are
the lines of the table. Means, headline and bootstrap all start from the same units, so that no number has a denominator of
its own.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

Means = Mapping[str, np.ndarray]
"""By the name of a line; one value, or one for each resample."""


@dataclass(frozen=True, slots=True)
class Unit:
    name: str
    score: float
    cluster: str
    """Units that share it are dependent, and are drawn together by the bootstrap."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    units: Sequence[Unit]
    combine: Callable[[Means, Means], Mapping[str, np.ndarray]]
    """(means, numbers of units) by line -> the headline under "", and further lines by name."""
    notes: Mapping[str, float]
    """Counts a reader should know of, for example of groups that lack a member."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Sums over the units of each cluster (rows) and line (columns)."""

    names: list[str]
    clusters: list[str]
    sums: np.ndarray
    counts: np.ndarray


def table(units: Sequence[Unit], *, clusters: Sequence[str] = ()) -> Table:
    """`clusters` gives the rows and their order; by default as they come."""
    names = list(dict.fromkeys(unit.name for unit in units))
    rows = list(clusters) or list(dict.fromkeys(unit.cluster for unit in units))
    row_of, column_of = {c: i for i, c in enumerate(rows)}, {n: i for i, n in enumerate(names)}
    sums, counts = np.zeros((len(rows), len(names))), np.zeros((len(rows), len(names)))
    for unit in units:
        place = row_of[unit.cluster], column_of[unit.name]
        sums[place] += unit.score
        counts[place] += 1
    return Table(names=names, clusters=rows, sums=sums, counts=counts)


def lines(tally: Tally, whole: Table, weights: np.ndarray) -> dict[str, np.ndarray]:
    """Every line's value for each row of `weights`, which says how often each cluster was drawn; "" is the headline. NaN where
    a line lost all its units."""
    with np.errstate(invalid="ignore", divide="ignore"):
        counts = weights @ whole.counts
        values = weights @ whole.sums / counts
    means = {name: values[:, i] for i, name in enumerate(whole.names)}
    numbers = {name: counts[:, i] for i, name in enumerate(whole.names)}
    return means | dict(tally.combine(means, numbers))
