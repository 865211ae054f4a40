"""Draws rooms, cameras and things. In a drawn world nothing touches anything but what it stands on or lies in."""

import math
from collections.abc import Sequence
from dataclasses import replace

from spatialrl.dice import Dice
from spatialrl.scenes.camera import Camera
from spatialrl.scenes.catalogue import BOX_WALL_M, COLOURS, KINDS
from spatialrl.scenes.geometry import overlap, plus, turned
from spatialrl.scenes.layout import Layout
from spatialrl.scenes.sites import InView, Site
from spatialrl.scenes.twins import opposite
from spatialrl.scenes.world import Room, Thing, World
from spatialrl.types import Vector

GAP_M = 0.08
"""Between things that stand side by side, and to the walls."""
CAMERA_Y_M = 0.25
SMALL_SHARE = 0.6
"""Of what holds it, the most a small thing may be long."""
WORLDS, PLACES = 100, 40
"""Attempts: rooms per scene, places per thing."""


def draw_view(dice: Dice, layout: Layout, *, num_things: int, image_size: int) -> tuple[World, Camera]:
    """A world and a camera that has all of it in frame."""
    world, (camera, *_) = draw_views(dice, layout, num_things=num_things, image_size=image_size)
    return world, camera


def draw_views(
    dice: Dice, layout: Layout, *, num_things: int, image_size: int, both_sides: bool = False
) -> tuple[World, tuple[Camera, ...]]:
    """A world and the camera that has all of it in frame; or two that have, from opposite sides."""
    for _ in range(WORLDS):
        room = draw_room(dice, layout)
        camera = _draw_camera(dice, layout, room, image_size)
        cameras = (camera, opposite(camera, room)) if both_sides else (camera,)
        things = furnish(dice, layout, room, InView(cameras, room, layout.hiding), num_things)
        if len(things) == num_things:
            return World(room=room, things=things, kinds=layout.kinds), cameras
    raise AssertionError(f"found no place for {num_things} things in {WORLDS} rooms")


def draw_room(dice: Dice, layout: Layout) -> Room:
    sides = (layout.room_width, layout.room_length, layout.room_height)
    width, length, height = (dice.uniform(*side, decimals=1) for side in sides)
    return Room(width=width, length=length, height=height)


def furnish(dice: Dice, layout: Layout, room: Room, site: Site, num_things: int) -> tuple[Thing, ...]:
    """As many things as were asked for, or fewer where there was no place."""
    kinds = dice.sample(layout.kinds, 2) if dice.chance(layout.repeats) else list(layout.kinds)
    things: list[Thing] = []
    for _ in range(num_things):
        thing = _named(_draw_thing(dice, layout, kinds, things), things)
        placed = _hold(dice, layout, site, thing, things) or _stand(dice, room, site, thing, things)
        if placed is None:
            return tuple(things)
        things.append(placed)
    return tuple(things)


def _draw_camera(dice: Dice, layout: Layout, room: Room, image_size: int) -> Camera:
    x = round(dice.uniform(*layout.camera_x) * room.width, 3)
    return Camera(
        position=(x, CAMERA_Y_M, dice.uniform(*layout.camera_height)),
        yaw=round(math.pi / 2 + dice.uniform(*layout.camera_turn), 4),
        pitch=dice.uniform(*layout.camera_pitch),
        focal=round(dice.uniform(*layout.focal) * image_size, 3),
        width=image_size,
        height=image_size,
    )


def _draw_thing(dice: Dice, layout: Layout, kinds: Sequence[str], others: Sequence[Thing]) -> Thing:
    """Turned roughly along or across the room, and not placed yet."""
    category = dice.choice(kinds)
    taken = set() if layout.shared_colours else {other.colour for other in others}
    colour = dice.choice([colour for colour in COLOURS if colour not in taken] or list(COLOURS))
    kind, scale = KINDS[category], dice.uniform(*layout.scale)
    length = dice.uniform(*kind.length)
    width = dice.uniform(*kind.width) if kind.width else length
    height = dice.uniform(*kind.height) if kind.height else length
    return Thing(
        category=category,
        colour=colour,
        number=0,
        position=(0.0, 0.0, 0.0),
        size=_scaled((length, width, height), scale),
        yaw=round(dice.below(4) * math.pi / 2 + dice.uniform(-0.45, 0.45) - math.pi, 4),
    )


def _named(thing: Thing, others: Sequence[Thing]) -> Thing:
    return replace(thing, number=1 + sum(other.name == thing.name for other in others))


def _stand(dice: Dice, room: Room, site: Site, thing: Thing, others: Sequence[Thing]) -> Thing | None:
    for _ in range(PLACES):
        x, y = site.propose(dice)
        placed = replace(thing, position=(x, y, 0.0))
        if _fits(placed, room, others) and site.accepts(placed, others):
            return placed
    return None


def _fits(thing: Thing, room: Room, others: Sequence[Thing]) -> bool:
    inside = all(
        GAP_M <= x <= room.width - GAP_M and GAP_M <= y <= room.length - GAP_M for x, y in thing.footprint.corners
    )
    floor = (other for other in others if not other.holder)
    return (
        inside
        and thing.size[2] < room.height
        and not any(overlap(thing.footprint, other.footprint, gap=GAP_M) for other in floor)
    )


def _hold(dice: Dice, layout: Layout, site: Site, thing: Thing, others: Sequence[Thing]) -> Thing | None:
    """The thing, made smaller where it must be, on or in another one; None where it is to stand on the floor."""
    if not KINDS[thing.category].small or not dice.chance(layout.holding):
        return None
    taken = {other.holder for other in others}
    holders = [other for other in others if KINDS[other.category].holds and not other.holder and other.id not in taken]
    if not holders:
        return None
    placed = _put(dice, thing, dice.choice(holders))
    return placed if site.accepts(placed, others) else None


def _put(dice: Dice, thing: Thing, holder: Thing) -> Thing:
    inside = KINDS[holder.category].holds == "inside"
    wall = BOX_WALL_M if inside else 0.0
    length, width = holder.size[0] - 2 * wall, holder.size[1] - 2 * wall
    size = _scaled(thing.size, min(1.0, SMALL_SHARE * min(length, width) / thing.size[0]))
    slack = 0.5 * size[0] * 1.42
    offset = (
        dice.uniform(-1, 1) * max(length / 2 - slack, 0.0),
        dice.uniform(-1, 1) * max(width / 2 - slack, 0.0),
        0.0,
    )
    x, y, _ = plus(holder.position, turned(offset, holder.yaw))
    z = wall if inside else holder.size[2]
    return replace(thing, size=size, position=(round(x, 3), round(y, 3), round(z, 3)), holder=holder.id)


def _scaled(size: Vector, factor: float) -> Vector:
    length, width, height = (round(side * factor, 3) for side in size)
    return length, width, height
