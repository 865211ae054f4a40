"""Scenes from our own renderer: a camera walks through a furnished room and turns most of the way around."""

from collections import Counter
from dataclasses import replace
from pathlib import Path

from spatialrl.dice import Dice
from spatialrl.generators.video_qa.blocks import Block
from spatialrl.generators.video_qa.scene import Scene, Sight, Thing
from spatialrl.scenes.camera import Camera
from spatialrl.scenes.film import FPS, FRAME_PLAN, NUM_FRAMES, film
from spatialrl.scenes.layout import LAYOUTS
from spatialrl.scenes.path import draw_tour
from spatialrl.scenes.truth import Sighting, View
from spatialrl.scenes.world import Thing as WorldThing
from spatialrl.scenes.world import World

FEWEST = 5
"""Things in a room, where as many are allowed."""
SIDES_M = (4.2, 10.5)
FLOOR_PER_THING_M2 = 3.5
SCALE = (0.7, 1.3)
"""Of things, to the sizes of their kinds."""
SHOWN_S = tuple(index / FPS for index in FRAME_PLAN.indices)


def draw_scene(name: str, path: str, *, folder: Path, image_size: int, max_things: int) -> Scene:
    """Writes the video; `path` is relative to the folder."""
    world, cameras = draw_walk(Dice(name), image_size=image_size, max_things=max_things)
    view, media = film(world, cameras, folder=folder, path=path)
    names = Counter(thing.name for thing in world.things)
    seen = [sighting for sighting in view.sightings if sighting.is_clear]
    return Scene(
        id=name,
        media=media,
        room_area=world.room.area,
        floor=((0.0, 0.0), (world.room.width, world.room.length)),
        things=tuple(map(_thing, seen)),
        single=tuple(_thing(sighting) for sighting in seen if names[sighting.name] == 1),
        counts=_counts(world, view),
        obstacles=tuple(map(block_of, world.things)),
        shown_s=SHOWN_S,
        objects_3d=view.objects_3d,
        extra={"truth": "rendered"},
    )


def draw_walk(dice: Dice, *, image_size: int, max_things: int) -> tuple[World, list[Camera]]:
    """Small rooms are as frequent as large ones, in shares of their size, and things of one kind differ much in theirs:
    neither can be told without looking."""
    side = SIDES_M[0] * (SIDES_M[1] / SIDES_M[0]) ** dice.uniform(0.0, 1.0)
    sides = max(SIDES_M[0], 0.88 * side), min(SIDES_M[1], 1.13 * side)
    layout = replace(LAYOUTS["tour"], room_width=sides, room_length=sides, scale=SCALE)
    most = min(max_things, int(side * side / FLOOR_PER_THING_M2))
    num_things = dice.between(min(FEWEST, most), most)
    return draw_tour(dice, layout, num_things=num_things, image_size=image_size, num_frames=NUM_FRAMES)


def block_of(thing: WorldThing) -> Block:
    return Block(thing.footprint, thing.position[2], thing.position[2] + thing.size[2])


def _thing(sighting: Sighting) -> Thing:
    return Thing(
        name=sighting.name,
        category=sighting.thing.category,
        block=block_of(sighting.thing),
        sight=Sight(glimpsed_s=SHOWN_S[sighting.first_glimpse], clear_s=SHOWN_S[sighting.first_frame]),
    )


def _counts(world: World, view: View) -> dict[str, int]:
    """Of the categories of which every thing in the room is seen well."""
    seen = Counter(sighting.thing.category for sighting in view.sightings if sighting.is_clear)
    there = Counter(thing.category for thing in world.things)
    return {category: count for category, count in there.items() if seen[category] == count}
