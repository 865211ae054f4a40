from collections import Counter

import numpy as np
import pytest
from PIL import Image

from spatialrl.dice import Dice
from spatialrl.generators.pretext.crop import VIEWS, ask_crop, window
from spatialrl.generators.pretext.question import Unfit
from spatialrl.generators.pretext.slot import Slot
from tests.unit.generators.pretext.photographs import fill, make, photograph, pixels


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    folder = tmp_path_factory.mktemp("crop")
    source = fill(folder / "source", with_depth=False)
    return source, make(folder / "made", source, num_train=30, weights={"crop": 1})


def hole_in(image: np.ndarray) -> tuple[int, int, int, int]:
    rows, columns = np.nonzero((image == 0).all(2))
    return int(columns.min()), int(rows.min()), int(columns.max()) + 1, int(rows.max()) + 1


def thumbnail(image: np.ndarray) -> np.ndarray:
    small = Image.fromarray(image.astype(np.uint8)).resize((8, 8), Image.Resampling.BOX)
    return np.asarray(small).astype(int)


def test_only_the_hole_is_missing_from_the_first_image(made):
    source, tasks = made
    for task in tasks:
        shown, original = pixels(task.media[0].path), pixels(source / task.extra["image"])
        left, top, right, bottom = hole_in(shown)
        assert right - left == bottom - top == min(original.shape[:2]) // 2 == 84
        changed = (shown != original).any(2)
        changed[top:bottom, left:right] = False
        assert not changed.any()


def test_the_right_image_is_the_one_that_fills_the_hole(made):
    source, tasks = made
    for task in tasks:
        left, top, right, bottom = hole_in(pixels(task.media[0].path))
        missing = thumbnail(pixels(source / task.extra["image"])[top:bottom, left:right])
        gaps = [abs(thumbnail(pixels(medium.path)) - missing).mean() for medium in task.media[1:]]
        assert task.answer == "ABCD"[int(np.argmin(gaps))]
        assert sorted(gaps)[0] < 2 < 5 < sorted(gaps)[1]


def test_no_two_candidates_look_the_same(made):
    for task in made[1]:
        looks = [thumbnail(pixels(medium.path)) for medium in task.media[1:]]
        gaps = [abs(one - other).mean() for index, one in enumerate(looks) for other in looks[:index]]
        assert len(gaps) == 6
        assert min(gaps) > 5


def test_candidates_are_squares_of_the_hole_s_size(made):
    for task in made[1]:
        assert {(medium.width, medium.height) for medium in task.media[1:]} == {(84, 84)}
        assert task.options == ("image 2", "image 3", "image 4", "image 5")
        assert task.question.count("<image>") == 5


def test_every_letter_and_every_kind_of_wrong_one_come_up(made):
    letters = Counter(task.answer for task in made[1])
    assert max(letters.values()) - min(letters.values()) <= 1
    kinds = Counter(kind for task in made[1] for kind in task.extra["candidates"].split(","))
    assert kinds.keys() == set(VIEWS)
    assert kinds["right"] == 30


def test_wider_views_are_squares_inside_the_picture():
    assert window((0, 0, 80, 80), 4, (200, 160)) == (0, 0, 160, 160)
    assert window((120, 80, 200, 160), 3, (200, 160)) == (80, 40, 200, 160)
    assert window((40, 40, 120, 120), 2, (200, 160)) == (40, 40, 120, 120)
    assert window((40, 40, 120, 120), 1, (200, 160)) == (60, 60, 100, 100)


def test_sharpness_does_not_tell_the_answer(made):
    """The part that is enlarged has no less detail than the others: all have half the hole's pixels."""
    ranks = Counter()
    for task in made[1]:
        detail = [abs(np.diff(pixels(medium.path), 2, axis=1)).mean() for medium in task.media[1:]]
        ranks[sorted(detail).index(detail["ABCD".index(task.answer)])] += 1
    assert max(ranks[0], ranks[3]) <= 18


def is_fit(image: Image.Image) -> bool:
    try:
        ask_crop(image.copy(), Slot(seed=1, split="train", variant="crop", number=0), Dice(1))
    except Unfit:
        return False
    return True


def test_a_flat_picture_is_not_asked_about():
    assert is_fit(photograph(1))
    assert not is_fit(Image.new("RGB", (224, 168), (90, 120, 200)))


def test_nor_one_that_looks_the_same_when_turned_and_enlarged():
    board = np.indices((168, 224)).sum(0) % 2 * 255
    assert not is_fit(Image.fromarray(np.repeat(board[:, :, None], 3, 2).astype(np.uint8)))
