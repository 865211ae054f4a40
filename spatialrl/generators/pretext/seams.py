"""Can pieces be put together again by how they continue each other? Measured on thin lines along their edges.

The cost of an arrangement is the mean difference of colour levels, 0 to 255, between the two sides of its seams. A
question is answerable where the right arrangement costs less than every other, by a margin. Flat, symmetric and repeating
pieces fail: turned or exchanged, they fit as well. So do pictures with one plain background along all their edges.
"""

from functools import cache
from itertools import permutations

import numpy as np
from PIL import Image

MARGIN = 4.0
"""Levels by which the right arrangement must be better than the next best."""
CELLS = 64
"""An edge is compared as so many mean colours."""
ALIKE = 6.0
"""Levels of mean difference below which two pieces look the same."""
LOOK = 32
"""How pieces look is compared as so many by so many mean colours."""

LEFT, TOP, RIGHT, BOTTOM = range(4)

Grid = tuple[int, int]
"""Rows and columns."""
Box = tuple[int, int, int, int]


def edges_of(pixels: np.ndarray, box: Box, *, thin: int = 1) -> np.ndarray:
    """(4 sides, cells, 3) mean colours just inside the edges of a box, left to right and top to bottom."""
    left, top, right, bottom = box
    return np.stack(
        [
            _line(pixels[top:bottom, left : left + thin], 1),
            _line(pixels[top : top + thin, left:right], 0),
            _line(pixels[top:bottom, right - thin : right], 1),
            _line(pixels[bottom - thin : bottom, left:right], 0),
        ]
    )


def lines_around(pixels: np.ndarray, box: Box, *, thin: int) -> dict[int, np.ndarray]:
    """(cells, 3) mean colours just outside each side of a box where there is picture."""
    left, top, right, bottom = box
    height, width, _ = pixels.shape
    lines = {}
    if left >= thin:
        lines[LEFT] = _line(pixels[top:bottom, left - thin : left], 1)
    if top >= thin:
        lines[TOP] = _line(pixels[top - thin : top, left:right], 0)
    if right + thin <= width:
        lines[RIGHT] = _line(pixels[top:bottom, right : right + thin], 1)
    if bottom + thin <= height:
        lines[BOTTOM] = _line(pixels[bottom : bottom + thin, left:right], 0)
    return lines


def order_margin(edges: np.ndarray, grid: Grid, *, covered: int | None = None) -> float:
    """By how much pieces in reading order beat every other order. Seams of the covered piece are not seen."""
    orders, horizontal, vertical = _seams_of(grid)
    cost, num_seams = np.zeros((2, len(orders)))
    for ends, starts, (first, second) in ((RIGHT, LEFT, horizontal), (BOTTOM, TOP, vertical)):
        gaps = np.abs(edges[:, None, ends] - edges[None, :, starts]).mean((2, 3))
        one, other = orders[:, first], orders[:, second]
        is_seen = (one != covered) & (other != covered)
        cost += (gaps[one, other] * is_seen).sum(1)
        num_seams += is_seen.sum(1)
    return _margin(cost / num_seams)


def flip_margin(edges: np.ndarray, piece: int, axis: int) -> float:
    """By how much a picture of 2x2 pieces, one of which was flipped, tells which, and how. `edges` are those before.

    Axis 0 exchanges top and bottom, 1 left and right.
    """
    shown = _with_flipped(edges, piece, axis)
    others = [(p, a) for p in range(4) for a in (0, 1) if (p, a) != (piece, axis)]
    guesses = [edges, shown, *(_with_flipped(shown, p, a) for p, a in others)]
    return _margin(np.array([_square_cost(guess) for guess in guesses]))


def hole_margin(candidates: np.ndarray, around: dict[int, np.ndarray]) -> float:
    """By how much the first candidate continues the lines around a hole better than every other."""
    costs = [np.abs(candidates[:, side] - line).mean((1, 2)) for side, line in around.items()]
    return _margin(np.mean(costs, axis=0))


def turned(edges: np.ndarray, quarters: int) -> np.ndarray:
    """By 90 degrees each, counter-clockwise: what was at the right is at the top."""
    for _ in range(quarters):
        edges = np.stack([edges[TOP, ::-1], edges[RIGHT], edges[BOTTOM, ::-1], edges[LEFT]])
    return edges


def look(image: Image.Image) -> np.ndarray:
    """(cells, cells, 3) mean colours."""
    return np.asarray(image.resize((LOOK, LOOK), Image.Resampling.BOX), np.float32)


def difference(a: np.ndarray, b: np.ndarray) -> float:
    return float(np.abs(a - b).mean())


def _line(strip: np.ndarray, across: int) -> np.ndarray:
    """(cells, 3) mean colours along a strip, of which `across` is the thin way."""
    line = np.add.reduce(strip, axis=across, dtype=np.int32)
    starts, counts = _cells_of(len(line))
    return np.add.reduceat(line, starts, axis=0) / (counts * strip.shape[across])


@cache
def _cells_of(length: int) -> tuple[np.ndarray, np.ndarray]:
    """First pixel of each cell, and how many it has: at least one, so short lines repeat some."""
    starts = np.arange(CELLS) * length // CELLS
    return starts, np.maximum(1, np.diff(starts, append=length))[:, None]


def _margin(costs: np.ndarray) -> float:
    """Of the first."""
    return float(costs[1:].min() - costs[0])


def _with_flipped(edges: np.ndarray, piece: int, axis: int) -> np.ndarray:
    left, top, right, bottom = edges[piece]
    copy = edges.copy()
    copy[piece] = [left[::-1], bottom, right[::-1], top] if axis == 0 else [right, top[::-1], left, bottom[::-1]]
    return copy


def _square_cost(edges: np.ndarray) -> float:
    """Of four pieces as they lie."""
    beside = np.abs(edges[[0, 2], RIGHT] - edges[[1, 3], LEFT]).mean()
    below = np.abs(edges[[0, 1], BOTTOM] - edges[[2, 3], TOP]).mean()
    return float(beside + below) / 2


@cache
def _seams_of(grid: Grid) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Every order of the pieces, the reading order first; the places on the two sides of horizontal neighbours, and of
    vertical ones."""
    rows, columns = grid
    places = np.arange(rows * columns).reshape(grid)
    horizontal = np.stack([places[:, :-1].ravel(), places[:, 1:].ravel()])
    vertical = np.stack([places[:-1].ravel(), places[1:].ravel()])
    return np.array(list(permutations(range(rows * columns)))), horizontal, vertical
