import json

import pytest

from spatialrl.rewards.parse import Malformed, scene_graph
from spatialrl.types import Relation, SceneGraph, SceneObject

MAN = {"id": "man.1", "bbox": [10, 20, 110, 220]}
BIKE = {"id": "bike.1", "bbox": [0.5, 0, 1, 1]}
BEHIND = {"subject": "man.1", "predicate": "behind", "object": "bike.1"}
SCENE = json.dumps({"objects": [MAN], "relationships": [BEHIND]})
READ = SceneGraph(
    objects=(SceneObject(id="man.1", bbox=(10.0, 20.0, 110.0, 220.0)),),
    relationships=(Relation(subject="man.1", predicate="behind", object="bike.1"),),
)


def code(scene):
    read = scene_graph(f"<scene>{scene if isinstance(scene, str) else json.dumps(scene)}</scene>")
    return read.code if isinstance(read, Malformed) else read


@pytest.mark.parametrize(
    "text",
    [
        f"<scene>{SCENE}</scene>",
        f"<scene>\n{SCENE}\n</scene> more",
        f"<scene>```json\n{SCENE}\n```</scene>",
        f"<scene>[]</scene> <scene>{SCENE}</scene> <scene>",
        f"Here it is:\n```json\n{SCENE}\n```",
    ],
)
def test_a_scene_is_found_in_its_last_block_or_in_a_fence(text):
    assert scene_graph(text) == READ


def test_other_keys_are_ignored_and_relations_may_be_left_out():
    assert code({"objects": [MAN | {"colour": "red"}], "note": 1}) == SceneGraph(objects=READ.objects, relationships=())


@pytest.mark.parametrize("name", ["fire-hydrant.1", "fire hydrant.1", "man1.1", "café.1", "traffic_light.12"])
def test_names_of_objects_may_be_any_words(name):
    assert isinstance(code({"objects": [MAN | {"id": name}]}), SceneGraph)


@pytest.mark.parametrize("name", ["man", "man.", ".1", "", "1.1", "man.x", "m" * 200 + ".1", 1, None])
def test_an_id_is_a_name_a_dot_and_a_number(name):
    assert code({"objects": [MAN | {"id": name}]}) == "not_a_scene"


@pytest.mark.parametrize(
    "box",
    [[1, 2, 3], "1234", [1, 2, 3, "4"], [1, 2, 3, None], [1, 2, 3, True], [1, 2, 3, 10**400], [1, 2, 3, 1e300], None],
)
def test_a_box_is_four_finite_numbers(box):
    assert code({"objects": [MAN | {"bbox": box}]}) == "not_a_scene"


def test_numbers_that_are_no_json_are_refused():
    assert code('{"objects": [{"id": "man.1", "bbox": [NaN, 0, 1, 1]}]}') == "not_json"
    assert code('{"objects": [{"id": "man.1", "bbox": [1e999, 0, 1, 1]}]}') == "not_a_scene"


@pytest.mark.parametrize(
    "scene",
    [
        {},
        [],
        {"a": 1},
        {"objects": None},
        {"objects": ["man.1"]},
        {"objects": [MAN, MAN]},
        {"objects": [MAN, MAN | {"id": "Man.1"}]},
        {"objects": [MAN], "relationships": {}},
        {"objects": [MAN], "relationships": ["behind"]},
        {"objects": [MAN], "relationships": [BEHIND | {"predicate": " "}]},
        {"objects": [MAN], "relationships": [BEHIND | {"subject": "man"}]},
    ],
)
def test_what_does_not_mean_a_scene_is_refused(scene):
    assert code(scene) == "not_a_scene"


def test_reversed_boxes_and_relations_to_unknown_objects_are_left_to_the_reward():
    odd = {"objects": [MAN | {"bbox": [9, 9, 0, -5]}, BIKE], "relationships": [BEHIND | {"object": "cat.7"}]}
    assert isinstance(code(odd), SceneGraph)


def test_a_missing_an_empty_and_a_broken_scene_have_reasons():
    assert scene_graph("no scene") == Malformed("not_a_scene: none given")
    assert code("") == "empty"
    assert code("{'objects': []}") == "not_json"
    assert code("[" * 100_000) == "not_json"
    assert code('{"objects": ' + "9" * 100_000 + "}") == "not_json"
    assert code({"objects": [MAN] * 201}) == "too_long"
