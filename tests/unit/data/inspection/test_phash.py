"""One picture has one hash, whatever it was saved as."""

import io

import numpy as np
import pytest
from PIL import Image
from scipy.fft import dctn

from spatialrl.bench.photographs import photograph
from spatialrl.data.inspection.phash import COPY_SIDE, MOST_BITS, Signature, are_confirmed, signature

PICTURES = [photograph(number, (320, 240)) for number in range(12)]


def signed(image: Image.Image) -> Signature:
    found = signature(image)
    assert found is not None
    return found


def anew(image: Image.Image, *, scale: float, quality: int) -> Image.Image:
    file = io.BytesIO()
    image.resize((round(image.width * scale), round(image.height * scale))).save(file, "jpeg", quality=quality)
    return Image.open(file)


def bits(left: Signature, right: Signature) -> int:
    return (left.hash ^ right.hash).bit_count()


def agree(left: Signature, right: Signature) -> bool:
    pair = [np.frombuffer(item.copy, np.int8)[None] for item in (left, right)]
    return bool(are_confirmed(*pair)[0])


def test_the_hash_is_that_of_a_cosine_transform_by_another_library():
    """Its bits, in order of u + v and then u, are those of scipy's DCT-II of the 32 x 32 grey picture."""
    grey = np.asarray(PICTURES[0].convert("L").resize((32, 32), Image.Resampling.BILINEAR, reducing_gap=3.0), float)
    waves: np.ndarray = np.asarray(dctn(grey, type=2))
    order = [(total - v, v) for total in range(1, 11) for v in range(total, -1, -1)][:64]
    values = np.array([waves[u, v] for u, v in order])
    told = "".join("1" if value > np.median(values) else "0" for value in values)
    assert f"{signed(PICTURES[0]).hash:064b}" == told


@pytest.mark.parametrize(("scale", "quality"), [(1.0, 40), (0.5, 75), (0.3, 90), (2.0, 90)])
def test_a_picture_saved_anew_is_the_same(scale: float, quality: int):
    for image in PICTURES:
        ours, theirs = signed(image), signed(anew(image, scale=scale, quality=quality))
        assert bits(ours, theirs) <= MOST_BITS
        assert agree(ours, theirs)


def test_brighter_and_flatter_is_the_same():
    for image in PICTURES:
        other = image.point(lambda value: 40 + 0.7 * value)
        assert bits(signed(image), signed(other)) <= MOST_BITS
        assert agree(signed(image), signed(other))


def test_other_pictures_are_far_away():
    hashes = [signed(image) for image in PICTURES]
    assert min(bits(a, b) for index, a in enumerate(hashes) for b in hashes[:index]) > 2 * MOST_BITS


def test_a_mirrored_picture_is_another():
    image = PICTURES[0]
    assert bits(signed(image), signed(image.transpose(Image.Transpose.FLIP_LEFT_RIGHT))) > MOST_BITS


def room(left: int) -> Image.Image:
    """A floor and a wall with one small thing."""
    image = Image.linear_gradient("L").resize((128, 128))
    image.paste(20, (left, 70, left + 14, 84))
    return image


def test_a_thing_that_stands_elsewhere_makes_another_picture():
    """The hash alone may miss it; the copy does not."""
    assert agree(signed(room(30)), signed(room(30)))
    assert not agree(signed(room(30)), signed(room(70)))


def test_a_plain_picture_has_no_signature():
    assert signature(Image.new("RGB", (64, 64), (90, 90, 90))) is None
    assert signature(Image.new("RGB", (1, 1))) is None


def test_a_copy_is_256_signed_bytes_whose_mean_is_nothing():
    copy = np.frombuffer(signed(PICTURES[0]).copy, np.int8)
    assert copy.shape == (COPY_SIDE**2,)
    assert abs(copy.mean()) < 0.5
    assert copy.std() == pytest.approx(32, abs=0.5)


def test_copies_agree_up_to_six_tenths_of_a_standard_deviation_everywhere():
    """A step is 1/32 of one: 19 steps are 0.59, 20 are 0.63."""
    copies = np.zeros((3, COPY_SIDE**2), np.int8)
    copies[1, 7], copies[2, 7] = 19, 20
    assert are_confirmed(np.zeros_like(copies), copies).tolist() == [True, True, False]


def test_a_picture_is_plain_below_two_grey_levels_of_deviation():
    """Two halves, each as many levels beside the mean."""
    for levels, is_plain in ((1, True), (3, False)):
        image = Image.new("L", (64, 64), 100 - levels)
        image.paste(100 + levels, (32, 0, 64, 64))
        assert (signature(image) is None) == is_plain
