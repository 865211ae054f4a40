"""Numbers with a unit: the families `distance`, `absolute_distance` and `room_size`."""

from dataclasses import replace
from itertools import combinations

from spatialrl.dice import Dice
from spatialrl.scenes.questions.draft import Draft, the
from spatialrl.scenes.relations import gap
from spatialrl.scenes.truth import View

LEAST_DISTANCE_M = 0.3


def distance(view: View, dice: Dice) -> list[Draft]:
    """Between the blocks around two things."""
    drafts = []
    for pair in combinations(view.nameable, 2):
        first, second = dice.shuffled(pair)
        metres = gap(first.thing, second.thing)
        if metres < LEAST_DISTANCE_M:
            continue
        question = (
            f"Measuring from the closest point of each, what is the distance between {the(first)} and {the(second)} "
            "in meters?"
        )
        drafts.append(
            Draft(
                question=question,
                subjects=(first, second),
                answer=f"{metres:.1f}",
                kind="number",
                unit="m",
                because=f"{first.name} to {second.name} {metres:.1f} m",
            )
        )
    return drafts


def absolute_distance(view: View, dice: Dice) -> list[Draft]:
    """The same in a video, where boxes of different frames have no relations."""
    return [replace(draft, related=False) for draft in distance(view, dice)]


def room_size(view: View, dice: Dice) -> list[Draft]:
    room = view.room
    return [
        Draft(
            question="What is the size of this room in square meters?",
            subjects=view.nameable,
            answer=f"{room.area:.1f}",
            kind="number",
            unit="m2",
            because=f"{room.width} m times {room.length} m is {room.area:.1f}",
            related=False,
        )
    ]
