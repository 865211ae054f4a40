"""Two markers in a picture whose depth is known: where is one for somebody who stands at the other and faces some way?

Seen from above, the other lies sideways by X = (u - cx) Z / f and ahead by Z. It is left, right, in front or behind where
one of the two is at least twice the other, and at a corner where neither is: nothing in between is asked. No unit is
needed, since only the ratio counts.
"""

from dataclasses import dataclass

import numpy as np
from PIL import Image

from spatialrl.dice import Dice
from spatialrl.generators.pretext.answers import FACINGS, direction
from spatialrl.generators.pretext.glyphs import draw_marker
from spatialrl.generators.pretext.picture import Camera
from spatialrl.generators.pretext.question import Question, Unfit
from spatialrl.generators.pretext.regions import Regions, find_regions, odd_side, shares_of_range
from spatialrl.generators.pretext.slot import Slot
from spatialrl.types import LETTERS

SIDE, LEAST_SIDE = 1 / 32, 5
"""Of a region: a share of the picture's shorter side, and pixels."""
MAX_RANGE = 0.15
"""Of depths in a region."""
LEAST_KNOWN = 0.8
CENTRAL = 0.45
"""Regions are at most this share of width and height away from the middle."""
DEPTH_GAP = 0.25
"""Of the range: near pairs are closer in depth, far pairs are not."""
LEAST_DISTANCE = 1 / 8
"""Between the markers: a share of the shorter side."""
LEVEL = 1 / 16
"""Near pairs are at one height in the picture, to this share of the shorter side."""
CLEAR = 2.0
"""How much larger one of sideways and ahead must be for one word; smaller for both, for two words."""
NUM_SAMPLED = 64
"""Regions of which all pairs are looked at, at most."""
SIDES, CORNERS = ("Left", "Right", "Front", "Back"), ("Left-Front", "Right-Front", "Right-Back", "Left-Back")
WORDS = {"position_near": SIDES, "position_far_cardinal": SIDES, "position_far_diagonal": CORNERS}
SIGNS = {
    "position_near": ((1, 0), (-1, 0)),
    "position_far_cardinal": ((0, 1), (0, -1)),
    "position_far_diagonal": ((1, 1), (1, -1), (-1, 1), (-1, -1)),
}
"""Of how far right and how much deeper; 0 where it is the smaller of the two, and does not count."""
TOWARD = {
    "left": "the left side of the photograph",
    "right": "the right side of the photograph",
    "toward me": "the camera",
    "away from me": "away from the camera",
}
SEEN = {(1, 0): "to the right", (-1, 0): "to the left", (0, 1): "farther away", (0, -1): "nearer"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """Regions seen from above."""

    regions: Regions
    sideways_N: np.ndarray
    deep_N: np.ndarray

    def place(self, index: int) -> tuple[int, int]:
        """In the picture."""
        return int(self.regions.x_N[index]), int(self.regions.y_N[index])


def ask_position(
    image: Image.Image, depth: np.ndarray, camera: Camera, slot: Slot, dice: Dice, *, facings: tuple[int, ...]
) -> Question:
    facing, signs = choose_answer(slot, facings)
    scene = look_from_above(depth, camera, image.size, dice)
    observer, other = choose_pair(scene, signs, image.size, slot.variant, dice)
    standing, asked = (1, 2) if slot.turn("labels", 2) else (2, 1)
    places = {standing: scene.place(observer), asked: scene.place(other)}
    for label, centre in places.items():
        draw_marker(image, str(label), centre=centre)
    word = direction(facing, *signs)
    options = dice.shuffled([option for option in WORDS[slot.variant] if option != word])
    options.insert(slot.turn("letter", len(options) + 1), word)
    answer = LETTERS[options.index(word)]
    return Question(
        images=(image,),
        text=_text(standing, asked, facing, is_near=slot.variant == "position_near"),
        options=tuple(options),
        answer=answer,
        answer_kind="choice",
        because=f"{_because(standing, asked, facing, signs)} So it is {word}, which is {answer}.",
        facts={
            "facing": facing,
            "observer": str(standing),
            "markers": " ".join(f"{x},{y}" for _, (x, y) in sorted(places.items())),
            "right": f"{scene.sideways_N[other] - scene.sideways_N[observer]:.4g}",
            "deeper": f"{scene.deep_N[other] - scene.deep_N[observer]:.4g}",
        },
    )


def choose_answer(slot: Slot, facings: tuple[int, ...]) -> tuple[str, tuple[int, int]]:
    """A way to face, as often as its weight, and each of the words that can be right then, equally often: by the signs
    of how far right and how much deeper the other is, 0 where it does not matter."""
    weighted = [facing for facing, weight in zip(FACINGS, facings, strict=True) for _ in range(weight)]
    signs = SIGNS[slot.variant]
    turn = slot.turn("facing and word", len(weighted) * len(signs))
    return weighted[turn // len(signs)], signs[turn % len(signs)]


def look_from_above(depth: np.ndarray, camera: Camera, size: tuple[int, int], dice: Dice) -> Scene:
    side = odd_side(min(size), SIDE, LEAST_SIDE)
    found = find_regions(shares_of_range(depth), dice, side=side, max_range=MAX_RANGE, least_known=LEAST_KNOWN)
    central = (abs(found.x_N / size[0] - 0.5) <= CENTRAL) & (abs(found.y_N / size[1] - 0.5) <= CENTRAL)
    candidates = np.flatnonzero(central)
    if not len(candidates):
        raise Unfit("no region around its middle has one depth")
    regions = found.only(candidates[sorted({dice.below(len(candidates)) for _ in range(NUM_SAMPLED)})])
    deep_N = _medians(depth, regions)
    return Scene(regions=regions, deep_N=deep_N, sideways_N=(regions.x_N - camera.centre_x) * deep_N / camera.focal)


def choose_pair(
    scene: Scene, signs: tuple[int, int], size: tuple[int, int], variant: str, dice: Dice
) -> tuple[int, int]:
    """An observer, and something that is right and deeper of it as the signs say."""
    fits = clear_pairs(scene, min(size), variant)
    for sign, values_N in zip(signs, (scene.sideways_N, scene.deep_N), strict=True):
        if sign:
            fits &= np.sign(_between(values_N)) == sign
    pairs = np.argwhere(fits)
    if not len(pairs):
        raise Unfit("no two of its regions lie clearly as asked")
    observer, other = pairs[dice.below(len(pairs))]
    return int(observer), int(other)


def clear_pairs(scene: Scene, shorter: int, variant: str) -> np.ndarray:
    """[observer, other]: whether there is one answer beyond doubt."""
    regions = scene.regions
    across, along = _between(regions.x_N), _between(regions.y_N)
    right, deeper = abs(_between(scene.sideways_N)), abs(_between(scene.deep_N))
    gap = np.maximum(regions.low_N[None] - regions.high_N[:, None], regions.low_N[:, None] - regions.high_N[None])
    if variant == "position_near":
        reach = np.maximum(
            abs(regions.high_N[:, None] - regions.low_N[None]), abs(regions.low_N[:, None] - regions.high_N)
        )
        is_level = (abs(along) < LEVEL * shorter) & (abs(across) >= LEAST_DISTANCE * shorter)
        return (reach <= DEPTH_GAP) & is_level & (right >= CLEAR * deeper)
    is_far = (gap >= DEPTH_GAP) & (np.hypot(across, along) >= LEAST_DISTANCE * shorter)
    if variant == "position_far_cardinal":
        return is_far & (deeper >= CLEAR * right)
    return is_far & (deeper < CLEAR * right) & (right < CLEAR * deeper)


def _text(standing: int, asked: int, facing: str, *, is_near: bool) -> str:
    height = "" if is_near else " Ignore that one of the two may be higher up than the other."
    return (
        f"Two places in this photograph carry the numbers 1 and 2. Imagine somebody who stands at {standing} and faces "
        f"{TOWARD[facing]}. Where is {asked} for them?{height}"
    )


def _because(standing: int, asked: int, facing: str, signs: tuple[int, int]) -> str:
    steps = [step for step in ((signs[0], 0), (0, signs[1])) if any(step)]
    seen = " and ".join(SEEN[step] for step in steps)
    turned = " and ".join(f"{SEEN[step]} means {direction(facing, *step).lower()}" for step in steps)
    return (
        f"As the camera sees it, and compared with {standing}, {asked} is {seen}. "
        f"For somebody at {standing} who faces {TOWARD[facing]}, {turned}."
    )


def _between(values_N: np.ndarray) -> np.ndarray:
    """[observer, other]: from the observer to the other."""
    return values_N[None] - values_N[:, None]


def _medians(depth: np.ndarray, regions: Regions) -> np.ndarray:
    reach = np.arange(regions.side) - regions.side // 2
    rows = (regions.y_N[:, None] + reach)[:, :, None]
    columns = (regions.x_N[:, None] + reach)[:, None, :]
    values = np.sort(depth[rows, columns].reshape(len(regions), -1), axis=1)
    num_known = np.isfinite(values).sum(1)
    return values[np.arange(len(regions)), num_known // 2]
