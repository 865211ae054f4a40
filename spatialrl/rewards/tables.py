"""Lists of different lengths as the rows of one table, so that one expression computes all of them. In memory the first
axis is the innermost: there are many lists and each is short, and numpy is quick along long axes only.
"""

import numpy as np


def padded(flat: np.ndarray, lengths: np.ndarray) -> np.ndarray:
    """(lists, longest, ...) of lists that lie end to end in `flat`; zeros fill them up."""
    is_there = np.arange(lengths.max(initial=0)) < lengths[:, None]
    table = np.zeros((*is_there.shape, *flat.shape[1:]), flat.dtype, order="F")
    table[is_there] = flat
    return table


def inside(shapes: np.ndarray) -> np.ndarray:
    """(tables, most rows, most columns): what of each table is no padding. `shapes` are (rows, columns)."""
    rows, columns = ((np.arange(side.max(initial=0))[:, None] < side).T for side in shapes.T)
    return rows[:, :, None] & columns[:, None, :]
