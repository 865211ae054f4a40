"""A row as it is shown to a person: its media with boxes and their names over them, a video as a strip of frames."""

from collections.abc import Sequence
from dataclasses import dataclass

from PIL import Image, ImageOps

from spatialrl.data.inspection.media import check_shape, planned
from spatialrl.data.inspection.order import Order
from spatialrl.data.inspection.rows import names_an_option
from spatialrl.data.inspection.sample import Sample
from spatialrl.data.media.budget import PixelBudget, fit
from spatialrl.data.media.decode import decode_frames
from spatialrl.data.media.image import read_picture
from spatialrl.data.media.load import GREY
from spatialrl.errors import DataError
from spatialrl.report.pictures import embedded
from spatialrl.types import Box, Media, Task

MOST_SHOTS = 6
MOST_BOXES = 24
STRIP_FRAMES = 6
STRIP_HEIGHT = 120
FACTOR = 28
"""Pixels of a side of a patch, where boxes are in pixels of the resized image and no model was asked."""
MOST_CHARACTERS = 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedBox:
    name: str
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Shot:
    width: int
    height: int
    data: str
    """Empty where the file can't be read."""
    caption: str
    boxes: tuple[NamedBox, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    id: str
    about: str
    question: str
    options: tuple[str, ...]
    answer: str
    demonstration: str
    flaw: str
    shots: tuple[Shot, ...]
    num_hidden: int
    """Media that are not shown."""


def make_cards(sample: Sample, order: Order) -> list[Card]:
    bad = [make_card(task, order, flaw=flaw) for task, flaw in sample.flawed]
    return bad + [make_card(task, order) for task in sample.chosen()]


def make_card(task: Task, order: Order, *, flaw: str = "") -> Card:
    answer = f"({task.answer}) {task.answer_text}" if names_an_option(task) else f"{task.answer} {task.unit}".strip()
    about = (task.source, task.split, task.family.replace("_", " "), task.answer_kind.replace("_", " "), task.scene_id)
    return Card(
        id=task.id,
        about=" · ".join(part for part in about if part),
        question=shortened(task.question),
        options=tuple(task.lettered_options),
        answer=shortened(answer),
        demonstration=shortened(task.demonstration),
        flaw=flaw,
        shots=tuple(
            make_shot(medium, order, boxes_of(task, order) if place == 0 else ())
            for place, medium in enumerate(task.media[:MOST_SHOTS])
        ),
        num_hidden=max(0, len(task.media) - MOST_SHOTS),
    )


def make_shot(medium: Media, order: Order, boxes: Sequence[NamedBox]) -> Shot:
    """As the model sees it: mirrored or blank where the row says so."""
    try:
        medium = planned(medium, order.data_config.video)
        image = picture(medium)
    # What can't be read is among the findings.
    except DataError:
        return Shot(width=max(1, medium.width), height=max(1, medium.height), data="", caption="can't be read")
    size = image.size if medium.kind == "video" else (medium.width, medium.height)
    shown = f"{'blank' if medium.blank else ''}{'mirrored' if medium.mirrored else ''}"
    frames = f"{len(medium.frames.indices)} frames" if medium.frames else ""
    caption = " · ".join(part for part in (medium.kind, f"{medium.width} × {medium.height}", frames, shown) if part)
    visible = () if medium.mirrored or medium.kind == "video" else tuple(boxes)
    return Shot(width=size[0], height=size[1], data=embedded(image), caption=caption, boxes=visible)


def picture(medium: Media) -> Image.Image:
    if medium.blank:
        return Image.new("RGB", (medium.width, medium.height), GREY)
    if medium.kind != "video":
        image = read_picture(medium)
        return ImageOps.mirror(image) if medium.mirrored else image
    return strip(medium)


def strip(medium: Media) -> Image.Image:
    """Frames side by side, in the order in which they are shown."""
    assert medium.frames is not None
    shown, times = medium.frames.shown, medium.frames.times_s
    frames = decode_frames(medium.path, shown, times_s=times)
    step = (len(frames) - 1) / max(1, min(STRIP_FRAMES, len(frames)) - 1)
    places = sorted({round(turn * step) for turn in range(min(STRIP_FRAMES, len(frames)))})
    width = max(1, round(medium.width * STRIP_HEIGHT / medium.height))
    whole = Image.new("RGB", (width * len(places), STRIP_HEIGHT))
    for turn, place in enumerate(places):
        frame = Image.fromarray(frames[place]).resize((width, STRIP_HEIGHT))
        whole.paste(ImageOps.mirror(frame) if medium.mirrored else frame, (turn * width, 0))
    return whole


def boxes_of(task: Task, order: Order) -> tuple[NamedBox, ...]:
    """In pixels of the first medium's file, cut to it; a box without area is left out."""
    if task.scene is None or not task.media:
        return ()
    try:
        check_shape(task.media[0])
    # That is among the findings.
    except DataError:
        return ()
    width, height = task.media[0].width, task.media[0].height
    frame = (width, height)
    if task.scene.frame == "thousandths":
        frame = (1000, 1000)
    elif task.scene.frame == "resized_pixels":
        budget = PixelBudget(factor=FACTOR, min_pixels=order.min_pixels, max_pixels=order.max_pixels)
        frame = fit(width, height, budget=budget)
    stretch = (width / frame[0], height / frame[1])
    boxes = (named_box(item.id, item.bbox, stretch, (width, height)) for item in task.scene.objects[:MOST_BOXES])
    return tuple(box for box in boxes if box)


def named_box(name: str, box: Box, stretch: tuple[float, float], size: tuple[int, int]) -> NamedBox | None:
    if not all(abs(side) < float("inf") for side in box):
        return None
    x1, y1, x2, y2 = (min(max(box[i] * stretch[i % 2], 0.0), size[i % 2]) for i in range(4))
    if x2 <= x1 or y2 <= y1:
        return None
    return NamedBox(name=name, x=round(x1, 1), y=round(y1, 1), width=round(x2 - x1, 1), height=round(y2 - y1, 1))


def shortened(text: str) -> str:
    left = len(text) - MOST_CHARACTERS
    return text if left <= 0 else f"{text[:MOST_CHARACTERS]} ... and {left:,} more characters"
