"""Does a cognitive map show the layout of the room? The share of the true places' variance that the drawn ones explain
(1 - squared errors / variance), once both maps lie on each other as well as moves and quarter turns allow, above what
maps drawn blindly reach. All objects in one place explain nothing, a mirror image little, the true map everything.
"""

import random
from collections.abc import Sequence
from functools import lru_cache

import numpy as np

from spatialrl.rewards.matching import match
from spatialrl.rewards.parse import Malformed
from spatialrl.rewards.parse import cognitive_map as read_map
from spatialrl.types import Completion, MapCell, Task, Unscored

GRID = 10
FEWEST_CELLS = 3
"""Of two places any guess is nearly right once it is moved and turned."""
MOST_CELLS = 10
"""Times as many as there are; a map with more is not looked at."""
NUM_BLIND_MAPS = 64
BLIND_CELLS = range(2, 8)
"""Blind maps keep to the middle, where wrong places cost least: the best that not looking can do."""
BLIND_QUANTILE = 0.75
"""Of the blind maps' agreements. Above their mean, because what lies below counts 0 and so can't offset what lies above."""
MOST_BLIND = 0.9
OTHER_LABEL = 1e6
"""Cost of a pair with different labels: more than all pairs on the grid together."""

Cells = tuple[MapCell, ...]


def map_accuracy(task: Task, completion: Completion, *, turns: bool = True) -> float | Unscored:
    """0 to 1: layout times count. `turns` off is for maps whose frame the question states.

    Count is the shared objects over all that either map has (Jaccard 1901), so that objects made up and left out cost.
    """
    truth = _named(task.cognitive_map)
    if len(truth) < FEWEST_CELLS or len({(cell.column, cell.row) for cell in truth}) < 2:
        return Unscored(reason=f"task {task.id} has no cognitive map with a layout: {len(truth)} objects")
    drawn = read_map(completion.text)
    if isinstance(drawn, Malformed) or len(drawn) > MOST_CELLS * len(truth):
        return 0.0
    guess = _named(drawn)
    return layout_above_chance(guess, truth, turns=turns) * shared_count(guess, truth)


def layout_above_chance(guess: Cells, truth: Cells, *, turns: bool) -> float:
    guess, truth = (in_one_pose(cells, turns=turns) for cells in (guess, truth))
    chance = blind_agreement(truth, turns)
    return max(0.0, (agreement(guess, truth, turns=turns) - chance) / (1 - chance))


def in_one_pose(cells: Cells, *, turns: bool) -> Cells:
    """The same cells for every order, place and, where `turns`, quarter turn of a map: ties between pairs that fit equally
    well are then broken in the same way."""
    poses = [[(cell.label, cell.column, cell.row) for cell in cells]]
    for _ in range(3 if turns else 0):
        poses.append([(label, -row, column) for label, column, row in poses[-1]])
    return tuple(MapCell(label=label, column=column, row=row) for label, column, row in min(map(_at_origin, poses)))


def _at_origin(cells: list[tuple[str, int, int]]) -> list[tuple[str, int, int]]:
    left, top = min(column for _, column, _ in cells), min(row for _, _, row in cells)
    return sorted((label, column - left, row - top) for label, column, row in cells)


def shared_count(guess: Cells, truth: Cells) -> float:
    names, true_names = _names(guess), _names(truth)
    shared = sum(min(names.count(name), true_names.count(name)) for name in set(true_names))
    return shared / (len(guess) + len(truth) - shared)


def agreement(guess: Cells, truth: Cells, *, turns: bool) -> float:
    """Share of variance explained, at most 1, below 0 for maps worse than one point. Best over the quarter turns."""
    same = np.array([[a.label == b.label for b in truth] for a in guess], dtype=bool).reshape(len(guess), len(truth))
    if not same.any():
        return 0.0
    drawn, true = _plane(guess), _plane(truth)
    drawn, true = drawn - _centre(drawn, _weights(same)), true - _centre(true, _weights(same.T))
    return max(_explained(drawn * 1j**turn, true, same) for turn in range(4 if turns else 1))


@lru_cache(maxsize=4096)
def blind_agreement(truth: Cells, turns: bool) -> float:
    """What maps with the right objects in random places reach, 0 to .9; the same for the same truth."""
    generator = random.Random(0)
    found = [agreement(_blind(truth, generator), truth, turns=turns) for _ in range(NUM_BLIND_MAPS)]
    return min(MOST_BLIND, max(0.0, float(np.quantile(found, BLIND_QUANTILE))))


def _blind(truth: Cells, generator: random.Random) -> Cells:
    places = [(generator.choice(BLIND_CELLS), generator.choice(BLIND_CELLS)) for _ in truth]
    return tuple(
        MapCell(label=cell.label, column=column, row=row) for cell, (column, row) in zip(truth, places, strict=True)
    )


def _explained(drawn: np.ndarray, true: np.ndarray, same: np.ndarray) -> float:
    """Pairs within labels at the least squared distance; of an object that is not drawn nothing is explained."""
    costs = np.where(same, _squared(drawn[:, None] - true[None, :]), OTHER_LABEL)
    rows, columns = np.array([pair for pair in match(costs) if same[pair]]).T
    errors = true[columns] - drawn[rows]
    around_mean = _squared(true - true.mean())
    missed = around_mean.sum() - around_mean[columns].sum()
    return float(1 - (_squared(errors - errors.mean()).sum() + missed) / around_mean.sum())


def _plane(cells: Cells) -> np.ndarray:
    """Columns and rows as complex numbers: a quarter turn is a multiplication by i."""
    return np.array([complex(cell.column, cell.row) for cell in cells])


def _weights(same: np.ndarray) -> np.ndarray:
    """Of each row's object: labels with n objects here and m there weigh min(n, m) in all, whoever their partners are."""
    there = same.sum(axis=1)
    here = (same.astype(float) @ same.T.astype(float) > 0).sum(axis=1)
    return np.minimum(here, there) / np.maximum(here, 1)


def _centre(plane: np.ndarray, weights: np.ndarray) -> complex:
    return complex((plane * weights).sum() / weights.sum())


def _squared(plane: np.ndarray) -> np.ndarray:
    return np.abs(plane) ** 2


def _named(cells: Sequence[MapCell]) -> Cells:
    return tuple(
        MapCell(label=" ".join(c.label.lower().replace("_", " ").split()), column=c.column, row=c.row) for c in cells
    )


def _names(cells: Cells) -> list[str]:
    return [cell.label for cell in cells]
