"""Pictures without a camera: every part looks different from every other, as in nature, and each can have a depth map."""

from pathlib import Path

import numpy as np
from PIL import Image

STEPS = (4, 8, 16, 32, 64, 128)
"""Pixels from one patch of colour to the next, from fine to coarse."""
FAR_M, NEAR_M = 9.0, 1.5
NUM_BOARDS = 7


def photograph(number: int, size: tuple[int, int]) -> Image.Image:
    random = np.random.default_rng(number)
    width, height = size
    total = np.zeros((height, width, 3), np.float32)
    for step in STEPS:
        small = random.integers(0, 255, (height // step + 2, width // step + 2, 3), dtype=np.uint8)
        total += np.asarray(Image.fromarray(small).resize(size, Image.Resampling.BICUBIC), np.float32) * step**0.8
    total -= total.min()
    return Image.fromarray((total * 255 / total.max()).astype(np.uint8))


def depth_map(number: int, size: tuple[int, int]) -> np.ndarray:
    """Metres: boards at many distances before a wall, and ground that comes nearer at the bottom."""
    random = np.random.default_rng(number)
    width, height = size
    ground = NEAR_M / (np.linspace(0, 1, height, dtype=np.float32)[:, None] * 0.9 + 0.1)
    depth = np.minimum(np.broadcast_to(ground, (height, width)), FAR_M).copy()
    for _ in range(NUM_BOARDS):
        left, top = random.integers(0, width * 4 // 5), random.integers(0, height * 4 // 5)
        wide, high = random.integers(height // 6, height // 2, 2)
        depth[top : top + high, left : left + wide] = random.uniform(NEAR_M, FAR_M)
    return depth


def fill_folder(folder: Path, count: int, *, size: tuple[int, int], suffix: str, with_depth: bool = True) -> Path:
    """As DIODE keeps its images: `000.jpg`, `000_depth.npy`, `000_depth_mask.npy`."""
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(count):
        photograph(number, size).save(folder / f"{number:03d}{suffix}", quality=92)
        if with_depth:
            np.save(folder / f"{number:03d}_depth.npy", depth_map(number, size)[:, :, None])
            np.save(folder / f"{number:03d}_depth_mask.npy", np.ones((size[1], size[0]), np.float32))
    return folder
