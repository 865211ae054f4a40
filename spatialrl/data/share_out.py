"""Scenes of a source to the files of rows: each scene to one file, so that nothing is trained on that is tested."""

from collections.abc import Mapping, Sequence
from random import Random

from spatialrl.errors import DataError
from spatialrl.seeds import stable_seed


def share_out(scenes: Sequence[str], wanted: Mapping[str, int], *, seed: int, place: str) -> dict[str, list[str]]:
    """As many of each as are wanted; where there are not enough, in that proportion, at least one for each file."""
    if len(scenes) < len(wanted):
        raise DataError(
            f"{place} has {len(scenes)} scenes for {len(wanted)} files of rows, which share none; add scenes, or set some "
            "num_* to 0."
        )
    order = sorted(scenes)
    Random(stable_seed(seed, "scenes")).shuffle(order)
    counts = proportional(len(order), wanted)
    ends = [sum(list(counts.values())[: place + 1]) for place in range(len(counts))]
    return {name: order[end - counts[name] : end] for name, end in zip(counts, ends, strict=True)}


def proportional(total: int, wanted: Mapping[str, int]) -> dict[str, int]:
    """Whole numbers that add up to `total`, or to what is wanted where that is less; each at least 1."""
    if total >= sum(wanted.values()):
        return dict(wanted)
    spare, whole = total - len(wanted), sum(wanted.values())
    counts = {name: 1 + spare * count // whole for name, count in wanted.items()}
    rests = sorted(wanted, key=lambda name: -(spare * wanted[name] % whole))
    for name in rests[: total - sum(counts.values())]:
        counts[name] += 1
    return counts
