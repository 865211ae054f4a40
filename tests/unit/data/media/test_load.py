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
