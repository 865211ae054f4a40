"""Aggregates of samples that are judged together: one wrong member, and the group is wrong."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

import numpy as np

from spatialrl.benchmarks.samples import Sample
from spatialrl.benchmarks.scoring.means import ALL, mean, weighted
from spatialrl.benchmarks.scoring.members import (
    Group,
    cluster_of,
    has_all_rotations,
    rotation_of,
    together,
    whole_and_partial,
)
from spatialrl.benchmarks.scoring.tally import Means, Tally, Unit
from spatialrl.errors import DataError

INCOMPLETE = "incomplete groups"


def circular(samples: Sequence[Sample], *, size: int = 0) -> Tally:
    """A question counts if it is right in every rotation of its options; a mirrored image makes another question. `size` is
    the number of rotations; by default that of the options."""
    groups, lacking = whole_and_partial(together(samples, by_flip=True), partial(has_all_rotations, size=size))
    return Tally(units=units_of(groups), combine=overall, notes={INCOMPLETE: lacking})


def paired(samples: Sequence[Sample], *, size: int = 2) -> Tally:
    """A group counts if all of it is right: the two questions of a pair of MMVP, or a question and its mirror image."""
    groups, lacking = whole_and_partial(together(samples), lambda group: len(group.samples) == size)
    return Tally(units=units_of(groups), combine=overall, notes={INCOMPLETE: lacking})


def views(samples: Sequence[Sample], *, size: int = 0, headline: str = "flip + circular") -> Tally:
    """3DSRBench's four numbers. `vanilla`: as the questions stand, mirrored ones included; `circular`: right in every order of
    the options; `flip`: right with its mirrored image, too; `flip + circular`: both. Other lines are the categories of the
    headline."""
    own_order = [sample for sample in samples if rotation_of(sample) == 0]
    every_order = partial(has_all_rotations, size=size)
    found = {
        "vanilla": (list(together(own_order, by_flip=True)), 0),
        "circular": whole_and_partial(together(samples, by_flip=True), every_order),
        "flip": (list(together(own_order)), 0),
        "flip + circular": whole_and_partial(together(samples), every_order),
    }
    units = [Unit(name, group.all_right, cluster(group)) for name, (groups, _) in found.items() for group in groups]
    groups, lacking = found[headline]
    units += units_of(groups)
    return Tally(units=units, combine=lambda means, counts: headlined(means, headline), notes={INCOMPLETE: lacking})


def view_consistency(samples: Sequence[Sample]) -> Tally:
    """Of questions that were asked from both views: how often both are right. `agreement` is how often both are right or both
    wrong. Other orders of the options are not looked at."""
    own_order = [sample for sample in samples if rotation_of(sample) == 0]
    groups, lacking = whole_and_partial(together(own_order), lambda group: len(group.samples) > 1)
    units = [Unit("both right", group.all_right, cluster(group)) for group in groups]
    units += [
        Unit("agreement", float(len({s.score > 0.5 for s in group.samples}) == 1), cluster(group)) for group in groups
    ]
    return Tally(
        units=units,
        combine=lambda means, counts: headlined(means, "both right"),
        notes={"without a second view": lacking},
    )


def hallusion(samples: Sequence[Sample]) -> Tally:
    """HallusionBench's aAcc by answer, fAcc by figure and qAcc by question; the headline is their mean. Ids are
    `CATEGORY_SUBCATEGORY_.._SET_FIGURE_QUESTION`, or `extra` has set_id, figure_id and question_id."""
    units = []
    for sample in samples:
        units.append(Unit("aAcc", sample.score, set_of(sample)))
    for name, field in (("fAcc", "figure_id"), ("qAcc", "question_id")):
        keys = [replace(sample, group=f"{set_of(sample)}/{part_of(sample, field)}") for sample in samples]
        units += [Unit(name, float(group.all_right > 0.5), set_of(group.samples[0])) for group in together(keys)]
    return Tally(units=units, combine=lambda means, counts: {"": mean(list(means.values()))}, notes={})


def set_of(sample: Sample) -> str:
    """Questions about one figure and its variants. VLMEvalKit says l2-category for the subcategory."""
    subcategory = sample.extra.get("subcategory") or sample.extra.get("l2-category") or sample.category
    return f"{subcategory}/{part_of(sample, 'set_id')}"


PLACES = {"set_id": -3, "figure_id": -2, "question_id": -1}


def part_of(sample: Sample, field: str) -> str:
    told = sample.extra.get(field)
    if told is not None:
        return told
    parts = sample.id.split("_")
    if len(parts) < len(PLACES):
        raise DataError(
            f"Question {sample.id} has no extra.{field}; expected it, or an id that ends in SET_FIGURE_QUESTION."
        )
    return parts[PLACES[field]]


def units_of(groups: Sequence[Group]) -> list[Unit]:
    return [Unit(group.samples[0].category or ALL, group.all_right, cluster(group)) for group in groups]


def cluster(group: Group) -> str:
    return cluster_of(group.samples[0])


def headlined(means: Means, name: str) -> dict[str, np.ndarray]:
    """No headline where no group was whole."""
    return {"": means[name]} if name in means else {}


def overall(means: Means, counts: Means) -> dict[str, np.ndarray]:
    return {"": weighted(means, counts)}
