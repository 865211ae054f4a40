"""Patches of a picture in a wrong order: which belongs where?"""

from functools import cache
from itertools import permutations

from PIL import Image

from spatialrl.generators.pretext.answers import reading_order
from spatialrl.generators.pretext.glyphs import WHITE
from spatialrl.generators.pretext.patches import cut, edges_of_patches, number_patches
from spatialrl.generators.pretext.question import Question, Unfit
from spatialrl.generators.pretext.seams import MARGIN, Grid, order_margin
from spatialrl.generators.pretext.slot import Slot

GRIDS: dict[str, Grid] = {
    "shuffle_2x2": (2, 2),
    "shuffle_2x2_masked": (2, 2),
    "shuffle_1x3": (1, 3),
    "shuffle_1x4": (1, 4),
    "shuffle_3x1": (3, 1),
    "shuffle_4x1": (4, 1),
}
PLACES: dict[Grid, tuple[str, ...]] = {
    (2, 2): ("TopLeft", "TopRight", "BottomLeft", "BottomRight"),
    (1, 3): ("Left", "Middle", "Right"),
    (1, 4): ("Left", "Middle1", "Middle2", "Right"),
    (3, 1): ("Top", "Middle", "Bottom"),
    (4, 1): ("Top", "Middle1", "Middle2", "Bottom"),
}


def ask_order(image: Image.Image, slot: Slot) -> Question:
    grid = GRIDS[slot.variant]
    orders = wrong_orders(grid[0] * grid[1])
    permutation = orders[slot.turn("permutation", len(orders))]
    covered = slot.turn("covered", len(permutation)) if slot.variant.endswith("masked") else None
    whole, boxes = cut(image, grid)
    hidden = None if covered is None else permutation[covered]
    if order_margin(edges_of_patches(whole, boxes), grid, covered=hidden) < MARGIN:
        raise Unfit("its parts fit together in more than one order")
    shown = Image.new("RGB", whole.size)
    for box, part in zip(boxes, permutation, strict=True):
        shown.paste(whole.crop(boxes[part]), box)
    if covered is not None:
        shown.paste(WHITE, boxes[covered])
    number_patches(shown, boxes)
    answer = reading_order(permutation)
    return Question(
        images=(shown,),
        text=_text(grid, is_covered=covered is not None),
        answer=answer,
        answer_kind="sequence",
        because=_because(PLACES[grid], answer, covered),
        facts={
            "grid": f"{grid[0]}x{grid[1]}",
            "permutation": "-".join(map(str, permutation)),
            **({} if covered is None else {"covered": str(covered)}),
        },
    )


@cache
def wrong_orders(count: int) -> list[tuple[int, ...]]:
    """All but the one in which nothing was moved."""
    return list(permutations(range(count)))[1:]


def _text(grid: Grid, *, is_covered: bool) -> str:
    count = len(PLACES[grid])
    cut_into = {
        (2, 2): "2 rows and 2 columns",
        (1, count): f"{count} upright strips",
        (count, 1): f"{count} level strips",
    }[grid]
    cover = " One of them is covered in white; its place is the one that the others leave." if is_covered else ""
    return (
        f"This photograph was cut into {cut_into}, and the parts were put down in a wrong order. "
        f"Each part has a number at its upper left.{cover} Which part belongs in which place of the photograph? "
        f"Write the numbers of the parts for the places {'-'.join(PLACES[grid])}, in this order, joined by hyphens, "
        f"like {'-'.join(map(str, range(count)))}."
    )


def _because(places: tuple[str, ...], answer: str, covered: int | None) -> str:
    homes = [
        f"part {label} in {place}"
        for place, label in zip(places, answer.split("-"), strict=True)
        if label != str(covered)
    ]
    left = next((place for place, label in zip(places, answer.split("-"), strict=True) if label == str(covered)), None)
    covered_home = f" Part {covered} is covered; {left} is the place that is left for it." if left else ""
    return (
        f"The parts have to continue each other across every edge. They do with {', '.join(homes)}.{covered_home} "
        f"In the order {'-'.join(places)} this is {answer}."
    )
