"""Scenes of a source to the files of rows: each scene to one file, so that nothing is trained on that is tested."""

from collections.abc import Mapping, Sequence
from itertools import accumulate
from random import Random

from spatialrl.errors import DataError
from spatialrl.generators.proportions import counts_in_proportion
from spatialrl.seeds import stable_seed


def split_scenes(scenes: Sequence[str], wanted: Mapping[str, int], *, seed: int, place: str) -> dict[str, list[str]]:
    """As many of each as are wanted; where there are not enough, in that proportion, at least one for each file."""
    if len(scenes) < len(wanted):
        raise DataError(
            f"{place} has {len(scenes)} scenes for {len(wanted)} files of rows, which share none; add scenes, or set some "
            "num_* to 0."
        )
    order = sorted(scenes)
    Random(stable_seed(seed, "scenes")).shuffle(order)
    is_enough = len(order) >= sum(wanted.values())
    counts = dict(wanted) if is_enough else counts_in_proportion(len(order), wanted, least=1)
    ends = accumulate(counts.values())
    return {name: order[end - counts[name] : end] for name, end in zip(counts, ends, strict=True)}
