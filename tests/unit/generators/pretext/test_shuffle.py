from collections import Counter
from itertools import permutations
from math import factorial

import numpy as np
import pytest
from PIL import Image, ImageOps

from spatialrl.generators.pretext.question import Unfit
from spatialrl.generators.pretext.shuffle import ask_order
from spatialrl.generators.pretext.slot import Slot
from tests.unit.generators.pretext.photographs import fill, make, photograph, pixels

GRIDS = {
    "shuffle_2x2": (2, 2),
    "shuffle_2x2_masked": (2, 2),
    "shuffle_1x3": (1, 3),
    "shuffle_1x4": (1, 4),
    "shuffle_3x1": (3, 1),
    "shuffle_4x1": (4, 1),
}


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    folder = tmp_path_factory.mktemp("shuffle")
    source = fill(folder / "source", with_depth=False)
    counts = {variant: factorial(rows * columns) - 1 for variant, (rows, columns) in GRIDS.items()}
    return source, make(folder / "made", source, num_train=sum(counts.values()), weights=counts)


def parts(image: np.ndarray, grid: tuple[int, int]) -> list[np.ndarray]:
    """Their lower right halves, where no number is."""
    rows, columns = grid
    height, width = image.shape[0] // rows, image.shape[1] // columns
    corners = [(row * height, column * width) for row in range(rows) for column in range(columns)]
    return [image[y + height // 2 : y + height - 4, x + width // 2 : x + width - 4] for y, x in corners]


def test_putting_the_parts_where_the_answer_says_gives_the_photograph(made):
    source, tasks = made
    for task in tasks:
        grid = GRIDS[task.extra["variant"]]
        shown, original = (parts(pixels(path), grid) for path in (task.media[0].path, source / task.extra["image"]))
        labels = [int(label) for label in task.answer.split("-")]
        assert sorted(labels) == list(range(len(original)))
        differing = [label for place, label in enumerate(labels) if not np.array_equal(shown[label], original[place])]
        assert differing == ([int(task.extra["covered"])] if "covered" in task.extra else [])


def test_a_covered_part_is_white(made):
    covered = [task for task in made[1] if task.extra["variant"] == "shuffle_2x2_masked"]
    for task in covered:
        shown = parts(pixels(task.media[0].path), (2, 2))
        assert [bool((part == 255).all()) for part in shown].index(True) == int(task.extra["covered"])
    assert Counter(task.extra["covered"] for task in covered).keys() == set("0123")


def test_every_order_but_the_one_unmoved_comes_up_equally_often(made):
    for variant, (rows, columns) in GRIDS.items():
        count = rows * columns
        counts = Counter(task.answer for task in made[1] if task.extra["variant"] == variant)
        orders = {"-".join(map(str, order)) for order in permutations(range(count))}
        assert counts.keys() == orders - {"-".join(map(str, range(count)))}
        assert set(counts.values()) == {1}


def test_the_places_are_named_in_reading_order(made):
    texts = {task.extra["variant"]: task.question for task in made[1]}
    assert "TopLeft-TopRight-BottomLeft-BottomRight" in texts["shuffle_2x2"]
    assert "Left-Middle1-Middle2-Right" in texts["shuffle_1x4"]
    assert "Top-Middle-Bottom" in texts["shuffle_3x1"]
    assert "covered" in texts["shuffle_2x2_masked"]
    assert "covered" not in texts["shuffle_2x2"]


def test_numbers_are_readable_at_any_size():
    """White squares of the digit 1 on black, as large as a sixth of a patch."""
    for side in (96, 480, 1200):
        (shown,) = ask_order(photograph(1, (side, side)), slot("shuffle_2x2")).images
        plate = np.asarray(shown.convert("L"))[: side // 6, side // 2 + 4 : side // 2 + side // 8] > 250
        rows = np.flatnonzero(plate.any(1))
        assert 0.8 < (rows.max() - rows.min() + 1) / (side / 12) < 1.4


def slot(variant: str, number: int = 0) -> Slot:
    return Slot(seed=1, split="train", variant=variant, number=number)


def is_fit(image: Image.Image, variant: str) -> bool:
    try:
        ask_order(image, slot(variant))
    except Unfit:
        return False
    return True


@pytest.mark.parametrize("variant", GRIDS)
def test_a_flat_picture_is_not_asked_about(variant: str):
    assert is_fit(photograph(1), variant)
    assert not is_fit(Image.new("RGB", (224, 168), (90, 120, 200)), variant)


def test_nor_one_whose_halves_fit_either_way():
    half = photograph(1, (112, 168))
    mirrored = Image.new("RGB", (224, 168))
    mirrored.paste(half, (0, 0))
    mirrored.paste(ImageOps.mirror(half), (112, 0))
    assert not is_fit(mirrored, "shuffle_2x2")
    assert not is_fit(mirrored, "shuffle_1x4")


def test_nor_one_that_repeats_itself():
    tiles = Image.new("RGB", (224, 168))
    for x, y in ((0, 0), (112, 0), (0, 84), (112, 84)):
        tiles.paste(photograph(1, (112, 84)), (x, y))
    assert not is_fit(tiles, "shuffle_2x2")
