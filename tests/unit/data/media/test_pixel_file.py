from pathlib import Path

import numpy as np
import pytest

from spatialrl.data.media.pixel_file import HEADER, map_pixels, write_pixels


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
