import io

import numpy as np
from PIL import Image

from spatialrl.scenes.png import encode_depth, encode_rgb


def test_another_reader_sees_the_same_colours():
    pixels = np.arange(70 * 400 * 3).reshape(70, 400, 3).astype(np.uint8)
    image = Image.open(io.BytesIO(encode_rgb(pixels)))
    assert image.mode == "RGB"
    assert np.array_equal(np.asarray(image), pixels)


def test_depth_is_stored_in_millimetres():
    image = Image.open(io.BytesIO(encode_depth(np.array([[1.2344, 1.2346, 2.0], [0.0, 65.5, 1000.0]]))))
    assert np.asarray(image).tolist() == [[1234, 1235, 2000], [0, 65500, 65535]]


def test_the_pixels_are_stored_as_they_are():
    """One row of one pixel: a stored block of four bytes, a filter byte and three colours."""
    data = encode_rgb(np.array([[[1, 2, 3]]], np.uint8))
    stream = data[data.index(b"IDAT") + 4 :]
    assert stream[:11].hex() == "7801" + "01" + "0400" + "fbff" + "00010203"
    assert len(data) == 8 + 25 + (12 + 15) + 12
