import math

import pytest

from spatialrl.rewards.parse import Axis
from spatialrl.rewards.process_truth import axis_vector, by_name, places
from spatialrl.scenes.camera import Camera
from spatialrl.types import Object3D


def seen_by(camera, name, centre, yaw=0.0, colour="red"):
    return Object3D(
        id=f"{colour}_{name}.1",
        category=name,
        colour=colour,
        centre_world=centre,
        centre_camera=camera.to_camera(centre),
        size=(1, 1, 1),
        yaw_world=yaw,
        yaw_camera=yaw - camera.yaw,
        visibility=1,
    )


def camera(pitch, yaw=math.pi / 2):
    return Camera(position=(2.0, 1.0, 1.6), yaw=yaw, pitch=pitch, focal=100, width=100, height=100)


@pytest.mark.parametrize("pitch", [0.0, 0.2, 0.5, -0.3])
@pytest.mark.parametrize("yaw", [math.pi / 2, 0.7, -2.0])
def test_places_are_level_however_the_camera_is_pitched(pitch, yaw):
    eye = camera(pitch, yaw)
    level = camera(0.0, yaw)
    centres = {"cup": (3.0, 4.0, 0.5), "box": (1.0, 5.0, 1.2), "lamp": (2.5, 3.0, 0.1)}
    found = places([seen_by(eye, name, centre) for name, centre in centres.items()])
    for name, centre in centres.items():
        right, _, forward = level.to_camera(centre)
        assert found[f"red_{name}.1"] == pytest.approx((-right, centre[2], forward), abs=1e-6)


def test_one_object_alone_is_seen_by_a_level_camera():
    assert places([seen_by(camera(0.0), "cup", (1.0, 4.0, 0.5))])["red_cup.1"] == pytest.approx((1.0, 0.5, 3.0))


def test_front_and_left_are_level_and_of_length_1():
    away = seen_by(camera(0.0), "cup", (2.0, 3.0, 0.0), yaw=math.pi / 2)
    assert axis_vector(away, Axis("front", "cup")) == pytest.approx((0, 0, 1))
    assert axis_vector(away, Axis("left", "cup")) == pytest.approx((1, 0, 0))
    to_the_left = seen_by(camera(0.0), "cup", (2.0, 3.0, 0.0), yaw=math.pi)
    assert axis_vector(to_the_left, Axis("front", "cup")) == pytest.approx((1, 0, 0), abs=1e-9)


def test_a_category_names_an_object_where_there_is_only_one():
    eye = camera(0.0)
    things = [
        seen_by(eye, "cup", (2, 3, 0)),
        seen_by(eye, "cup", (2, 4, 0), colour="blue"),
        seen_by(eye, "box", (1, 3, 0)),
    ]
    assert set(by_name(things)) == {"red cup", "blue cup", "red box", "box"}
