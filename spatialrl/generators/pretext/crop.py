"""A square was cut out of a picture: which of four pictures is it?

All four candidates are as sharp as each other: each is first brought to half the size of the hole, which is as much as the
part that is enlarged has to give. Wider views are squares inside the picture, moved where its border is in the way, so
none is stretched. A hole's side is a multiple of 4, so that every view is reduced by a whole number.
"""

from dataclasses import dataclass

import numpy as np
from PIL import Image

from spatialrl.dice import Dice
from spatialrl.generators.pretext.glyphs import BLACK
from spatialrl.generators.pretext.question import Question, Unfit
from spatialrl.generators.pretext.seams import (
    ALIKE,
    MARGIN,
    Box,
    difference,
    edges_of,
    hole_margin,
    lines_around,
    look,
)
from spatialrl.generators.pretext.slot import Slot
from spatialrl.types import LETTERS

NUM_CANDIDATES = 4
TRIES = 6
"""Places for the hole."""
EXACT = 2
"""Halves that are as wide as the hole."""
TURNS = {0: None, 1: Image.Transpose.ROTATE_90, 3: Image.Transpose.ROTATE_270}


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """One way to look at where the hole is."""

    halves: int
    """Side of what is seen, in halves of the hole's side."""
    turns: int
    """By 90 degrees, counter-clockwise."""
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    name: str
    small: Image.Image
    """At half the hole's side."""
    look: np.ndarray
    edges: np.ndarray


RIGHT = "right"
VIEWS = {
    RIGHT: View(halves=EXACT, turns=0, words="what was cut out"),
    "clockwise": View(halves=EXACT, turns=3, words="what was cut out, turned by 90 degrees clockwise"),
    "counter-clockwise": View(halves=EXACT, turns=1, words="what was cut out, turned by 90 degrees counter-clockwise"),
    "inner": View(halves=1, turns=0, words="only the middle of what was cut out, enlarged"),
    "wider 1.5": View(halves=3, turns=0, words="more of the photograph than fits into the hole"),
    "wider 2": View(halves=4, turns=0, words="much more of the photograph than fits into the hole"),
}
WRONG = tuple(name for name in VIEWS if name != RIGHT)


def ask_crop(image: Image.Image, slot: Slot, dice: Dice) -> Question:
    pixels = np.asarray(image)
    side = min(image.size) // 2 // 4 * 4
    for _ in range(TRIES):
        left, top = dice.between(0, image.width - side), dice.between(0, image.height - side)
        box = (left, top, left + side, top + side)
        candidates = choose_candidates(image, pixels, box, dice)
        if candidates is not None:
            return _question(image, box, candidates, place=slot.turn("letter", NUM_CANDIDATES))
    raise Unfit("what is cut out of it is not the only thing that fits")


def choose_candidates(image: Image.Image, pixels: np.ndarray, box: Box, dice: Dice) -> list[Candidate] | None:
    """The right one, and three that look different from it and from each other, and fit the hole worse."""
    around = lines_around(pixels, box, thin=EXACT)
    chosen = [see(image, box, RIGHT)]
    for name in dice.shuffled(WRONG):
        candidate = see(image, box, name)
        is_distinct = all(difference(candidate.look, other.look) >= ALIKE for other in chosen)
        if is_distinct and hole_margin(np.stack([chosen[0].edges, candidate.edges]), around) >= MARGIN:
            chosen.append(candidate)
        if len(chosen) == NUM_CANDIDATES:
            return chosen
    return None


def see(image: Image.Image, box: Box, name: str) -> Candidate:
    view = VIEWS[name]
    small = image.reduce(view.halves, box=window(box, view.halves, image.size))
    turn = TURNS[view.turns]
    if turn is not None:
        small = small.transpose(turn)
    return Candidate(name=name, small=small, look=look(small), edges=edges_of(np.asarray(small), (0, 0, *small.size)))


def window(box: Box, halves: int, size: tuple[int, int]) -> Box:
    """The square around the middle of the box, or as near to it as the picture allows."""
    left, top, right, bottom = box
    side = (right - left) // 2 * halves
    x = min(max((left + right - side) // 2, 0), size[0] - side)
    y = min(max((top + bottom - side) // 2, 0), size[1] - side)
    return x, y, x + side, y + side


def _question(image: Image.Image, box: Box, candidates: list[Candidate], *, place: int) -> Question:
    right, *wrong = candidates
    shown = [*wrong[:place], right, *wrong[place:]]
    options = tuple(f"image {number}" for number in range(2, NUM_CANDIDATES + 2))
    image.paste(BLACK, box)
    return Question(
        images=(image, *(_doubled(candidate.small) for candidate in shown)),
        text=(
            "Image 1: <image>\nThe black square in image 1 is a hole: something was cut out there. "
            "Which of these images fits into it exactly, as it is?\n"
            + "\n".join(f"Image {number}: <image>" for number in range(2, NUM_CANDIDATES + 2))
        ),
        options=options,
        answer=LETTERS[place],
        answer_kind="choice",
        because=_because(shown, options, place),
        facts={"hole": ",".join(map(str, box)), "candidates": ",".join(candidate.name for candidate in shown)},
    )


def _because(shown: list[Candidate], options: tuple[str, ...], place: int) -> str:
    others = [
        f"{option} shows {VIEWS[candidate.name].words}"
        for option, candidate in zip(options, shown, strict=True)
        if candidate.name != RIGHT
    ]
    return (
        f"What fits must go on at the edges of the hole, at the same size and the right way up. Among the candidates, "
        f"{'; '.join(others)}. Only {options[place]} goes on at every edge, so the answer is {LETTERS[place]}."
    )


def _doubled(small: Image.Image) -> Image.Image:
    return small.resize((small.width * 2, small.height * 2), Image.Resampling.BILINEAR)
