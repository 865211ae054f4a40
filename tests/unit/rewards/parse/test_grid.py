import pytest

from spatialrl.rewards.parse import Malformed, cognitive_map
from spatialrl.types import MapCell

CHAIRS = (MapCell(label="chair", column=1, row=2), MapCell(label="chair", column=3, row=4))


def code(inside):
    read = cognitive_map(f"<map>{inside}</map>")
    return read.code if isinstance(read, Malformed) else read


@pytest.mark.parametrize(
    "text",
    [
        '<map>{"chair": [[1, 2], [3, 4]]}</map>',
        "<map>{'chair': [(1, 2), (3, 4)]}</map>",
        '<map>\n```json\n{"Chair": [[1, 2], [3.0, 4]]}\n```\n</map>',
        'The map:\n```\n{"chair": [[1, 2], [3, 4]]}\n```',
        '<map>{}</map> <map>{" chair ": [[1, 2]], "CHAIR": [[3, 4]]}</map>',
    ],
)
def test_a_map_is_read_from_json_and_from_python(text):
    assert cognitive_map(text) == CHAIRS


def test_a_single_place_needs_no_outer_list():
    assert code('{"coffee_table": [0, 9]}') == (MapCell(label="coffee table", column=0, row=9),)


@pytest.mark.parametrize(
    "place", ["[10, 0]", "[-1, 0]", "[0.5, 0]", "[1]", "[1, 2, 3]", '["1", 2]', "[true, 1]", "null", "7"]
)
def test_a_place_is_a_cell_of_the_grid(place):
    assert code(f'{{"chair": [{place}]}}') == "not_a_map"


@pytest.mark.parametrize(
    "inside", ["[[1, 2]]", '{"chair": 1}', '{"chair": {}}', '{"": [[1, 2]]}', '{"chair": [[1, 1e999]]}']
)
def test_what_does_not_mean_a_map_is_refused(inside):
    assert code(inside) == "not_a_map"


def test_a_map_without_a_cell_is_empty():
    assert code("{}") == code('{"chair": []}') == code("") == "empty"


def test_a_missing_a_broken_and_an_endless_map_have_reasons():
    assert cognitive_map("no map") == Malformed("not_a_map: none given")
    assert code("chair at 1, 2") == "not_json"
    assert code("[" * 10_000) == "not_json"
    assert code(" " * 5 + '{"a": ' + "[" * 30_000) == "too_long"
    assert code('{"a": [' + ",".join(["[1,2]"] * 501) + "]}") == "too_long"
