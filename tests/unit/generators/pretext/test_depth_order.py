from collections import Counter
from itertools import pairwise, permutations

import numpy as np
import pytest

from spatialrl.dice import Dice
from spatialrl.generators.pretext.depth_order import choose_regions
from spatialrl.generators.pretext.question import Unfit
from spatialrl.generators.pretext.regions import shares_of_range
from tests.unit.generators.pretext.markers import read_markers
from tests.unit.generators.pretext.photographs import SIZE, depth_map, fill, make, pixels


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    folder = tmp_path_factory.mktemp("depth")
    source = fill(folder / "source")
    return source, make(folder / "made", source, num_train=24, weights={"depth_order": 1})


def test_the_depth_map_under_the_markers_gives_the_answer(made):
    source, tasks = made
    for task in tasks:
        markers = read_markers(pixels(task.media[0].path), pixels(source / task.extra["image"]))
        depth = np.load(source / task.extra["image"].replace(".bmp", "_depth.npy"))[:, :, 0]
        assert markers.keys() == {1, 2, 3}
        nearest_first = sorted(markers, key=lambda label: depth[markers[label][1], markers[label][0]])
        assert task.answer == "-".join(map(str, nearest_first))


def test_the_regions_under_the_markers_are_even_and_apart(made):
    """The whole of a region is nearer than the whole of the next, by a twentieth of the range."""
    source, tasks = made
    for task in tasks:
        depth = np.load(source / task.extra["image"].replace(".bmp", "_depth.npy"))[:, :, 0]
        low, high = np.percentile(depth, (0.5, 99.5))
        places = [tuple(map(int, place.split(","))) for place in task.extra["markers"].split()]
        regions = [
            (depth[y - 2 : y + 3, x - 2 : x + 3] - low) / (high - low)
            for x, y in (places[int(label) - 1] for label in task.answer.split("-"))
        ]
        assert all(region.max() - region.min() <= 0.2 for region in regions)
        assert all(near.max() + 0.05 <= far.min() for near, far in pairwise(regions))


def test_every_order_comes_up_equally_often(made):
    counts = Counter(task.answer for task in made[1])
    assert counts.keys() == {"-".join(order) for order in permutations("123")}
    assert set(counts.values()) == {4}


def test_markers_do_not_overlap(made):
    for task in made[1]:
        places = [np.array(place.split(","), int) for place in task.extra["markers"].split()]
        gaps = [np.hypot(*(one - other)) for index, one in enumerate(places) for other in places[:index]]
        assert min(gaps) > 14


def test_one_outlier_does_not_squash_the_range():
    depth = depth_map(1)
    depth[0, 0] = 10_000
    shares = shares_of_range(depth)
    assert np.isnan(shares[0, 0])
    assert np.nanmax(shares) == pytest.approx(1, abs=0.02)
    assert len(choose_regions(shares, SIZE, Dice(1))) == 3


@pytest.mark.parametrize(
    ("depth", "reason"),
    [
        (np.full((168, 224), 3.0), "about equally far"),
        (np.repeat(np.where(np.arange(224) < 112, 1.0, 9.0)[None], 168, 0), "no even region"),
        (np.random.default_rng(1).uniform(1, 9, (168, 224)), "no even region"),
    ],
    ids=["a wall", "nothing in the middle", "nothing even"],
)
def test_a_depth_map_without_three_clear_distances_is_not_asked_about(depth, reason):
    with pytest.raises(Unfit, match=reason):
        choose_regions(shares_of_range(depth.astype(np.float32)), SIZE, Dice(1))


def test_regions_whose_depths_nearly_meet_are_not_asked_about():
    """Slopes: .28 to .30, .35 to .37 and .7 of the range at their centres, but the first ends where the next begins."""
    rows = np.concatenate(
        [np.full(40, 0.0), np.linspace(0.24, 0.36, 40), np.linspace(0.33, 0.41, 40), np.full(48, 1.0)]
    )
    depth = np.repeat(1 + rows[:, None], 224, 1).astype(np.float32)
    shares = shares_of_range(depth)
    for number in range(5):
        (_, near_y), (_, middle_y), _ = choose_regions(shares, SIZE, Dice(number))
        assert shares[near_y + 2, 0] + 0.05 <= shares[middle_y - 2, 0]
