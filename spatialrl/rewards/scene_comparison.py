"""Objects of many scenes against the true ones, as SpatialThinker compares them, all at once: matched one to one by
label and box, and measured by the CIoU of their boxes. Scenes of about equal size are padded to one table.
"""

from collections.abc import Iterator, Sequence
from itertools import accumulate, pairwise
from math import fsum
from struct import Struct
from typing import NamedTuple

import numpy as np

from spatialrl.rewards.boxes import all_pairs, in_fractions, mapped_ciou
from spatialrl.rewards.labels import Similarity, Tables, Vocabulary, similarity_tables
from spatialrl.rewards.matching import match_all
from spatialrl.rewards.parse import Thing
from spatialrl.rewards.tables import padded
from spatialrl.types import SceneObject

LABEL_COST = 2.0
BOX_COST = 1.0
PAIRS_AT_ONCE = 8192
"""Of a predicted and a true object: what is computed of so many stays in the processor's cache."""
FOUR_FLOATS = Struct("=4d").pack

Size = tuple[float, float]
Things = Sequence[Thing] | Sequence[SceneObject]


class Comparison(NamedTuple):
    """The objects a response names and those that are there, in a frame of one size. Neither side is empty."""

    guesses: Sequence[Thing]
    truths: Sequence[SceneObject]
    size: Size


class Side:
    """The objects of one side of many scenes, those of each scene once: answers to one question share their truth."""

    def __init__(self, scenes: Sequence[Things], sizes: Sequence[Size]) -> None:
        keys = [(id(scene), size) for scene, size in zip(scenes, sizes, strict=True)]
        different = dict(zip(keys, scenes, strict=True))
        places = {key: place for place, key in enumerate(different)}
        things = [thing for scene in different.values() for thing in scene]
        lengths = np.array([len(scene) for scene in different.values()])
        # Several times as fast as numpy's own way from tuples to an array.
        boxes = np.frombuffer(b"".join([FOUR_FLOATS(*thing.bbox) for thing in things])).reshape(-1, 1, 4)
        frames = np.repeat([size for _, size in different], lengths, axis=0)
        vocabulary = Vocabulary()
        self._codes = np.array([vocabulary[thing.id] for thing in things], np.intp)
        self._boxes = in_fractions(boxes, frames)[:, 0]
        self._ends = lengths.cumsum()
        self._places = np.array([places[key] for key in keys])
        self.labels = vocabulary.labels
        self.lengths = lengths[self._places]

    def tables(self, some: slice) -> tuple[np.ndarray, np.ndarray]:
        """Of these scenes the codes of the labels (scenes, objects) and the boxes (scenes, objects, 4)."""
        lengths = self.lengths[some]
        objects = np.arange(lengths.sum()) + np.repeat(self._ends[self._places[some]] - lengths.cumsum(), lengths)
        return padded(self._codes[objects], lengths), padded(self._boxes[objects], lengths)


def closeness(scenes: Sequence[Comparison], measure: Similarity) -> list[float | None]:
    """Of each scene, the mean over the true objects of the mapped CIoU with the matched prediction, 0 without one.

    None where a predicted box has no distance to anything: NaN, infinities, and what is infinite once it is squared.
    """
    if not scenes:
        return []
    shapes = [(len(scene.guesses), len(scene.truths)) for scene in scenes]
    order = sorted(range(len(scenes)), key=shapes.__getitem__)
    guess_lists, true_lists, sizes = zip(*[scenes[index] for index in order], strict=True)
    guesses, truths = Side(guess_lists, sizes), Side(true_lists, sizes)
    likeness = similarity_tables(guesses.labels, truths.labels, measure)
    found = [
        value
        for some in in_tables([shapes[index] for index in order])
        for value in _closeness(guesses, truths, likeness, some)
    ]
    return [value for _, value in sorted(zip(order, found, strict=True))]


def in_tables(shapes: Sequence[tuple[int, int]]) -> Iterator[slice]:
    """Scenes that follow each other, as many as one table of a bounded size holds."""
    start = most_rows = most_columns = 0
    for index, (rows, columns) in enumerate(shapes):
        most_rows, most_columns = max(most_rows, rows), max(most_columns, columns)
        if index > start and most_rows * most_columns * (index + 1 - start) > PAIRS_AT_ONCE:
            yield slice(start, index)
            start, most_rows, most_columns = index, rows, columns
    yield slice(start, len(shapes))


def _closeness(guesses: Side, truths: Side, likeness: Tables, some: slice) -> list[float | None]:
    """In tables (scenes, predicted, true)."""
    codes, boxes = guesses.tables(some)
    true_codes, true_boxes = truths.tables(some)
    nearness = mapped_ciou(*all_pairs(boxes, true_boxes))
    costs = LABEL_COST * (1 - likeness(codes, true_codes)) + BOX_COST * (1 - nearness)
    is_matched = match_all(costs, np.stack([guesses.lengths[some], truths.lengths[some]], axis=1))
    return _means(nearness, is_matched, truths.lengths[some].tolist())


def _means(nearness: np.ndarray, is_matched: np.ndarray, num_truths: Sequence[int]) -> list[float | None]:
    values = nearness[is_matched].tolist()
    ends = pairwise(accumulate(is_matched.sum(axis=(1, 2)).tolist(), initial=0))
    return [_mean(values[start:end], number) for (start, end), number in zip(ends, num_truths, strict=True)]


def _mean(matched: Sequence[float], num_truths: int) -> float | None:
    try:
        return fsum(matched) / num_truths if matched else None
    # Model text: each of the distances is a float, their sum may be none.
    except OverflowError:
        return None
