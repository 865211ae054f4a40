"""`spatialrl bench suite=questions`: rows about scenes that one core makes in a second of its time, generator by generator, and
what always giving the same answer would earn. Everything is counted, from the room that is drawn, or the image that is
read, to the parquet file; what scene graphs are asked by templates, without a model."""

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from PIL import Image

from spatialrl.bench.commonest import Constant, commonest, tell
from spatialrl.bench.scratch import scratch
from spatialrl.data.tasks import read_tasks
from spatialrl.dice import Dice
from spatialrl.generators.scene_graph_qa.make import make_scene_graph_qa
from spatialrl.generators.spatial_3d.make import make_spatial_3d
from spatialrl.generators.video_qa.make import make_video_qa

SIZE = (1024, 768)
NAMES = (
    *("man", "dog", "bench", "bicycle", "umbrella", "car", "kite", "clock", "horse", "boat", "table", "vase"),
    *("cat", "chair", "laptop", "truck", "bird", "tree", "lamp", "bus", "sheep", "cake", "bottle", "backpack"),
)
PREDICATES = ("behind", "on", "holding", "riding", "in front of", "near")
CLASSES = ("chair", "sofa", "dog", "lamp", "vase", "table", "cup", "plant")


def questions(*, scenes: int = 60, repeats: int = 2) -> None:
    """The best of some repeats, since other work on the machine only ever makes it slower."""
    constants: dict[str, dict[str, Constant]] = {}
    sys.stdout.write("| generator | rows | rows per second and core | ms of CPU per scene |\n|---|---|---|---|\n")
    with scratch() as name:
        for title, make in MAKERS.items():
            times, tasks = [], []
            for turn in range(repeats):
                folder, start = Path(name, f"{title}-{turn}".replace(" ", "_")), time.process_time()
                make(folder, scenes)
                times.append(time.process_time() - start)
                tasks = read_tasks(folder / "train.parquet")
            seconds, rows = min(times), len(tasks)
            sys.stdout.write(f"| {title} | {rows} | {rows / seconds:.0f} | {1000 * seconds / scenes:.0f} |\n")
            sys.stdout.flush()
            constants[title] = commonest(tasks)
    tell(constants)


def rooms(folder: Path, scenes: int) -> None:
    _three_d(folder, scenes)


def truths(folder: Path, scenes: int) -> None:
    """From files: what takes time is to read and hash images."""
    source = folder.with_name(f"{folder.name}_source")
    if not source.exists():
        source.mkdir()
        for number in range(scenes):
            write_truth(source, number)
    _three_d(folder, scenes, source=str(source))


def walks(folder: Path, scenes: int) -> None:
    make_video_qa(folder, seed=1, num_train=scenes, num_validation=0, num_test=0, processes=1, progress=False)


def graphs(folder: Path, scenes: int) -> None:
    """Two questions about each picture, as they come by default."""
    source = folder.with_name(f"{folder.name}_source")
    if not source.exists():
        source.mkdir()
        with (source / "graphs.jsonl").open("w") as sink:
            sink.writelines(json.dumps(write_graph(source, number)) + "\n" for number in range(scenes))
    make_scene_graph_qa(
        folder,
        source=str(source),
        seed=1,
        num_train=2 * scenes,
        num_validation=0,
        num_test=0,
        processes=1,
        progress=False,
    )


def _three_d(folder: Path, scenes: int, *, source: str = "") -> None:
    make_spatial_3d(
        folder,
        seed=1,
        source=source,
        num_sft=0,
        num_train=scenes,
        num_validation=0,
        num_test=0,
        processes=1,
        progress=False,
    )


def write_graph(folder: Path, number: int) -> dict[str, Any]:
    """Twelve things in the cells of a grid, three of which are empty, and up to six relations between them."""
    dice = Dice("graph", number)
    Image.effect_noise(SIZE, 40 + number % 50).convert("RGB").save(folder / f"{number}.jpg", quality=90)
    cells = dice.sample([(column, row) for column in range(5) for row in range(3)], 12)
    objects = []
    for name, (column, row) in zip(dice.sample(NAMES, 12), cells, strict=True):
        left, top, width, height = 204 * column + 8, 256 * row + 8, dice.between(60, 190), dice.between(60, 190)
        objects.append({"id": f"{name}.1", "bbox": [left, top, left + width, top + height]})
    names = [thing["id"] for thing in objects]
    ends = zip(dice.sample(names, 6), dice.sample(names, 6), strict=True)
    relations = [
        {"subject": first, "predicate": PREDICATES[place], "object": second}
        for place, (first, second) in enumerate(ends)
        if first != second
    ]
    return {"image_id": number, "image": f"{number}.jpg", "objects": objects, "relationships": relations}


def write_truth(folder: Path, number: int) -> None:
    """Things of eight classes at places by chance, in the form of SpatialReasonerDataGen."""
    dice = Dice("truth", number)
    Image.effect_noise(SIZE, 40 + number % 50).convert("RGB").save(folder / f"{number}.jpg", quality=90)
    detections = []
    for place, name in enumerate(CLASSES):
        centre = [dice.uniform(-2, 2), dice.uniform(0.2, 1.6), dice.uniform(2, 7)]
        left, top = 20 + 125 * (place % 8), dice.uniform(100, 500)
        detections.append(
            {
                "class_name": name,
                "confidence": 0.9,
                "xyxy": [left, top, left + 90, top + 120],
                "pcd_cano_center": centre,
                "pcd_cano_axis_bbox": {"center": centre, "extent": [0.4, 0.4, 0.4]},
                **_directions(dice.below(4)),
            }
        )
    info = {"width": SIZE[0], "height": SIZE[1], "width_resized": SIZE[0], "height_resized": SIZE[1]}
    known = {
        "image_info": {"file_path": f"{number}.jpg", **info},
        "detections": detections,
        "scene_3d_info": {"min_y": [0.0, -1.5, 0.0]},
    }
    (folder / f"{number}.json").write_text(json.dumps(known))


def _directions(quarter: int) -> dict[str, list[float]]:
    fronts = [[0.0, 0.0, 1.0], [1.0, 0.0, 0.0], [0.0, 0.0, -1.0], [-1.0, 0.0, 0.0]]
    return {"front": fronts[quarter], "left": fronts[(quarter + 1) % 4]}


MAKERS: dict[str, Callable[[Path, int], None]] = {
    "spatial_3d, own rooms": rooms,
    "spatial_3d, from pseudo ground truth": truths,
    "video_qa, own walks": walks,
    "scene_graph_qa, templates": graphs,
}
