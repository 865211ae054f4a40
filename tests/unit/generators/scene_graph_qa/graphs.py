"""Small scene graphs for tests: drawn pictures of coloured boxes, with the rows that describe them."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from PIL import Image, ImageDraw

from spatialrl.dice import Dice
from spatialrl.generators.scene_graph_qa.graph import Graph
from spatialrl.generators.scene_graph_qa.read_graph import read_graph

Boxes = Mapping[str, Sequence[float]]
WIDTH, HEIGHT = 400, 300
NAMES = ("man", "dog", "bench", "bicycle", "umbrella", "car", "kite", "clock", "horse", "boat", "table", "vase")


def graph(objects: Boxes, *relations: tuple[str, str, str], **more: Any) -> Graph:
    """Of 400 x 300 pixels."""
    return read_graph(row(objects, *relations, **more), width=WIDTH, height=HEIGHT)


def row(objects: Boxes, *relations: tuple[str, str, str], depth: dict[str, float] | None = None) -> Any:
    """`{"man.1": [x1, y1, x2, y2]}` and `("man.1", "on", "bench.1")`."""
    known = depth or {}
    return {
        "objects": [
            {"id": name, "bbox": box, **({"depth": known[name]} if name in known else {})}
            for name, box in objects.items()
        ],
        "relationships": [{"subject": s, "predicate": p, "object": o} for s, p, o in relations],
    }


def write_source(folder: Path, *, num_images: int) -> Path:
    """`graphs.jsonl` beside its pictures: four to six things in a grid each, and two relations."""
    folder.mkdir(parents=True, exist_ok=True)
    lines = []
    for number in range(num_images):
        dice = Dice("graph", number)
        cells = dice.sample([(x, y) for x in range(3) for y in range(3)], dice.between(4, 6))
        objects = {}
        for name, (x, y) in zip(dice.sample(NAMES, len(cells)), cells, strict=True):
            width, height = dice.between(40, 110), dice.between(30, 90)
            left, top = x * 133 + 5, y * 100 + 5
            objects[f"{name}.1"] = [left, top, left + width, top + height]
        if number % 3 == 0:
            objects["apple.1"], objects["apple.2"] = [2, 200, 32, 230], [360, 10, 390, 40]
        first, second, third = list(objects)[:3]
        relations = [(first, "behind", second), (third, "on", second)]
        write_picture(folder / f"{number}.png", objects)
        lines.append(json.dumps({"image_id": number, "image": f"{number}.png", **row(objects, *relations)}))
    (folder / "graphs.jsonl").write_text("\n".join(lines) + "\n")
    return folder


def write_picture(path: Path, objects: Boxes) -> None:
    image = Image.new("RGB", (WIDTH, HEIGHT), "white")
    for name, box in objects.items():
        ImageDraw.Draw(image).rectangle(box, fill=tuple(Dice(name, *box).between(0, 255) for _ in range(3)))
    image.save(path)
