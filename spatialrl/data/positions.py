"""Rotary positions of a prompt with images and videos, as Qwen2.5-VL and Qwen3-VL were trained to read them.

One function for every caller. transformers 5.19 starts the text after a video at the end of the frame's height and
width and forgets how far the frames reach in time; vLLM starts it after the largest position used. This is vLLM's rule.
"""

from itertools import groupby

import numpy as np

TEXT, IMAGE, VIDEO = 0, 1, 2
"""Values of `mm_token_type_ids`."""

Grid = tuple[int, int, int]
"""Frames, height and width in merged patches."""


def rope_positions(
    token_types_T: list[int], *, image_grids: list[Grid], video_grids: list[Grid], video_steps: list[float]
) -> np.ndarray:
    """Temporal, height and width position of every token: int64 of shape (3, T).

    `video_grids` lists runs of video tokens in the order of the prompt, `video_steps` the temporal distance between
    two neighbouring frames of each run.
    """
    images, videos = iter(image_grids), iter(zip(video_grids, video_steps, strict=True))
    blocks, start = [], 0
    for kind, run in groupby(token_types_T):
        length = sum(1 for _ in run)
        if kind == TEXT:
            block = np.broadcast_to(np.arange(length), (3, length))
        elif kind == IMAGE:
            block = grid_positions(next(images), step=1.0)
        else:
            block = grid_positions(*next(videos))
        blocks.append(block + start)
        start = int(blocks[-1].max()) + 1
    return np.concatenate(blocks, axis=1)


def grid_positions(grid: Grid, step: float) -> np.ndarray:
    indices = np.indices(grid).reshape(3, -1)
    indices[0] = (indices[0] * step).astype(np.int64)
    return indices


def continue_positions(positions_T: np.ndarray, num_tokens: int) -> np.ndarray:
    """Positions of a prompt followed by `num_tokens` tokens of text."""
    start = int(positions_T.max()) + 1
    tail = np.broadcast_to(np.arange(start, start + num_tokens), (3, num_tokens))
    return np.concatenate([positions_T, tail], axis=1)
