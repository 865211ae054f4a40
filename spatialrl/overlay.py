"""The scene a response describes, drawn on the image it is about: a box and a name for each object, an arrow for each
relation. Boxes are in pixels of the image, as the prompts ask for them."""

import math
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from spatialrl.types import Box, SceneGraph

COLOURS = ("#e6194b", "#3cb44b", "#4363d8", "#f58231", "#911eb4", "#008080", "#9a6324", "#f032e6")
LINE_SHARE = 0.004
"""Of the longest side: the width of a line."""
TEXT_SHARE = 0.025
SMALLEST_TEXT = 11
HEAD = 5
"""Length of an arrow's head in widths of its line."""
ARROW = "black"
LEAST_SIDE = 448
"""Of the longest side of what is drawn."""

Point = tuple[float, float]


def draw_scene(image: Image.Image, scene: SceneGraph) -> Image.Image:
    """A small image is enlarged. A relation whose object is not among the objects can't be drawn and is left out."""
    scale = max(1, -(-LEAST_SIDE // max(image.size)))
    drawn = image.convert("RGB").resize((image.width * scale, image.height * scale))
    pen = Pen(drawn)
    places = {thing.id: scaled(ordered(thing.bbox), scale) for thing in scene.objects}
    for number, (name, box) in enumerate(places.items()):
        pen.box(box, name, colour=COLOURS[number % len(COLOURS)])
    for relation in scene.relationships:
        if relation.subject in places and relation.object in places:
            pen.arrow(centre(places[relation.subject]), centre(places[relation.object]), relation.predicate)
    return drawn


class Pen:
    def __init__(self, image: Image.Image) -> None:
        longest = max(image.size)
        self.size = image.size
        self.draw = ImageDraw.Draw(image)
        self.width = max(2, round(longest * LINE_SHARE))
        self.font = ImageFont.load_default(max(SMALLEST_TEXT, longest * TEXT_SHARE))

    def box(self, box: Box, name: str, *, colour: str) -> None:
        self.draw.rectangle(box, outline=colour, width=self.width)
        self.write((box[0], box[1]), name, colour=colour, anchor="lb")

    def arrow(self, start: Point, end: Point, name: str) -> None:
        self.draw.line((start, end), fill=ARROW, width=self.width)
        turn, length = math.atan2(end[1] - start[1], end[0] - start[0]), HEAD * self.width
        sides = [(end[0] - length * math.cos(turn + s), end[1] - length * math.sin(turn + s)) for s in (0.5, -0.5)]
        self.draw.polygon([end, *sides], fill=ARROW)
        self.write(((start[0] + end[0]) / 2, (start[1] + end[1]) / 2), name, colour=ARROW, anchor="mm")

    def write(self, place: Point, text: str, *, colour: str, anchor: str) -> None:
        """White on a colour, as far inside the image as it fits."""
        left, top, right, bottom = self.draw.textbbox(place, text, font=self.font, anchor=anchor)
        x = max(0.0, min(left, self.size[0] - (right - left)))
        y = max(0.0, min(top, self.size[1] - (bottom - top)))
        self.draw.rectangle((x, y, x + right - left, y + bottom - top), fill=colour)
        self.draw.text((x + place[0] - left, y + place[1] - top), text, fill="white", font=self.font, anchor=anchor)


def scaled(box: Box, scale: int) -> Box:
    left, top, right, bottom = (value * scale for value in box)
    return left, top, right, bottom


def centre(box: Box) -> Point:
    return (box[0] + box[2]) / 2, (box[1] + box[3]) / 2


def ordered(box: Box) -> Box:
    """Left before right, top before bottom, whatever the model wrote."""
    left, right = sorted((box[0], box[2]))
    top, bottom = sorted((box[1], box[3]))
    return left, top, right, bottom


def save(image: Image.Image, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    image.save(path)
