"""About one thing: where in the image it is, which way it faces, how tall it is. The families `position`, `orientation`
and `size`.
"""

import math

from spatialrl.dice import Dice
from spatialrl.scenes.catalogue import KINDS
from spatialrl.scenes.geometry import angle_of, wrap
from spatialrl.scenes.questions.draft import Draft, Prior, the
from spatialrl.scenes.truth import Sighting, View

POSITION_MARGIN = 0.04
"""Of the image's width: how far from a dividing line the middle of a thing must be."""
FACING_MARGIN = math.radians(30)
"""How far from straight away, left, towards or right a front may turn."""

THIRDS = ("left", "middle", "right")
QUADRANTS = ("top left", "top right", "bottom left", "bottom right")
FACINGS = ("away from the camera", "to the left", "towards the camera", "to the right")


def position(view: View, dice: Dice) -> list[Draft]:
    drafts = []
    for sighting in view.nameable:
        x, y = sighting.middle
        third, across, down = _part(x, view.width, 3), _part(x, view.width, 2), _part(y, view.height, 2)
        if third is not None:
            what = f"In which third of the image is {the(sighting)}?"
            drafts.append(_place(sighting, what, THIRDS, third, f"{sighting.name} x {x} of {view.width}"))
        if across is not None and down is not None:
            what = f"In which quarter of the image is {the(sighting)}?"
            because = f"{sighting.name} x {x} of {view.width}, y {y} of {view.height}"
            drafts.append(_place(sighting, what, QUADRANTS, 2 * down + across, because))
    return drafts


def orientation(view: View, dice: Dice) -> list[Draft]:
    """Which way a front looks, for fronts that look there both along the optical axis and along the line of sight."""
    drafts = []
    for sighting in view.nameable:
        facing = _facing(sighting)
        if KINDS[sighting.thing.category].faces and facing is not None:
            degrees = round(math.degrees(sighting.truth.yaw_camera))
            answer = FACINGS[facing]
            drafts.append(
                Draft(
                    question=f"Which way does {the(sighting)} face, seen from the camera?",
                    subjects=(sighting,),
                    answer=answer,
                    options=FACINGS,
                    because=f"{sighting.name} is turned {degrees} degrees, so {answer}",
                    priors=(Prior(key=f"orientation {sighting.thing.category}", result=answer, num_results=4),),
                )
            )
    return drafts


def size(view: View, dice: Dice) -> list[Draft]:
    drafts = []
    for sighting in view.nameable:
        centimetres = str(round(100 * sighting.thing.size[2]))
        drafts.append(
            Draft(
                question=f"How tall is {the(sighting)} in centimeters?",
                subjects=(sighting,),
                answer=centimetres,
                kind="number",
                unit="cm",
                because=f"{sighting.name} height {centimetres} cm",
            )
        )
    return drafts


def _place(sighting: Sighting, question: str, options: tuple[str, ...], index: int, because: str) -> Draft:
    kind = f"{options[-1]} {sighting.thing.category}"
    return Draft(
        question=question,
        subjects=(sighting,),
        answer=options[index],
        options=options,
        because=f"{because}, so {options[index]}",
        priors=(
            Prior(key=options[-1], result=options[index], num_results=len(options)),
            Prior(key=kind, result=options[index], num_results=len(options)),
        ),
    )


def _part(value: int, whole: int, parts: int) -> int | None:
    """Which of equal parts of the image a pixel is in; None too close to a line between two."""
    lines = (whole * line / parts for line in range(1, parts))
    if any(abs(value - line) < POSITION_MARGIN * whole for line in lines):
        return None
    return value * parts // whole


def _facing(sighting: Sighting) -> int | None:
    x, _, z = sighting.truth.centre_camera
    along_sight = wrap(sighting.truth.yaw_camera - angle_of(z, -x))
    facings = {_quarter(angle) for angle in (sighting.truth.yaw_camera, along_sight)}
    return facings.pop() if len(facings) == 1 else None


def _quarter(angle: float) -> int | None:
    """0 away, 1 left, 2 towards, 3 right; None in between."""
    turns = angle / (math.pi / 2)
    nearest = round(turns)
    return nearest % 4 if abs(turns - nearest) * math.pi / 2 <= FACING_MARGIN else None
