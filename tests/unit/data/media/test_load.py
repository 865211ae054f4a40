from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from spatialrl.data.media.load import GREY, load_image
from spatialrl.errors import DataError
from spatialrl.types import Media


def test_an_image_of_the_right_size_is_not_touched(tmp_path: Path):
    pixels = np.arange(56 * 56 * 3, dtype=np.uint8).reshape(56, 56, 3)
    Image.fromarray(pixels).save(tmp_path / "a.png")
    medium = Media(kind="image", path=str(tmp_path / "a.png"), width=56, height=56)
    assert (np.asarray(load_image(medium, size=(56, 56))) == pixels).all()


def test_a_blank_image_is_grey_and_needs_no_file():
    medium = Media(kind="image", path="nowhere.png", width=112, height=112, blank=True)
    image = load_image(medium, size=(56, 56))
    assert (image.size, image.getpixel((5, 5))) == ((56, 56), GREY)


def test_a_missing_image_is_named():
    medium = Media(kind="image", path="nowhere.png", width=112, height=112)
    with pytest.raises(DataError, match=r"nowhere\.png"):
        load_image(medium, size=(56, 56))


def depth(path: Path) -> Media:
    return Media(kind="depth", path=str(path), width=4, height=1)


@pytest.mark.parametrize("dtype", [np.uint16, np.float32])
def test_depth_falls_from_white_to_dark_grey_and_what_is_unknown_is_black(tmp_path: Path, dtype: type):
    """A room from 1 to 4 m, in millimetres, fills less than 4 of the upper 8 bits."""
    suffix = "png" if dtype is np.uint16 else "tiff"
    path = tmp_path / f"depth.{suffix}"
    Image.fromarray(np.array([[0, 1000, 2500, 4000]], dtype)).save(path)
    shades = np.asarray(load_image(depth(path), size=(4, 1)))
    assert (shades[..., 0] == shades[..., 2]).all()
    # The percentiles lie 0.5 % of the way inside: the middle stays the middle.
    assert shades[0, :, 0].tolist() == pytest.approx([0, 255, 143.5, 32], abs=1)


def test_a_depth_map_that_is_a_picture_stays_as_it_is(tmp_path: Path):
    Image.fromarray(np.array([[10, 20, 30, 40]], np.uint8)).save(tmp_path / "depth.png")
    assert np.asarray(load_image(depth(tmp_path / "depth.png"), size=(4, 1)))[0, :, 0].tolist() == [10, 20, 30, 40]


def test_a_wall_at_one_depth_is_white(tmp_path: Path):
    Image.fromarray(np.full((1, 4), 700, np.uint16)).save(tmp_path / "depth.png")
    assert (np.asarray(load_image(depth(tmp_path / "depth.png"), size=(4, 1))) == 255).all()
