from dataclasses import replace
from itertools import combinations

import pytest

from spatialrl.dice import Dice
from spatialrl.scenes.catalogue import BOX_WALL_M, KINDS
from spatialrl.scenes.furnish import GAP_M, draw_view
from spatialrl.scenes.geometry import minus, overlap, turned
from spatialrl.scenes.layout import LAYOUTS
from spatialrl.scenes.path import draw_tour
from spatialrl.scenes.sites import projected_box


def worlds(layout, count=25):
    for index in range(count):
        dice = Dice("furnish", layout, index)
        num_things = dice.between(2, 3 if layout == "stage" else 8)
        if layout == "tour":
            yield draw_tour(dice, LAYOUTS[layout], num_things=num_things, image_size=64, num_frames=8)[0]
        else:
            yield draw_view(dice, LAYOUTS[layout], num_things=num_things, image_size=64)[0]


@pytest.mark.parametrize("layout", LAYOUTS)
def test_no_two_things_share_space(layout):
    for world in worlds(layout):
        for first, second in combinations(world.things, 2):
            if second.holder == first.id and KINDS[first.category].holds == "inside":
                continue
            apart = not overlap(first.footprint, second.footprint)
            lower, higher = sorted((first, second), key=lambda thing: thing.position[2])
            assert apart or lower.position[2] + lower.size[2] <= higher.position[2] + 1e-9


def test_what_lies_in_a_box_fits_between_its_walls():
    layout, inside = replace(LAYOUTS["room"], kinds=("box", "sphere"), holding=1.0), 0
    for index in range(10):
        world, _ = draw_view(Dice("boxes", index), layout, num_things=5, image_size=64)
        by_id = {thing.id: thing for thing in world.things}
        for ball in world.things:
            box = by_id.get(ball.holder)
            if box is not None:
                inside += 1
                x, y, _ = turned(minus(ball.position, box.position), -box.yaw)
                assert abs(x) <= box.size[0] / 2 - BOX_WALL_M - ball.size[0] / 2
                assert abs(y) <= box.size[1] / 2 - BOX_WALL_M - ball.size[1] / 2
                assert ball.position[2] == BOX_WALL_M
    assert inside >= 3


def test_things_keep_to_the_room():
    for world in worlds("tour"):
        for thing in world.things:
            xs, ys = zip(*thing.footprint.corners, strict=True)
            assert min(*xs, *ys) >= GAP_M
            assert max(xs) <= world.room.width - GAP_M
            assert max(ys) <= world.room.length - GAP_M


def test_everything_is_wholly_in_frame():
    for index in range(20):
        world, camera = draw_view(Dice("frame", index), LAYOUTS["room"], num_things=4, image_size=100)
        for thing in world.things:
            box = projected_box(thing, camera)
            assert min(box) >= 0
            assert max(box) <= 100


def test_the_crowded_ends_of_every_layout_can_be_drawn():
    assert len(draw_view(Dice("most"), LAYOUTS["room"], num_things=8, image_size=64)[0].things) == 8
    assert len(draw_view(Dice("most"), LAYOUTS["stage"], num_things=4, image_size=64)[0].things) == 4


def test_ids_count_within_colour_and_category():
    for world in worlds("room", 60):
        ids = [thing.id for thing in world.things]
        assert len(set(ids)) == len(ids)
        for thing in world.things:
            assert thing.number <= sum(other.name == thing.name for other in world.things)


def test_dice_give_the_same_throws_for_the_same_name_only():
    throws = [[Dice(name).uniform(0, 1) for _ in range(1)] for name in ("a", "a", "b")]
    assert throws[0] == throws[1] != throws[2]


def test_the_first_throw_is_pinned():
    """PCG64 seeded with the first half of a sha256."""
    dice = Dice("pinned", 1)
    assert [dice.uniform(0, 1, decimals=6) for _ in range(3)] == [0.895535, 0.950951, 0.561105]
