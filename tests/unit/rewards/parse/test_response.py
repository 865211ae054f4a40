"""The quick way to read a response: what it reads, the careful one reads just the same."""

import json
import random
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spatialrl.rewards.parse import Malformed, response, strict
from spatialrl.rewards.parse.response import MAX_KNOWN_IDS, Response, are_object_ids, quick_response
from spatialrl.rewards.parse.strict import careful_response, read_response

BLOCKS = ("observe", "scene", "think", "answer")
SCENE = '{"objects": [{"id": "man.1", "bbox": [10, 20.5, 110, 220]}], "relationships": []}'
NUMBERS = (
    "7",
    "-12",
    "640",
    "0.5",
    "333.3333333333333",
    "-0",
    "-0.0",
    "1E5",
    "1e-400",
    "1e400",
    "0.1e+1",
    "1" + "0" * 400,
)
NUMBERS += ("123456789012345678901234567890e-20", "18446744073709551616", "9007199254740993", "-9223372036854775809")
NO_NUMBERS = (
    "NaN",
    "-Infinity",
    "01",
    "1.",
    ".5",
    "+1",
    "true",
    "null",
    '"1"',
    "[1]",
    "",
    "1_0",
    "٣",
    "0x1",
    "1 2",
    "1,2",
)
IDS = ("man.1", "red_cube.12", "Bike.007", "_.0", "dog.2", "cat.3", "man.٣")
NO_IDS = ("man.1 ", "man", ".1", "man.", "a.b.1", "ma\\u006e.1", "man.1\\n", "man.1\n", "fire-hydrant.1", "café.1", "")
PREDICATES = (
    "left of",
    "",
    "été",
    "𝟗",
    "a\\u00e9",
    '\\"',
    "\\ud800",
    "\ud800",
    "\x00",
    "\x7f",
    "\t",
    "\\x",
    '"',
    "\\",
    "<b>",
)
BLANKS = ("", " ", "\n", "\t ", "\r\n", "\u00a0", "\x0b", "\ufeff")
STRAYS = ("<scene>", "</scene>", "</think>", "<answer>", "<b>", "<", "\ud800", "{")
LISTS = ('"objects": []', '"objects": 1', '"relationships": []', '"relationships": null', '"a": {"b": 1}')
LISTS += ('"a": NaN', '"a": 01', '"a": "\x00"', '"a": "\\x"', '"a": tru', '"a": ' + 2000 * "[" + 2000 * "]")
RARELY = 0.03


class Writer:
    """Writes scenes that are right in most places, so that few things are wrong at a time."""

    def __init__(self, seed: int) -> None:
        self.dice = random.Random(seed)

    def pick(self, usual: Sequence[str], unusual: Sequence[str]) -> str:
        return self.dice.choice(unusual if self.dice.random() < RARELY else usual)

    def blank(self) -> str:
        return self.pick(("", " "), BLANKS)

    def extra(self, *pairs: str) -> list[str]:
        return [self.dice.choice(pairs)] if self.dice.random() < RARELY else []

    def joined(self, pairs: list[str]) -> str:
        return self.pick((",",), (", ", " ,", ",,", "")).join(pairs)

    def thing(self) -> str:
        count = self.dice.choice((3, 5, 0)) if self.dice.random() < RARELY else 4
        number = f"{self.dice.uniform(-1, 1000):.{self.dice.randint(0, 20)}f}", repr(self.dice.uniform(-1e9, 1e9))
        box = ", ".join(self.pick((*NUMBERS, *number), NO_NUMBERS) for _ in range(count))
        pairs = [f'"id":{self.blank()}"{self.pick(IDS, NO_IDS)}"', f'"bbox"{self.blank()}: [{box}{self.blank()}]']
        pairs += self.extra('"label": "man"', '"id": "man.4"', '"id": 1', '"bbox": [1, 2, 3, 4]', '"bbox": null')
        self.dice.shuffle(pairs)
        return "{" + self.joined(pairs[self.dice.random() < RARELY :]) + "}"

    def relation(self) -> str:
        ends = [f'"{end}": "{self.pick(IDS, NO_IDS)}"' for end in ("subject", "object")]
        pairs = [*ends, f'"predicate": "{self.pick(("left of", "on"), PREDICATES)}"']
        pairs += self.extra('"score": 0.5', '"subject": "dog.1"', '"object": null', '"predicate": "\\n"')
        self.dice.shuffle(pairs)
        return "{" + self.joined(pairs[self.dice.random() < RARELY :]) + "}"

    def scene(self) -> str:
        things = self.joined([self.thing() for _ in range(self.dice.randint(0, 3))])
        relations = self.joined([self.relation() for _ in range(self.dice.randint(0, 3))])
        lists = [f'"objects":{self.blank()}[{things}]', f'"relationships": [{relations}{self.blank()}]']
        lists += self.extra(*LISTS)
        self.dice.shuffle(lists)
        ending = self.pick(("",), (" ", ",", "}", " 1", "\x00", "//"))
        return self.blank() + "{" + self.joined(lists[self.dice.random() < RARELY :]) + "}" + ending + self.blank()

    def response(self) -> str:
        order = list(BLOCKS)
        if self.dice.random() < 0.3:
            self.dice.shuffle(order)
        blocks = [f"<{tag}>{self.scene() if tag == 'scene' else tag}</{tag}>" for tag in order]
        blocks.insert(self.dice.randint(0, len(blocks)), self.pick(("",), STRAYS))
        return self.blank().join(blocks)


