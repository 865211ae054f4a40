"""The families that are answered with a number: how many, how far, how long, how large."""

from itertools import combinations

from spatialrl.dice import Dice
from spatialrl.generators.video_qa.blocks import gap
from spatialrl.generators.video_qa.draft import Draft
from spatialrl.generators.video_qa.scene import Scene
from spatialrl.scenes.questions.draft import Prior

LEAST_GAP_M = 0.3
"""What is closer is hardly told from touching."""
LEAST_LENGTH_CM = 10
STEP_SHARE = 1.5
"""Numbers within this factor are one answer to a blind reader."""


def object_counting(scene: Scene, dice: Dice) -> list[Draft]:
    return [
        Draft(
            question=f"How many {category}(s) are in this room?",
            answer=str(count),
            kind="number",
            thought=f"The video shows {count} of the category {category}.",
            priors=(Prior(key="count", result=str(count)),),
        )
        for category, count in sorted(scene.counts.items())
    ]


def object_abs_distance(scene: Scene, dice: Dice) -> list[Draft]:
    drafts = []
    for pair in combinations(scene.single, 2):
        first, second = dice.shuffled(pair)
        metres = gap(first.block, second.block)
        if metres < LEAST_GAP_M:
            continue
        drafts.append(
            Draft(
                question=(
                    "Measuring from the closest point of each object, what is the distance between the "
                    f"{first.name} and the {second.name} (in meters)?"
                ),
                answer=f"{metres:.1f}",
                kind="number",
                unit="m",
                thought=f"Between the {first.name} and the {second.name} there are {metres:.1f} m.",
                priors=(Prior(key="distance", result=_step(metres)),),
            )
        )
    return drafts


def object_size_estimation(scene: Scene, dice: Dice) -> list[Draft]:
    drafts = []
    for thing in scene.single:
        centimetres = round(100 * thing.block.longest_m)
        if centimetres >= LEAST_LENGTH_CM:
            drafts.append(
                Draft(
                    question=(
                        "What is the length of the longest dimension (length, width, or height) of the "
                        f"{thing.name}, measured in centimeters?"
                    ),
                    answer=str(centimetres),
                    kind="number",
                    unit="cm",
                    thought=f"The longest side of the {thing.name} has {centimetres} cm.",
                    priors=(Prior(key="length", result=_step(centimetres)),),
                )
            )
    return drafts


def room_size_estimation(scene: Scene, dice: Dice) -> list[Draft]:
    if scene.room_area is None:
        return []
    return [
        Draft(
            question=(
                "What is the size of this room (in square meters)? If multiple rooms are shown, estimate the size of "
                "the combined space."
            ),
            answer=f"{scene.room_area:.1f}",
            kind="number",
            unit="m2",
            thought=f"The floor has {scene.room_area:.1f} square meters.",
            priors=(Prior(key="area", result=_step(scene.room_area)),),
        )
    ]


def _step(value: float) -> str:
    """The number of its step on a ladder in which each is half again as large as the one before."""
    step, limit = 0, 0.3
    while value > limit:
        step, limit = step + 1, limit * STEP_SHARE
    return str(step)
