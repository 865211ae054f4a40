"""Any text at all gives a value or a reason."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spatialrl.rewards.parse import (
    Malformed,
    Number,
    answer_text,
    choice,
    cognitive_map,
    in_metres,
    label_pair,
    last_block,
    last_boxed,
    number,
    read_block,
    read_response,
    scene_graph,
    sequence,
    statements,
)
from spatialrl.types import LETTERS, SceneGraph

MEGABYTE = 1_000_000
OPTIONS = ("left of", "A", "3.5 m", "not (b)")
PIECES = (
    *(
        "<answer>",
        "</answer>",
        "<scene>",
        "</scene>",
        "<map>",
        "</map>",
        "\\boxed{",
        "\\text{",
        "{",
        "}",
        "[",
        "]",
        "(",
        ")",
    ),
    *(
        '"objects"',
        '"id"',
        '"bbox"',
        '"man.1"',
        "NaN",
        "1e999",
        "9" * 400,
        "٣",
        "½",
        "²",
        "\ud800",
        "\x00",
        "```json\n",
        "```",
    ),
    *(
        "A",
        "b)",
        "a",
        "left of",
        "two hundred",
        " and ",
        "point",
        "half a",
        "minus ",
        "1,200",
        "3.5",
        "/",
        "-",
        "->",
        ",",
        ":",
    ),
    *(
        " ",
        "\n",
        "m²",
        "cm",
        "'",
        '"',
        "°",
        "e",
        "The 3D location of ",
        " is (",
        "0.5, 0.1, 2)",
        "The vector from ",
        " to ",
    ),
    *("Therefore, ", "The cosine similarity between ", "front direction of ", "distance between ", ". "),
)
TEXTS = st.one_of(st.text(), st.lists(st.sampled_from(PIECES), max_size=40).map("".join))
FIXED = settings(derandomize=True, deadline=None, max_examples=200)
READERS = (
    *(answer_text, last_boxed, read_response, number, sequence, label_pair, scene_graph, cognitive_map, statements),
    lambda text: last_block(text, "map"),
    lambda text: read_block(text, "map"),
    lambda text: choice(text, OPTIONS),
)


def wrapped(text):
    return (text, f"<answer>{text}</answer>", f"<map>{text}</map>", f"<scene>{text}</scene>", f"```json\n{text}\n```")


@FIXED
@given(TEXTS)
def test_any_text_gives_a_value_or_a_reason(text):
    for variant in wrapped(text):
        for read in READERS:
            assert read(variant) == read(variant)


@FIXED
@given(TEXTS)
def test_values_keep_their_promises(text):
    assert answer_text(text) != ""
    letter = choice(text, OPTIONS)
    assert isinstance(letter, Malformed) or letter in LETTERS[: len(OPTIONS)]
    value = number(text)
    assert isinstance(value, Malformed) or math.isfinite(value.value)
    assert isinstance(value, Malformed) or (metres := in_metres(value)) is None or math.isfinite(metres)
    cells = cognitive_map(text)
    assert isinstance(cells, Malformed) or all(0 <= cell.column < 10 and 0 <= cell.row < 10 for cell in cells)
    scene = scene_graph(text)
    assert isinstance(scene, Malformed) or all(math.isfinite(x) for thing in scene.objects for x in thing.bbox)


@FIXED
@given(st.floats(min_value=-1e15, max_value=1e15), st.sampled_from(["", " m", " cm", " ft", "°", " m2"]))
def test_a_number_is_read_as_it_is_written(value, unit):
    for written in (f"{value!r}{unit}", f"The answer is {value!r}{unit}."):
        read = number(written)
        assert isinstance(read, Number)
        assert read.value == value


@FIXED
@given(st.integers(min_value=-(10**12), max_value=10**12))
def test_thousands_separators_do_not_change_an_integer(value):
    assert number(f"{value:,}") == number(str(value)) == Number(float(value))


@FIXED
@given(st.lists(st.integers(0, 99), min_size=2, max_size=8), st.sampled_from([", ", "-", " ", "->", " > ", ";"]))
def test_a_sequence_is_read_as_it_is_written(labels, separator):
    assert sequence(separator.join(map(str, labels))) == tuple(labels)


@FIXED
@given(
    st.sampled_from("ABCD"),
    st.sampled_from(["{}", "({})", "{}.", "{})", "\\text{{{}}}", "The answer is ({})", "Option {}"]),
)
def test_a_letter_is_read_as_it_is_written(letter, form):
    assert choice(form.format(letter), ("left", "right", "above", "below")) == letter


@pytest.mark.parametrize(
    "unit",
    [
        *(
            "\\boxed{",
            "<answer>",
            "</answer>",
            "<scene>",
            "<map>",
            "[",
            "{",
            "9",
            "1,",
            "1,000,",
            "A ",
            "a",
            " ",
            "\n",
            "```",
        ),
        *(
            '{"a":',
            "'",
            "minus ",
            "two hundred ",
            "\\text{",
            "3->",
            "left of ",
            "location of ",
            "vector from ",
            "x to ",
        ),
        *("angle between a and ", "distance between ", "So ", "𝟗", "½", "é"),
    ],
)
def test_a_megabyte_of_anything_is_read(unit):
    text = unit * (MEGABYTE // len(unit))
    for variant in (text, f"<answer>{text}</answer>", f"<map>{text}</map>", f"<scene>{text}</scene>"):
        for read in READERS:
            read(variant)
    for read in (number, sequence, label_pair, READERS[-1]):
        read(text[:10_000])


def test_a_scene_as_large_as_allowed_is_read():
    things = ",".join(f'{{"id": "thing.{i}", "bbox": [{i}, 0, 1, 1]}}' for i in range(200))
    scene = scene_graph(f'<scene>{{"objects": [{things}]}}</scene>')
    assert isinstance(scene, SceneGraph)
    assert len(scene.objects) == 200
