import os
from pathlib import Path

import numpy as np
import pytest

from spatialrl.data.media.pixel_file import HEADER, map_pixels, write_pixels
from tests.small_disk import disk_of


@pytest.mark.parametrize("shape", [(1000,), (4, 5, 3), (2, 4, 5, 3)])
def test_pixels_come_back_in_their_shape_and_read_only(tmp_path: Path, shape: tuple[int, ...]):
    pixels = np.random.default_rng(1).integers(0, 256, shape, dtype=np.uint8)
    write_pixels(str(tmp_path / "a"), pixels)
    found = map_pixels(str(tmp_path / "a"))
    assert np.array_equal(found, pixels)
    assert not found.flags.writeable
    assert (tmp_path / "a").stat().st_size == pixels.size + HEADER.size


def test_pixels_that_do_not_lie_in_order_are_written_in_order(tmp_path: Path):
    pixels = np.rot90(np.arange(24, dtype=np.uint8).reshape(2, 4, 3))
    write_pixels(str(tmp_path / "a"), pixels)
    assert np.array_equal(map_pixels(str(tmp_path / "a")), pixels)


def test_pixels_for_which_there_is_no_room_are_an_error(tmp_path: Path):
    """The first write takes what fits, and says so; only the next one fails."""
    with disk_of(600), pytest.raises(OSError, match="too large"):
        write_pixels(str(tmp_path / "a"), np.zeros(1000, np.uint8))


def test_pixels_that_are_held_hold_no_file_open(tmp_path: Path):
    write_pixels(str(tmp_path / "a"), np.zeros(1000, np.uint8))
    before = len(os.listdir("/proc/self/fd"))
    held = [map_pixels(str(tmp_path / "a")) for _ in range(20)]
    # A map keeps one descriptor of its own.
    assert len(os.listdir("/proc/self/fd")) - before <= len(held)


def test_what_is_no_pixels_is_not_written(tmp_path: Path):
    for wrong in (np.zeros(4), np.zeros((1,) * 8, np.uint8)):
        with pytest.raises(AssertionError):
            write_pixels(str(tmp_path / "a"), wrong)
    assert list(tmp_path.iterdir()) == []
