"""A walk of the camera through a room: it steps a little and turns most of the way around."""

import math

from spatialrl.dice import Dice
from spatialrl.scenes.camera import Camera
from spatialrl.scenes.furnish import WORLDS, draw_room, furnish
from spatialrl.scenes.layout import Layout
from spatialrl.scenes.sites import OffPath
from spatialrl.scenes.world import Room, World

MIDDLE = (0.35, 0.65)
"""Share of the room's sides within which the walk starts and ends."""
TURN = (math.radians(220), math.radians(300))


def draw_tour(
    dice: Dice, layout: Layout, *, num_things: int, image_size: int, num_frames: int
) -> tuple[World, list[Camera]]:
    """A world and the cameras that see it, one per frame."""
    for _ in range(WORLDS):
        room = draw_room(dice, layout)
        cameras = _walk(dice, layout, room, image_size, num_frames)
        things = furnish(dice, layout, room, OffPath([*cameras[:: num_frames // 4], cameras[-1]], room), num_things)
        if len(things) == num_things:
            return World(room=room, things=things, kinds=layout.kinds), cameras
    raise AssertionError(f"found no place for {num_things} things in {WORLDS} rooms")


def _walk(dice: Dice, layout: Layout, room: Room, image_size: int, num_frames: int) -> list[Camera]:
    start, end = ((dice.uniform(*MIDDLE) * room.width, dice.uniform(*MIDDLE) * room.length) for _ in range(2))
    yaw, turn = dice.uniform(-math.pi, math.pi), dice.uniform(*TURN) * dice.choice((-1, 1))
    height, pitch = dice.uniform(*layout.camera_height), dice.uniform(*layout.camera_pitch)
    focal = round(dice.uniform(*layout.focal) * image_size, 3)
    cameras = []
    for frame in range(num_frames):
        share = frame / (num_frames - 1)
        x, y = (round(a + (b - a) * share, 4) for a, b in zip(start, end, strict=True))
        cameras.append(
            Camera(
                position=(x, y, height),
                yaw=round(yaw + turn * share, 4),
                pitch=pitch,
                focal=focal,
                width=image_size,
                height=image_size,
            )
        )
    return cameras
