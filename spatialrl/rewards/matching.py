"""Pairs predicted objects with true ones, one to one, at the least total cost."""

from collections.abc import Sequence

import numpy as np
from scipy.optimize import linear_sum_assignment


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
