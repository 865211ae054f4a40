import hashlib

import numpy as np
import pytest

from spatialrl.data.media.decode import decode_frames
from spatialrl.scenes.video import to_yuv420, write_video


@pytest.fixture
def frames():
    """A grey image that grows lighter, with a red square that moves to the right."""
    film = np.stack([np.full((48, 64, 3), 60 + 10 * index, np.uint8) for index in range(8)])
    for index, frame in enumerate(film):
        frame[16:32, 6 * index : 6 * index + 16] = (200, 40, 40)
    return film


def test_the_frames_come_back(tmp_path, frames):
    write_video(tmp_path / "a.mp4", frames, fps=8)
    back = np.stack(decode_frames(str(tmp_path / "a.mp4"), tuple(range(8))))
    assert back.shape == frames.shape
    assert np.abs(back.astype(int) - frames).mean() < 4


def test_the_same_frames_give_the_same_bytes(tmp_path, frames):
    for name in ("a.mp4", "b.mp4"):
        write_video(tmp_path / name, frames, fps=8)
    first, second = ((tmp_path / name).read_bytes() for name in ("a.mp4", "b.mp4"))
    assert hashlib.sha256(first).digest() == hashlib.sha256(second).digest()


def test_grey_has_no_colour_and_white_is_235():
    planes = to_yuv420(np.full((4, 4, 3), 255, np.uint8))
    assert planes.shape == (6, 4)
    assert planes[:4].tolist() == [[235] * 4] * 4
    assert planes[4:].tolist() == [[128] * 4] * 2


def test_sizes_that_are_even_but_not_multiples_of_four_work(tmp_path):
    write_video(tmp_path / "a.mp4", np.zeros((2, 50, 50, 3), np.uint8), fps=8)
    assert decode_frames(str(tmp_path / "a.mp4"), (1,))[0].shape == (50, 50, 3)
