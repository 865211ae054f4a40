import json
import random
import time

import pytest

from spatialrl.rewards.parse import Malformed, read_block, read_response

MAN = {"id": "man.1", "bbox": [10, 20, 110, 220]}
BEHIND = {"subject": "man.1", "predicate": "behind", "object": "bike.1"}


def response(scene, answer="(A) left"):
    scene = scene if isinstance(scene, str) else json.dumps(scene)
    return f"<observe>o</observe><scene>{scene}</scene><think>t</think><answer>{answer}</answer>"


def is_well_formed(text):
    return not isinstance(read_response(text), Malformed)


def reason(text):
    read = read_response(text)
    assert isinstance(read, Malformed)
    return read.reason


def test_a_well_formed_response_is_read():
    read = read_response(response({"objects": [MAN], "relationships": [BEHIND]}, answer=" (A) left\n"))
    assert not isinstance(read, Malformed)
    assert read.answer == "(A) left"
    assert [(thing.id, thing.bbox) for thing in read.scene.objects] == [("man.1", (10, 20, 110, 220))]
    assert [relation.predicate for relation in read.scene.relationships] == ["behind"]
    assert read.lists_objects


def test_a_block_reaches_from_the_first_opening_to_the_first_closing_tag_after_it():
    assert read_block("</answer><answer> a </answer> b </answer><answer>c</answer>", "answer") == "a"
    assert read_block("<answer>one <answer> two</answer>", "answer") == "one <answer> two"
    assert read_block("<answer>never closed", "answer") == Malformed("no <answer> block")
    assert read_block("</answer><answer>", "answer") == Malformed("no <answer> block")


def test_blocks_may_be_empty_in_any_order_and_text_may_stand_around_them():
    text = f"junk<answer></answer><think></think><scene>{json.dumps({'objects': []})}</scene><observe></observe>junk"
    assert is_well_formed(text)


@pytest.mark.parametrize("tag", ["observe", "think", "scene", "answer"])
def test_each_block_is_needed_once(tag):
    text = response({"objects": [MAN]})
    assert f"no <{tag}> block" in reason(text.replace(f"<{tag}>", ""))
    assert f"<{tag}> opens more than once" in reason(text + f"<{tag}>")
    assert is_well_formed(text + f"</{tag}>")


@pytest.mark.parametrize(
    "scene",
    [
        {"a": 1},
        {"objects": []},
        {"objects": [{"id": "traffic_light.12", "bbox": [0.1, 0, -5, 1e9]}]},
        {"objects": [{"id": "man.1", "bbox": [True, False, True, True]}]},
        '{"objects": [{"id": "man.1", "bbox": [NaN, Infinity, 0, 0]}]}',
        {"relationships": [{"subject": "no.1", "predicate": "", "object": "no.1", "extra": 1}] * 2},
        {"objects": [MAN, {"id": "Man.1", "bbox": [0, 0, 0, 0]}]},
    ],
)
def test_what_the_original_lets_pass(scene):
    assert is_well_formed(response(scene))


@pytest.mark.parametrize(
    "scene",
    [
        "",
        "{}",
        "[]",
        "null",
        "{'objects': []}",
        '```json\n{"objects": []}\n```',
        {"objects": None},
        {"relationships": None},
        {"objects": {}},
        {"objects": ["man.1"]},
        {"objects": [{"id": "man.1"}]},
        {"objects": [MAN | {"label": "man"}]},
        {"objects": [MAN | {"id": 1}]},
        {"objects": [MAN | {"bbox": [1, 2, 3]}]},
        {"objects": [MAN | {"bbox": "1234"}]},
        {"objects": [MAN | {"bbox": [1, 2, 3, "4"]}]},
        {"objects": [MAN | {"bbox": [1, 2, 3, None]}]},
        {"objects": [MAN, MAN]},
        {"relationships": ["behind"]},
        {"relationships": [{"subject": "man.1", "predicate": "behind"}]},
        {"relationships": [BEHIND | {"predicate": None}]},
        {"relationships": [BEHIND | {"subject": "man"}]},
    ],
)
def test_what_the_original_refuses(scene):
    assert reason(response(scene))


@pytest.mark.parametrize(
    "name", ["fire-hydrant.1", "fire hydrant.1", "man1.1", "café.1", "man", "man.", ".1", "man.1\n"]
)
def test_an_object_id_is_letters_a_dot_and_digits(name):
    assert not is_well_formed(response({"objects": [MAN | {"id": name}]}))


def test_a_missing_list_is_told_from_an_empty_one():
    for scene, listed in (({"a": 1}, False), ({"objects": []}, True)):
        read = read_response(response(scene))
        assert not isinstance(read, Malformed)
        assert read.scene.objects == ()
        assert read.lists_objects is listed


@pytest.mark.parametrize(
    "scene",
    ["[" * 100_000, '{"a":' * 100_000, '{"a": ' + "9" * 100_000 + "}", "\x00", "\ud800", '{"a": "\\ud800"}', "{" * 9],
)
def test_hostile_scenes_get_a_value_or_a_reason(scene):
    read_response(response(scene))


def test_reading_takes_time_in_proportion_to_the_text():
    start = time.perf_counter()
    for unit in ("<observe>", "<answer>", "<scene>", "</scene>", "<", '{"objects":', "a.1"):
        read_response(unit * (1_000_000 // len(unit)))
        read_block(unit * (1_000_000 // len(unit)), "answer")
        read_response(response(unit * (1_000_000 // len(unit))))
    assert time.perf_counter() - start < 2


def test_any_string_gets_a_value_or_a_reason():
    rng = random.Random(0)
    pieces = ["<scene>", "</scene>", "<answer>", "</answer>", "<think>", "</think>", "<observe>", "</observe>"]
    pieces += [
        '{"objects"',
        ":",
        "[",
        "]",
        "{",
        "}",
        '"id"',
        '"bbox"',
        "1e999",
        "-",
        '"man.1"',
        ",",
        "NaN",
        " ",
        "é",
        "\x00",
    ]
    for _ in range(2000):
        read_response("".join(rng.choices(pieces, k=rng.randint(0, 40))))
