"""A picture as a grid of patches: cut, and shown with a frame and a number each."""

from collections.abc import Sequence

import numpy as np
from PIL import Image

from spatialrl.generators.pretext.glyphs import draw_frame, draw_plate, frame_width
from spatialrl.generators.pretext.seams import Box, Grid, edges_of


def cut(image: Image.Image, grid: Grid) -> tuple[Image.Image, list[Box]]:
    """The picture without the pixels that do not divide evenly, and its boxes in reading order."""
    rows, columns = grid
    width, height = image.width // columns, image.height // rows
    boxes = [
        (column * width, row * height, (column + 1) * width, (row + 1) * height)
        for row in range(rows)
        for column in range(columns)
    ]
    size = width * columns, height * rows
    return image if image.size == size else image.crop((0, 0, *size)), boxes


def edges_of_patches(image: Image.Image, boxes: Sequence[Box]) -> np.ndarray:
    pixels = np.asarray(image)
    return np.stack([edges_of(pixels, box, thin=frame_width(image.size)) for box in boxes])


def number_patches(image: Image.Image, boxes: Sequence[Box]) -> None:
    width = frame_width(image.size)
    for label, box in enumerate(boxes):
        draw_frame(image, box=box, width=width)
        draw_plate(image, str(label), box=box)
