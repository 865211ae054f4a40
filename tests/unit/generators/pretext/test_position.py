import json
from collections import Counter

import numpy as np
import pytest

from spatialrl.dice import Dice
from spatialrl.generators.pretext.picture import Camera
from spatialrl.generators.pretext.position import choose_pair, look_from_above
from tests.unit.generators.pretext.markers import read_markers
from tests.unit.generators.pretext.photographs import SIZE, fill, make, pixels

FOCAL = 112 / np.tan(np.radians(30))
"""Of a picture 224 pixels wide that shows 60 degrees."""
TURNS = {"left": 90, "right": 270, "toward me": 180, "away from me": 0}
"""Counter-clockwise, seen from above with depth pointing up."""


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    folder = tmp_path_factory.mktemp("position")
    source = fill(folder / "source", count=12)
    return source, make(folder / "made", source, num_train=48, weights={"position": 1})


@pytest.fixture(scope="module")
def solved(made):
    source, tasks = made
    return [(task, steps(source, task)) for task in tasks]


def steps(source, task, focal=FOCAL, centre=112.0):
    """How far right and how much deeper the other marker is, from the picture's pixels and the depth under them."""
    markers = read_markers(pixels(task.media[0].path), pixels(source / task.extra["image"]))
    assert markers.keys() == {1, 2}
    depth = np.load(source / task.extra["image"].replace(".bmp", "_depth.npy"))[:, :, 0]
    observer = int(task.extra["observer"])
    seen = {}
    for label, (x, y) in markers.items():
        deep = float(np.median(depth[y - 2 : y + 3, x - 2 : x + 3]))
        seen[label] = np.array([(x - centre) * deep / focal, deep])
    return seen[3 - observer] - seen[observer]


def word_of(step, facing: str, variant: str) -> str:
    """By turning the step until the observer looks up the page."""
    angle = np.radians(-TURNS[facing])
    right = step[0] * np.cos(angle) - step[1] * np.sin(angle)
    ahead = step[0] * np.sin(angle) + step[1] * np.cos(angle)
    sideways, along = ("Right" if right > 0 else "Left"), ("Front" if ahead > 0 else "Back")
    if variant == "position_far_diagonal":
        return f"{sideways}-{along}"
    return sideways if abs(right) > abs(ahead) else along


def test_geometry_gives_the_answer(solved):
    for task, step in solved:
        word = word_of(step, task.extra["facing"], task.extra["variant"])
        assert task.answer_text == word, task.id


def test_the_question_names_who_stands_where_and_the_way_they_face(made):
    faces = {
        "left": "faces the left side of",
        "right": "faces the right side of",
        "toward me": "faces the camera",
        "away from me": "faces away from the camera",
    }
    for task in made[1]:
        observer = int(task.extra["observer"])
        assert f"stands at {observer} and {faces[task.extra['facing']]}" in task.question
        assert f"Where is {3 - observer} for them?" in task.question
        assert ("Ignore" in task.question) == (task.extra["variant"] != "position_near")


def test_nothing_in_between_is_asked(solved):
    """One of the two ways is twice the other where there is one word, and never where there are two. A little is left
    for how a median of five by five pixels may differ from that of the region."""
    for task, step in solved:
        right, deeper = abs(step)
        larger, smaller = max(right, deeper), min(right, deeper)
        is_corner = task.extra["variant"] == "position_far_diagonal"
        assert larger < 2.1 * smaller if is_corner else larger > 1.9 * smaller
        assert (right > deeper) or task.extra["variant"] != "position_near"


def test_near_pairs_are_near_and_far_ones_far(made, solved):
    for task, step in solved:
        depth = np.load(made[0] / task.extra["image"].replace(".bmp", "_depth.npy"))
        low, high = np.percentile(depth, (0.5, 99.5))
        gap = abs(step[1]) / (high - low)
        assert gap <= 0.25 if task.extra["variant"] == "position_near" else gap >= 0.24
        (x1, y1), (x2, y2) = ([int(n) for n in place.split(",")] for place in task.extra["markers"].split())
        assert np.hypot(x1 - x2, y1 - y2) >= SIZE[1] / 8


def test_words_letters_and_facings_come_up_equally_often(made):
    for variant in ("position_near", "position_far_cardinal", "position_far_diagonal"):
        tasks = [task for task in made[1] if task.extra["variant"] == variant]
        assert len(tasks) == 16
        for value in (lambda task: task.answer_text, lambda task: task.answer, lambda task: task.extra["facing"]):
            assert set(Counter(map(value, tasks)).values()) == {4}
        assert Counter(task.extra["observer"] for task in tasks) == {"1": 8, "2": 8}


def test_facings_can_be_weighed(made, tmp_path):
    tasks = make(tmp_path / "made", made[0], num_train=20, weights={"position_near": 1}, facings=[3, 3, 3, 1])
    assert Counter(task.extra["facing"] for task in tasks) == {"left": 6, "right": 6, "toward me": 6, "away from me": 2}


def test_what_is_left_in_the_picture_can_be_right_in_the_room():
    """Things 60 pixels right of the middle at 2 m, and 50 pixels right of it at 8 m, lie at 120 and 400 of one unit."""
    depth = np.where(np.arange(224) < 170, np.float32(8), np.float32(2))[None].repeat(168, 0)
    for number in range(20):
        scene = look_from_above(depth, Camera(focal=60, centre_x=112), SIZE, Dice(number))
        observer, other = choose_pair(scene, (1, 1), SIZE, "position_far_diagonal", Dice(number))
        (x, _), (other_x, _) = scene.place(observer), scene.place(other)
        assert other_x < 170 < x
        assert (other_x - 112) * 8 > (x - 112) * 2


def test_known_intrinsics_are_used(made, tmp_path):
    """A long focal length makes everything lie ahead: what was a corner before is in front now."""
    source = made[0]
    (tmp_path / "cameras.json").write_text(json.dumps({"default": {"fx": 500, "cx": 30}}))
    tasks = make(
        tmp_path / "made",
        source,
        num_train=12,
        weights={"position_far_cardinal": 1},
        intrinsics=str(tmp_path / "cameras.json"),
    )
    for task in tasks:
        right, deeper = abs(steps(source, task, focal=500, centre=30))
        assert deeper > 1.9 * right
        assert float(task.extra["right"]) == pytest.approx(steps(source, task, focal=500, centre=30)[0], abs=0.2)
