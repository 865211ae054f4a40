"""Which predicted object stands for which true one, and how well: labels and boxes judged together, matched so that the
whole is worth most. A box that is reversed, empty or out of the image is worth nothing; the order of objects and the
numbers in their names change nothing.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from operator import attrgetter

import numpy as np

from spatialrl.coordinate_frames import Size
from spatialrl.rewards.boxes import all_pairs, in_fractions, iou
from spatialrl.rewards.labels import Similarity, label
from spatialrl.rewards.matching import match
from spatialrl.types import Box, SceneObject

Looks = tuple[str, Box]
"""Label and box."""

OUTSIDE = 0.05
"""Of the image's side, by which a box may reach beyond it."""
BY_CHANCE = 0.2
"""IoU that boxes drawn without looking reach."""
FOUND = 0.3
"""What a pair of objects is worth at least, where relations of the one are taken to speak of the other: with the right
label an IoU of a half."""
THOUSAND = 1000.0
"""Boxes are compared in thousandths, whose areas are large beside the constant that keeps an IoU finite."""


@dataclass(frozen=True, slots=True)
class Pair:
    """A predicted object and the true one it is matched with."""

    guess: SceneObject
    truth: SceneObject
    worth: float
    """Likeness of the labels times `closeness` of the boxes, 0 to 1."""


def match_objects(
    guesses: Sequence[SceneObject], truths: Sequence[SceneObject], *, sizes: tuple[Size, Size], similarity: Similarity
) -> tuple[Pair, ...]:
    """`sizes` are those of the image in the frames of the guesses and of the truths."""
    if not guesses or not truths:
        return ()
    guesses, truths = sorted(guesses, key=looks), sorted(truths, key=looks)
    boxes = in_fractions([thing.bbox for thing in guesses], sizes[0])
    true_boxes = in_fractions([thing.bbox for thing in truths], sizes[1])
    overlaps = np.nan_to_num(iou(*all_pairs(THOUSAND * boxes, THOUSAND * true_boxes))) * is_box(boxes)[:, None]
    likeness = similarity([label(thing.id) for thing in guesses], [label(thing.id) for thing in truths])
    worths = np.clip(likeness, 0, 1) * closeness(np.clip(overlaps, 0, 1))
    return tuple(Pair(guesses[i], truths[j], float(worths[i, j])) for i, j in match(-worths))


def closeness(overlap: np.ndarray) -> np.ndarray:
    """0 up to an IoU of 0.2, 1 at 1, and between the two 3t^2 - 2t^3 of the way t from the one to the other.

    The usual place of things overlaps each of them a little, which earns nothing; a box that is off by a tenth of its
    sides, IoU 0.82, is worth 0.87.
    """
    way = np.maximum(0.0, overlap - BY_CHANCE) / (1 - BY_CHANCE)
    return way * way * (3 - 2 * way)


def is_box(boxes: np.ndarray) -> np.ndarray:
    """Of boxes in fractions of the image: which have an area, and lie in the image but for a margin."""
    is_ordered = (boxes[:, 0] < boxes[:, 2]) & (boxes[:, 1] < boxes[:, 3])
    return is_ordered & (boxes >= -OUTSIDE).all(axis=1) & (boxes <= 1 + OUTSIDE).all(axis=1)


def looks(thing: SceneObject) -> Looks:
    """What tells an object from others: those that share it can't be told apart."""
    return label(thing.id), thing.bbox


def num_found(pairs: Sequence[Pair]) -> int:
    return sum(pair.worth >= FOUND for pair in pairs)


def names_found(pairs: Sequence[Pair], guesses: Sequence[SceneObject]) -> dict[str, str]:
    """Of each guessed id in lower case, the id of the true object it speaks of, where the pair is worth enough. Guesses
    that look the same speak of the one they fit best."""
    best: dict[Looks, Pair] = {}
    for pair in sorted(pairs, key=attrgetter("worth")):
        if pair.worth >= FOUND:
            best[looks(pair.guess)] = pair
    return {thing.id.casefold(): best[looks(thing)].truth.id for thing in guesses if looks(thing) in best}


def one_name_each(things: Sequence[SceneObject]) -> dict[str, str]:
    """Of each id, the one by which all objects that look the same go."""
    first = {looks(thing): thing.id for thing in sorted(things, key=attrgetter("id"), reverse=True)}
    return {thing.id: first[looks(thing)] for thing in things}


def total_worth(pairs: Sequence[Pair]) -> float:
    """A box that is written for several objects counts for the one it fits best; for all where the truth repeats it."""
    worths: dict[Box, dict[Box, float]] = defaultdict(lambda: defaultdict(float))
    for pair in pairs:
        worths[pair.guess.bbox][pair.truth.bbox] += pair.worth
    return sum(max(by_truth.values()) for by_truth in worths.values())
