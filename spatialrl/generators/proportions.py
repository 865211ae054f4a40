"""Counts that stand to each other as weights do, as nearly as whole numbers can."""

from collections.abc import Mapping


def counts_in_proportion(total: int, weights: Mapping[str, float], *, least: int = 0) -> dict[str, int]:
    """`total` in whole numbers that are as near to the weights as can be, each at least `least`."""
    scale = (total - least * len(weights)) / sum(weights.values())
    exact = {name: least + weight * scale for name, weight in weights.items()}
    counts = {name: int(share) for name, share in exact.items()}
    by_rest = sorted(exact, key=lambda name: counts[name] - exact[name])
    for name in by_rest[: total - sum(counts.values())]:
        counts[name] += 1
    return counts
