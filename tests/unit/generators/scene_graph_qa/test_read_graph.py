import json

import pytest

from spatialrl.data.importers.bad_row import BadRow
from spatialrl.generators.scene_graph_qa.graph import graph_of_record, graph_to_record
from spatialrl.generators.scene_graph_qa.read_graph import image_value, read_graph
from spatialrl.types import Relation

VISUAL_GENOME = {
    "image_id": 7,
    "objects": [
        {"object_id": 11, "names": ["Fire Hydrant"], "x": 10, "y": 20, "w": 30, "h": 40},
        {"object_id": 12, "names": ["man"], "x": 100, "y": 20, "w": 900, "h": 40},
    ],
    "relationships": [{"predicate": "NEXT to", "subject_id": 12, "object_id": 11}],
}


def test_visual_genomes_own_form():
    graph = read_graph(VISUAL_GENOME, width=200, height=100)
    assert [(t.id, t.name, t.box) for t in graph.things] == [
        ("fire_hydrant.1", "fire hydrant", (10, 20, 40, 60)),
        ("man.1", "man", (100, 20, 200, 60)),
    ]
    assert graph.relations == (Relation(subject="man.1", predicate="next to", object="fire_hydrant.1"),)
    assert graph_of_record(json.loads(json.dumps(graph_to_record(graph)))) == graph


def test_lists_may_be_json_in_text():
    objects = [{"id": "man.3", "bbox": [0, 0, 10, 10]}, {"id": "dog.1", "bbox": [0, 0, 9, 9]}]
    relations = [{"subject": "man.3", "predicate": "near", "object": "dog.1"}]
    row = {"objects": json.dumps(objects), "relationships": json.dumps(relations)}
    graph = read_graph(row, width=20, height=20)
    assert graph.relations == (Relation(subject="man.1", predicate="near", object="dog.1"),)


def test_an_object_that_was_annotated_twice_is_one():
    objects = [
        {"id": "man.1", "bbox": [0, 0, 100, 100]},
        {"id": "man.2", "bbox": [0, 0, 99, 100]},
        {"id": "dog.1", "bbox": [0, 0, 50, 50]},
    ]
    row = {"objects": objects, "relationships": [{"subject": "dog.1", "predicate": "on", "object": "man.2"}]}
    graph = read_graph(row, width=200, height=100)
    assert [thing.id for thing in graph.things] == ["man.1", "dog.1"]
    assert graph.relations[0].object == "man.1"


@pytest.mark.parametrize(
    "box",
    [[0, 0, 3, 50], [300, 0, 400, 50], [50, 0, 10, 50], [0, 0, float("nan"), 9], [0, 0, 9], "0 0 9 9", [0, 0, "9", 9]],
)
def test_a_box_of_no_use_takes_its_object_along(box):
    row = {"objects": [{"id": "dog.1", "bbox": box}, {"id": "man.1", "bbox": [0, 0, 50, 50]}]}
    assert [thing.name for thing in read_graph(row, width=200, height=100).things] == ["man"]


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ({}, "no objects"),
        ({"objects": "[{"}, "no JSON"),
        ({"objects": 3}, "int where a list"),
        ({"objects": []}, "no object with a name"),
        ({"objects": [{"id": "7", "bbox": [0, 0, 9, 9]}]}, "no object with a name"),
    ],
)
def test_a_graph_of_no_use_says_why(row, told):
    with pytest.raises(BadRow, match=told):
        read_graph(row, width=100, height=100)


def test_the_picture_of_a_row():
    assert image_value({"image": "a.png", "image_id": 3}) == "a.png"
    assert image_value({"images": [{"bytes": b"x"}]}) == {"bytes": b"x"}
    assert image_value({"image_id": 3}) == "3.jpg"
    with pytest.raises(BadRow, match="names no picture"):
        image_value({})
