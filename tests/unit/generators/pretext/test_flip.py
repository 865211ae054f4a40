from collections import Counter

import numpy as np
import pytest
from PIL import Image, ImageOps

from spatialrl.generators.pretext.flip import ask_flip
from spatialrl.generators.pretext.question import Unfit
from spatialrl.generators.pretext.slot import Slot
from tests.unit.generators.pretext.photographs import fill, make, photograph, pixels


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    folder = tmp_path_factory.mktemp("flip")
    source = fill(folder / "source", with_depth=False)
    return source, make(folder / "made", source, num_train=20, weights={"flip": 1})


def middles(image: np.ndarray) -> list[np.ndarray]:
    """Of the four patches, without frames and numbers: what a flip leaves in its place."""
    height, width = image.shape[0] // 2, image.shape[1] // 2
    y, x = height // 3, width // 3
    patches = [image[r * height : (r + 1) * height, c * width : (c + 1) * width] for r in (0, 1) for c in (0, 1)]
    return [patch[y : height - y, x : width - x] for patch in patches]


def solve(shown: np.ndarray, original: np.ndarray) -> str:
    """By looking: which patch is another, and which flip makes it the same."""
    pairs = list(zip(middles(shown), middles(original), strict=True))
    (patch,) = [index for index, (one, other) in enumerate(pairs) if not np.array_equal(one, other)]
    one, other = pairs[patch]
    (direction,) = [axis for axis in (0, 1) if np.array_equal(np.flip(one, axis), other)]
    return f"{patch}-{direction}"


def test_the_answer_is_what_undoes_the_flip(made):
    source, tasks = made
    for task in tasks:
        assert task.answer == solve(pixels(task.media[0].path), pixels(source / task.extra["image"]))


def test_every_patch_and_both_ways_come_up_equally_often(made):
    counts = Counter(task.answer for task in made[1])
    assert len(counts) == 8
    assert max(counts.values()) - min(counts.values()) <= 1


def num_fit(image: Image.Image) -> int:
    """Of the eight flips."""
    fit = 0
    for number in range(8):
        try:
            ask_flip(image.copy(), Slot(seed=1, split="train", variant="flip", number=number))
        except Unfit:
            continue
        fit += 1
    return fit


def test_a_flat_picture_is_not_asked_about():
    assert num_fit(photograph(1)) == 8
    assert num_fit(Image.new("RGB", (224, 168), (90, 120, 200))) == 0


def test_a_patch_that_is_its_own_mirror_image_is_not_asked_about():
    """All four are, left to right; upside down they differ."""
    image = Image.new("RGB", (224, 168))
    for number, (x, y) in enumerate(((0, 0), (112, 0), (0, 84), (112, 84))):
        half = photograph(1 + number // 2, (56, 84))
        image.paste(half, (x, y))
        image.paste(ImageOps.mirror(half), (x + 56, y))
    sideways = [
        number for number in range(8) if Slot(seed=1, split="train", variant="flip", number=number).turn("flip", 8) % 2
    ]
    assert len(sideways) == 4
    assert num_fit(image) <= 4
