"""One of four patches of a picture is flipped: which, and how?"""

from PIL import Image

from spatialrl.generators.pretext.patches import cut, edges_of_patches, number_patches
from spatialrl.generators.pretext.question import Question, Unfit
from spatialrl.generators.pretext.seams import MARGIN, flip_margin
from spatialrl.generators.pretext.slot import Slot

GRID = (2, 2)
DIRECTIONS = (
    (Image.Transpose.FLIP_TOP_BOTTOM, "upside down, its top and bottom exchanged"),
    (Image.Transpose.FLIP_LEFT_RIGHT, "sideways, its left and right exchanged"),
)
"""By the number in the answer."""


def ask_flip(image: Image.Image, slot: Slot) -> Question:
    patch, direction = divmod(slot.turn("flip", 8), 2)
    whole, boxes = cut(image, GRID)
    if flip_margin(edges_of_patches(whole, boxes), patch, direction) < MARGIN:
        raise Unfit("it would not show which of its parts was flipped, or how")
    how, words = DIRECTIONS[direction]
    whole.paste(whole.crop(boxes[patch]).transpose(how), boxes[patch])
    number_patches(whole, boxes)
    return Question(
        images=(whole,),
        text=(
            "This photograph is divided into 2 rows and 2 columns; each part has a number at its upper left. Exactly one "
            "part was flipped in its place. Which one, and how? Write its number, a hyphen, and the way it was flipped: "
            "0 for upside down (top and bottom exchanged), 1 for sideways (left and right exchanged)."
        ),
        answer=f"{patch}-{direction}",
        answer_kind="label_pair",
        because=(
            f"The edges of part {patch} do not go on in the parts beside it, while the other three agree with each other. "
            f"They would go on if part {patch} was flipped {words}. That is {patch}-{direction}."
        ),
        facts={"patch": str(patch), "direction": str(direction)},
    )