@settings(derandomize=True, deadline=None, max_examples=200)
@given(st.integers(0, 2**32))
def test_what_is_read_quickly_is_read_alike_with_care(seed: int):
    for text in (Writer(seed + number).response() for number in range(50)):
        quick = quick_response(text)
        assert quick is None or quick == careful_response(text)


def test_the_writer_writes_all_kinds():
    texts = [Writer(seed).response() for seed in range(1000)]
    kinds = [(quick_response(text) is not None, isinstance(careful_response(text), Response)) for text in texts]
    assert {kind: kinds.count(kind) > 50 for kind in set(kinds)} == {
        (True, True): True,
        (False, True): True,
        (False, False): True,
    }


@settings(derandomize=True, deadline=None, max_examples=300)
@given(st.lists(st.floats(allow_nan=False, allow_infinity=False), min_size=4, max_size=4))
def test_coordinates_are_read_to_the_last_bit(box: list[float]):
    quick = quick_response(well_formed(json.dumps({"objects": [{"id": "man.1", "bbox": box}]})))
    assert quick is not None
    assert list(quick.objects[0].bbox) == box


def well_formed(scene: str, order: tuple[str, ...] = BLOCKS) -> str:
    return "\n".join(f"<{tag}> {scene if tag == 'scene' else tag} </{tag}>" for tag in order)


@pytest.mark.parametrize("order", [BLOCKS, BLOCKS[::-1], ("think", "observe", "scene", "answer")])
def test_responses_as_they_are_asked_for_take_the_quick_way(order: tuple[str, ...], monkeypatch):
    monkeypatch.setattr(strict, "careful_response", lambda text: pytest.fail("took the careful way"))
    read = read_response("before" + well_formed(SCENE, order) + "after")
    assert isinstance(read, Response)
    assert (read.answer, [(each.id, each.bbox) for each in read.objects]) == (
        "answer",
        [("man.1", (10, 20.5, 110, 220))],
    )


def test_ids_are_remembered_within_bounds():
    response._known_ids.clear()
    assert are_object_ids(["man.1"])
    assert "man.1" in response._known_ids
    assert are_object_ids(["x" * 10_000 + ".1"])
    assert response._known_ids == {"man.1"}
    for number in range(MAX_KNOWN_IDS + 10):
        assert are_object_ids([f"thing.{number}"])
        assert len(response._known_ids) <= MAX_KNOWN_IDS


def test_an_id_with_a_line_break_is_not_two_ids():
    assert not are_object_ids(["man.1\nbike.2"])
    assert isinstance(careful_response(well_formed(SCENE.replace("man.1", "man.1\\nbike.2"))), Malformed)
