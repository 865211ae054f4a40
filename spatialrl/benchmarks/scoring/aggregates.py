"""Every way to make a headline of scores, by the name a benchmark's file gives as `aggregate`. Adding one is one line."""

from collections.abc import Callable
from functools import partial

from spatialrl.benchmarks.scoring import groups, means
from spatialrl.benchmarks.scoring.tally import Tally

Aggregate = Callable[..., Tally]
"""(samples, **arguments)"""

VSI_DIRECTIONS = [f"object_rel_direction_{level}" for level in ("easy", "medium", "hard")]

AGGREGATES: dict[str, Aggregate] = {
    "mean": means.micro,
    "macro": means.macro,
    "vsi": partial(means.macro, merge={"object_rel_direction": VSI_DIRECTIONS}),
    "cv_bench": partial(means.by_source, key="source", halves=(("ADE20K", "COCO"), ("Omni3D",))),
    "circular": groups.circular,
    "pair": groups.paired,
    "views": groups.views,
    "view_consistency": groups.view_consistency,
    "hallusion": groups.hallusion,
}
