"""How large the model sees an image: whole patches within a budget of pixels, as qwen-vl-utils computes them. Pure."""

import math
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class PixelBudget:
    """Sizes the model accepts: multiples of `factor`, between the two areas."""

    factor: int
    min_pixels: int
    max_pixels: int


def fit(width: int, height: int, *, budget: PixelBudget) -> tuple[int, int]:
    """The nearest width and height in whole patches inside the budget."""
    factor = budget.factor
    rows, columns = max(1, round(height / factor)), max(1, round(width / factor))
    if rows * columns * factor**2 > budget.max_pixels:
        scale = math.sqrt(height * width / budget.max_pixels)
        rows, columns = (max(1, math.floor(side / scale / factor)) for side in (height, width))
    elif rows * columns * factor**2 < budget.min_pixels:
        scale = math.sqrt(budget.min_pixels / (height * width))
        rows, columns = (math.ceil(side * scale / factor) for side in (height, width))
    return columns * factor, rows * factor
