"""Visual Genome's own folder: field names, nesting and flaws are those of versions 1.2 and 1.4."""

import json
from pathlib import Path
from typing import Any

import pytest

from spatialrl.data.tasks import read_tasks
from spatialrl.data.validate import validate
from spatialrl.generators.scene_graph_qa.make import make_scene_graph_qa
from tests.unit.generators.scene_graph_qa.graphs import HEIGHT, WIDTH, write_picture

Boxes = dict[str, tuple[int, int, int, int]]


def annotated(number: int, name: str, box: tuple[int, int, int, int], **more: Any) -> dict[str, Any]:
    """An object of objects.json; version 1.4 adds merged_object_ids."""
    x, y, w, h = box
    return {"object_id": number, "names": [name], "synsets": [f"{name}.n.01"], "x": x, "y": y, "w": w, "h": h, **more}


def related(number: int, subject: dict[str, Any], predicate: str, thing: dict[str, Any]) -> dict[str, Any]:
    """A relationship; its ends are whole objects, of which one is named by `name` and one by `names`."""
    first = {key: value for key, value in subject.items() if key != "names"} | {"name": subject["names"][0]}
    return {
        "relationship_id": number,
        "predicate": predicate,
        "synsets": ["along.r.01"],
        "subject": first,
        "object": dict(thing),
    }


def write_visual_genome(folder: Path, *, num_images: int = 12) -> Path:
    """A man on a horse beside a dog: the horse was annotated twice and merged, the man's box leaves the picture, a kite
    has no height, the relationships stand in another order than the pictures and name an object that is not there."""
    objects, relationships, images = [], [], []
    for image in range(1, num_images + 1):
        base, shift = 1000 * image, 3 * image
        man = annotated(base + 1, "Man ", (120, -15, 60, 150), merged_object_ids=[])
        horse = annotated(base + 2, "horse", (100 + shift, 110, 120, 160), merged_object_ids=[base + 9])
        dog = annotated(base + 3, "dog", (290, 200, 80, 70), merged_object_ids=[])
        kite = annotated(base + 4, "kite", (10, 10, 30, 0), merged_object_ids=[])
        double = annotated(base + 9, "horse", (101 + shift, 110, 119, 160))
        ghost = annotated(base + 8, "ghost", (0, 0, 50, 50))
        place = f"VG_100K{'_2' * (image % 2)}"
        address = f"https://cs.stanford.edu/people/rak248/{place}/{image}.jpg"
        objects.append({"image_id": image, "image_url": address, "objects": [man, horse, dog, kite]})
        relationships.append(
            {
                "image_id": image,
                "relationships": [
                    related(base + 50, man, "RIDING", double),
                    related(base + 51, dog, "behind ", horse),
                    related(base + 52, dog, "near", ghost),
                ],
            }
        )
        sizes = {"width": WIDTH, "height": HEIGHT, "coco_id": None, "flickr_id": 1}
        images.append({"image_id": image, "url": address, **sizes})
        (folder / place).mkdir(parents=True, exist_ok=True)
        write_picture(folder / place / f"{image}.jpg", {"man": (120, 0, 180, 135), str(image): (5, 5, 30, 30)})
    (folder / "objects.json").write_text(json.dumps(objects))
    (folder / "relationships.json").write_text(json.dumps(relationships[::-1]))
    (folder / "image_data.json").write_text(json.dumps(images))
    return folder


def made_of(source: Path, folder: Path):
    make_scene_graph_qa(folder, source=str(source), seed=1, num_train=20, num_validation=4, processes=1, progress=False)
    return read_tasks(folder / "train.parquet") + read_tasks(folder / "validation.parquet")


@pytest.fixture(scope="module")
def source(tmp_path_factory) -> Path:
    return write_visual_genome(tmp_path_factory.mktemp("visual_genome"))


def test_visual_genomes_folder_gives_rows_with_relations(source, tmp_path):
    tasks = made_of(source, tmp_path / "made")
    assert len(tasks) >= 20
    assert validate(tmp_path / "made") == []
    assert {Path(task.media[0].path).parent.name for task in tasks} == {"VG_100K", "VG_100K_2"}
    assert (tmp_path / "made/rejected.jsonl").read_text() == ""
    graphs = [task.scene for task in tasks if task.scene]
    names = {thing.id for graph in graphs for thing in graph.objects}
    assert names <= {"man.1", "horse.1", "dog.1"}
    boxes = {thing.bbox for graph in graphs for thing in graph.objects if thing.id == "man.1"}
    assert boxes <= {(120, 0, 180, 135)}


def test_a_relationship_with_a_merged_object_counts_and_one_with_an_unknown_object_does_not(source, tmp_path):
    tasks = made_of(source, tmp_path / "made")
    told = {(r.subject, r.predicate, r.object) for task in tasks if task.scene for r in task.scene.relationships}
    assert ("man.1", "riding", "horse.1") in told
    assert {relation for relation in told if relation[1] in ("riding", "near", "behind")} == {
        ("man.1", "riding", "horse.1"),
        ("dog.1", "behind", "horse.1"),
    }
    assert not any("ghost" in name for name, _, _ in told)


def test_a_file_of_relationships_that_is_cut_off_is_told(source, tmp_path):
    cut = write_visual_genome(tmp_path / "cut")
    text = (cut / "relationships.json").read_text()
    (cut / "relationships.json").write_text(text[: len(text) // 2])
    tasks = made_of(cut, tmp_path / "made")
    lines = (tmp_path / "made/rejected.jsonl").read_text().splitlines()
    told = [json.loads(line) for line in lines if "relationships.json" in line]
    assert len(told) == 1
    assert told[0]["kind"] == "unreadable"
    assert "cut off" in told[0]["reason"]
    assert any(task.scene and task.scene.relationships for task in tasks)
    assert not list((tmp_path / "made").glob(".*"))
