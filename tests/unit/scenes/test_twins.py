"""The same room from its other side."""

import math
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from spatialrl.contrasts.turned import Swapped
from spatialrl.data.tasks import read_tasks
from spatialrl.data.validate import validate
from spatialrl.dice import Dice
from spatialrl.errors import UserError
from spatialrl.scenes.camera import Camera
from spatialrl.scenes.furnish import draw_views
from spatialrl.scenes.layout import LAYOUTS
from spatialrl.scenes.make import IMAGE_FAMILIES, NUM_OBJECTS_FROM_BOTH_SIDES, make_scenes
from spatialrl.scenes.render import render
from spatialrl.scenes.truth import look
from spatialrl.scenes.twins import opposite
from spatialrl.scenes.world import Room, World
from spatialrl.types import Task
from tests.unit.scenes.builders import thing

ROOM = Room(width=6.0, length=8.0, height=2.5)
NEAR_WALL = Camera(position=(2.5, 0.5, 1.0), yaw=math.pi / 2, pitch=0.1, focal=100.0, width=200, height=200)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("twins") / "rooms"
    sizes: dict[str, Any] = {"num_train": 30, "num_validation": 1, "num_test": 1, "image_size": 64, "max_objects": 4}
    make_scenes(folder, seed=1, twins="swapped", questions_per_scene=4, progress=False, **sizes)
    return folder


@pytest.fixture(scope="module")
def pairs(folder: Path) -> list[tuple[Task, Task]]:
    tasks = {task.id: task for task in read_tasks(folder / "train.parquet")}
    return [(task, tasks[task.twin]) for task in tasks.values() if not task.id.endswith("-swapped")]


def test_the_other_camera_stands_at_the_other_wall_and_looks_back():
    other = opposite(NEAR_WALL, ROOM)
    assert other.position == (3.5, 7.5, 1.0)
    assert other.yaw == pytest.approx(-math.pi / 2, abs=1e-4)
    assert opposite(other, ROOM).position == NEAR_WALL.position


def test_what_is_near_and_left_is_far_and_right_from_the_other_side():
    world = World(
        room=ROOM, things=(thing("cube", "red", (2.0, 2.0, 0.25), 0.5), thing("cube", "blue", (4.0, 6.0, 0.25), 0.5))
    )
    views = [look(world, camera, render(world, camera)) for camera in (NEAR_WALL, opposite(NEAR_WALL, ROOM))]
    (red, blue), (red_back, blue_back) = (view.sightings for view in views)
    assert red.depth < blue.depth
    assert red_back.depth > blue_back.depth
    assert red.middle[0] < blue.middle[0]
    assert red_back.middle[0] > blue_back.middle[0]


def test_a_map_is_seen_from_the_wall_of_its_camera():
    world = World(room=ROOM, things=(thing("cube", "red", (2.0, 2.0, 0.25), 0.5),))
    cells = [
        look(world, camera, render(world, camera)).cognitive_map[0] for camera in (NEAR_WALL, opposite(NEAR_WALL, ROOM))
    ]
    assert [(cell.column, cell.row) for cell in cells] == [(3, 2), (6, 7)]


@pytest.mark.parametrize("layout", NUM_OBJECTS_FROM_BOTH_SIDES)
def test_there_is_place_for_as_many_things_as_both_sides_can_see(layout: str):
    _, most = NUM_OBJECTS_FROM_BOTH_SIDES[layout]
    world, cameras = draw_views(Dice("most"), LAYOUTS[layout], num_things=most, image_size=64, both_sides=True)
    assert len(world.things) == most
    assert all(None not in render(world, camera).boxes for camera in cameras)


def test_every_row_has_a_twin_that_names_it(folder: Path, pairs: list[tuple[Task, Task]]):
    assert validate(folder) == []
    assert len(pairs) > 100
    for task, twin in pairs:
        assert twin.twin == task.id
        assert (task.question, task.family, task.scene_id) == (twin.question, twin.family, twin.scene_id)
        assert task.media[0].path != twin.media[0].path


def test_every_pair_turns_and_is_what_the_contrast_pairs(pairs: list[tuple[Task, Task]]):
    assert all(Swapped().twin(task, tasks={twin.id: twin}, seed=1) for task, twin in pairs)
    assert all(Swapped().twin(twin, tasks={task.id: task}, seed=1) for task, twin in pairs)


def test_sides_and_depth_turn_and_height_and_number_stay(pairs: list[tuple[Task, Task]]):
    turns = Counter((task.family, task.answer_text == twin.answer_text) for task, twin in pairs)
    assert {family for family, _ in turns} >= set(IMAGE_FAMILIES) - {"relative_size"}
    for family in ("relative_depth", "orientation"):
        assert turns[family, True] == 0
        assert turns[family, False] > 0
    for family in ("counting", "size", "distance", "existence", "relative_distance"):
        assert turns[family, False] == 0
    for task, twin in pairs:
        if task.family == "relation" and "yes" not in task.options:
            assert (task.answer_text == twin.answer_text) == (task.answer_text in ("above", "below"))


def test_the_order_of_options_is_balanced_for_twins_too(pairs: list[tuple[Task, Task]]):
    letters = Counter(twin.answer for _, twin in pairs if len(twin.options) == 2)
    assert abs(letters["A"] - letters["B"]) <= 0.2 * sum(letters.values())


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ({"twins": "mirrored"}, "twins is 'mirrored'; there are: none, swapped"),
        ({"twins": "swapped", "max_objects": 8}, "has place for 5 that are seen from both sides"),
        ({"twins": "swapped", "layout": "stage", "max_objects": 4}, "has place for 2 that are seen"),
    ],
)
def test_what_can_not_be_is_told_first(tmp_path: Path, arguments: dict, told: str):
    with pytest.raises(UserError, match=told):
        make_scenes(tmp_path / "a", seed=1, **arguments)
