"""Pairs predicted objects with true ones, one to one, at the least total cost."""

from collections.abc import Sequence

import numpy as np
from scipy.optimize import linear_sum_assignment

from spatialrl.rewards.tables import inside


def match(costs: Sequence[Sequence[float]] | np.ndarray) -> list[tuple[int, int]]:
    """Hungarian matching (Kuhn 1955) of rows to columns: as many pairs as the shorter side has members.

    Raises FloatingPointError where a cost is not a finite number: no assignment is the best one then.
    """
    table = np.asarray(costs, dtype=np.float64)
    if table.size == 0:
        return []
    if not np.isfinite(table).all():
        raise FloatingPointError("a matching cost is not finite")
    rows, columns = linear_sum_assignment(table)
    return list(zip(rows.tolist(), columns.tolist(), strict=True))


def match_all(costs: np.ndarray, shapes: np.ndarray) -> np.ndarray:
    """`match` for many tables (tables, rows, columns) at once: which cells are pairs. `shapes` are the (rows, columns) of
    each; what lies beyond them is padding. A table with a cost that is no finite number has no pairs.

    Most tables need no search: where each member of the shorter side has one cheapest partner, and no two the same one,
    nothing else is as cheap. The others, ties among them, take the way of `match`.
    """
    is_inside = inside(shapes)
    is_finite: np.ndarray = np.all(np.isfinite(costs) | ~is_inside, axis=(1, 2))
    costs = np.where(is_inside, costs, np.inf)
    is_pair = _is_cheapest(costs, shapes) & is_inside & is_finite[:, None, None]
    for index in np.flatnonzero(is_finite & ~_is_one_to_one(is_pair, shapes.min(axis=1))).tolist():
        rows, columns = linear_sum_assignment(costs[index, : shapes[index, 0], : shapes[index, 1]])
        is_pair[index] = False
        is_pair[index, rows, columns] = True
    return is_pair


def _is_cheapest(costs: np.ndarray, shapes: np.ndarray) -> np.ndarray:
    """Of its row, or of its column where there are more rows than columns."""
    is_tall = shapes[:, 0] > shapes[:, 1]
    of_columns = costs == costs.min(axis=1, keepdims=True)
    of_rows = costs == costs.min(axis=2, keepdims=True)
    return np.where(is_tall[:, None, None], of_columns, of_rows)


def _is_one_to_one(is_pair: np.ndarray, num_pairs: np.ndarray) -> np.ndarray:
    in_rows, in_columns = is_pair.sum(axis=2), is_pair.sum(axis=1)
    most = np.maximum(in_rows.max(axis=1), in_columns.max(axis=1))
    return (most == 1) & (in_rows.sum(axis=1) == num_pairs)
