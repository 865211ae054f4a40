"""Aggregates of single samples: every line is the mean of a category."""

from collections.abc import Mapping, Sequence

import numpy as np

from spatialrl.benchmarks.samples import Sample
from spatialrl.benchmarks.scoring.members import cluster_of
from spatialrl.benchmarks.scoring.tally import Means, Tally, Unit

ALL = "all"


def micro(samples: Sequence[Sample]) -> Tally:
    """Every sample counts the same."""
    return Tally(units=by_category(samples), combine=lambda means, counts: {"": weighted(means, counts)}, notes={})


def macro(samples: Sequence[Sample], *, merge: Mapping[str, Sequence[str]] | None = None) -> Tally:
    """Every category counts the same. `merge` makes one of several, as the mean of those that are there. A row that could not
    even be read has no category; it is told, and counts in `micro`."""
    units = by_category(samples)

    def combine(means: Means, counts: Means) -> dict[str, np.ndarray]:
        return merged_mean(known(means), merge or {})

    return Tally(units=units, combine=combine, notes=micro_of(samples))


def levels(samples: Sequence[Sample], *, levels: Mapping[str, Sequence[str]]) -> Tally:
    """The mean over categories, and that of each level beside it."""

    def combine(means: Means, counts: Means) -> dict[str, np.ndarray]:
        present = {name: [means[part] for part in parts if part in means] for name, parts in levels.items()}
        return {
            **{name: mean(values) for name, values in present.items() if values},
            "": mean([*known(means).values()]),
        }

    return Tally(units=by_category(samples), combine=combine, notes=micro_of(samples))


def within(samples: Sequence[Sample], *, part: str, categories: Sequence[str]) -> Tally:
    """The mean over samples, and beside it that over the samples of some categories."""

    def combine(means: Means, counts: Means) -> dict[str, np.ndarray]:
        some = {name: means[name] for name in categories if name in means}
        return {**({part: weighted(some, counts)} if some else {}), "": weighted(means, counts)}

    return Tally(units=by_category(samples), combine=combine, notes={})


def by_source(samples: Sequence[Sample], *, key: str, halves: Sequence[Sequence[str]]) -> Tally:
    """The mean of means of means: sources within a half, halves within the whole. CV-Bench is (2D + 3D) / 2, and 2D the mean
    of its two sources. How many samples say no source is told; where none does, the headline is the mean over samples."""
    known = {f"{key}/{name}" for half in halves for name in half}
    sources = [(f"{key}/{sample.extra.get(key, '')}", sample) for sample in samples]
    found = [Unit(name, sample.score, cluster_of(sample)) for name, sample in sources if name in known]
    units = by_category(samples)

    def combine(means: Means, counts: Means) -> dict[str, np.ndarray]:
        present = [[means[f"{key}/{name}"] for name in half if f"{key}/{name}" in means] for half in halves]
        return {"": mean([mean(half) for half in present if half]) if found else weighted(means, counts)}

    return Tally(
        units=[*units, *found], combine=combine, notes={f"samples without {key}": float(len(units) - len(found))}
    )


def by_category(samples: Sequence[Sample]) -> list[Unit]:
    return [Unit(sample.category or ALL, sample.score, cluster_of(sample)) for sample in samples]


def known(means: Means) -> Means:
    """Without the samples that have no category, where others have one."""
    return {name: value for name, value in means.items() if name != ALL} or means


def micro_of(samples: Sequence[Sample]) -> dict[str, float]:
    return {"micro": 100 * sum(sample.score for sample in samples) / len(samples)} if samples else {}


def merged_mean(means: Means, merge: Mapping[str, Sequence[str]]) -> dict[str, np.ndarray]:
    parts = {name: [means[part] for part in members if part in means] for name, members in merge.items()}
    merged = {name: mean(values) for name, values in parts.items() if values}
    inside = {part for members in merge.values() for part in members}
    return {**merged, "": mean([*(value for name, value in means.items() if name not in inside), *merged.values()])}


def mean(values: Sequence[np.ndarray]) -> np.ndarray:
    return np.mean(np.stack(values), axis=0)


def weighted(means: Means, counts: Means) -> np.ndarray:
    """The mean over all units, whatever their line; NaN without any."""
    sums = np.sum(np.stack([counts[name] * np.where(counts[name] > 0, means[name], 0.0) for name in means]), axis=0)
    numbers = np.sum(np.stack([counts[name] for name in means]), axis=0)
    return np.divide(sums, numbers, out=np.full_like(sums, np.nan), where=numbers > 0)
