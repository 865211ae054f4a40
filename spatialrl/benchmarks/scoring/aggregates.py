"""Every way to make a headline of scores, by the name a benchmark's file gives as `aggregate`. Adding one is one line."""

from collections.abc import Callable
from functools import partial

from spatialrl.benchmarks.scoring import groups, means
from spatialrl.benchmarks.scoring.spar import LEVELS
from spatialrl.benchmarks.scoring.tally import Tally

Aggregate = Callable[..., Tally]
"""(samples, **arguments)"""

VSI_DIRECTIONS = [f"object_rel_direction_{level}" for level in ("easy", "medium", "hard")]

STI_SPATIAL = (
    "Dimensional Measurement",
    "Displacement & Path Length",
    "Ego-Centric Orientation",
    "Spatial Relation",
    "Speed & Acceleration",
    "Trajectory Description",
)
LONG_VIDEO = {
    "perception": ("S2E", "S2O", "S2A", "E2O", "O2E", "T2E", "T2O", "T2A"),
    "relation": ("E3E", "O3O", "SSS", "SOS", "SAA", "T3E", "T3O", "TOS", "TAA"),
}

AGGREGATES: dict[str, Aggregate] = {
    "mean": means.micro,
    "micro": means.micro,
    "macro": means.macro,
    "levels": means.levels,
    "by_source": means.by_source,
    "vsi": partial(means.macro, merge={"object_rel_direction": VSI_DIRECTIONS}),
    "cv_bench": partial(means.by_source, key="source", halves=(("ADE20K", "COCO"), ("Omni3D",))),
    "spar_bench": partial(means.levels, levels=LEVELS),
    "sti_bench": partial(means.within, part="spatial reasoning", categories=STI_SPATIAL),
    "longvideobench": partial(means.levels, levels=LONG_VIDEO),
    "circular": groups.circular,
    "pair": groups.paired,
    "views": groups.views,
    "view_consistency": groups.view_consistency,
    "hallusion": groups.hallusion,
}
