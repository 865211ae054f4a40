"""Goldens of SpaceR's map score: all objects in the centre about .73, random places about .70, the true map 1."""

import random
from statistics import fmean

import pytest

from spatialrl.rewards.spacer_map_compat import class_score, map_score, read_places
from spatialrl.types import MapCell

CHAIRS_AND_TABLE = (
    MapCell(label="chair", column=1, row=2),
    MapCell(label="chair", column=8, row=8),
    MapCell(label="dining table", column=4, row=4),
)
EXACT = "{'chair': [[1, 2], [8, 8]], 'dining table': [[4, 4]]}"


def random_map(seed, num_objects=12):
    generator = random.Random(seed)
    names = generator.choices(["chair", "table", "sofa", "lamp"], k=num_objects)
    return tuple(MapCell(label=name, column=generator.randrange(10), row=generator.randrange(10)) for name in names)


def text(cells):
    places = {}
    for cell in cells:
        places.setdefault(cell.label, []).append([cell.column, cell.row])
    return str(places)


def moved(cells, place):
    return tuple(MapCell(label=cell.label, column=column, row=row) for cell in cells for column, row in [place(cell)])


def mean_score(change):
    return fmean(map_score(text(change(random_map(seed), seed)), random_map(seed)) for seed in range(300))


def test_the_true_map_is_1():
    assert map_score(EXACT, CHAIRS_AND_TABLE) == 1
    assert mean_score(lambda cells, _: cells) == 1


def test_all_in_the_centre_is_about_73_hundredths():
    assert mean_score(lambda cells, _: moved(cells, lambda _: (5, 5))) == pytest.approx(0.73, abs=0.02)


def test_random_places_with_the_right_counts_are_about_70_hundredths():
    def scattered(cells, seed):
        generator = random.Random(f"scattered {seed}")
        return moved(cells, lambda _: (generator.randrange(10), generator.randrange(10)))

    assert mean_score(scattered) == pytest.approx(0.70, abs=0.03)


def test_a_mirrored_map_of_objects_along_the_walls_is_about_55_hundredths():
    cells = tuple(MapCell(label=f"object {row}", column=row % 2, row=row) for row in range(10))
    mirrored = moved(cells, lambda cell: (7 - cell.column, cell.row))
    assert map_score(text(mirrored), cells) == pytest.approx(1 - (7 + 5) / 2 / 200**0.5)
    assert map_score(text(mirrored), cells) == pytest.approx(0.55, abs=0.03)


def test_each_guess_in_turn_takes_the_nearest_place_that_is_left():
    assert class_score([(0, 0), (3, 0)], [(2, 0), (9, 0)]) == pytest.approx(1 - (2 + 6) / 2 / 200**0.5)
    assert class_score([(3, 0), (0, 0)], [(2, 0), (9, 0)]) == pytest.approx(1 - (1 + 9) / 2 / 200**0.5)


def test_the_larger_count_divides_and_classes_weigh_by_their_true_objects():
    assert map_score("{'chair': [[1, 2], [8, 8], [5, 5]]}", CHAIRS_AND_TABLE) == pytest.approx(2 / 3 * 2 / 3)
    assert map_score("{'dining table': [[4, 4]]}", CHAIRS_AND_TABLE) == pytest.approx(1 / 3)


def test_classes_made_up_cost_nothing():
    assert map_score("{'unicorn': [[0, 0]], " + EXACT[1:], CHAIRS_AND_TABLE) == 1


def test_a_floored_number_and_a_quoted_dictionary_are_read():
    assert map_score("{' Chair ': [(1.9, 2.0), [8, 8]], 'DINING TABLE': [[4, 4]]}", CHAIRS_AND_TABLE) == 1
    assert map_score(repr(EXACT), CHAIRS_AND_TABLE) == 1


def test_what_is_no_dictionary_is_scanned_for_names_and_pairs():
    prose = "The dining table is at (4, 4); each chair: [1,2] and [8.7, 8]. A tablecloth at 0, 0"
    assert read_places(prose, ["chair", "dining table"]) == {
        "dining table": [(4, 4)],
        "chair": [(1, 2), (8, 8), (0, 0)],
    }
    assert map_score("dining table (4, 4) chair 1,2 8,8", CHAIRS_AND_TABLE) == 1
    assert map_score("```" + EXACT + "```", CHAIRS_AND_TABLE) == 1


@pytest.mark.parametrize(
    "hostile",
    [
        "",
        "[" * 90_000,
        "{'a':" * 20_000,
        "-" * 90_000,
        "1+" * 40_000 + "1",
        "{'chair': [[" + "9" * 90_000 + ", 1]]}",
        "{'chair': [[1e999, 1]]}",
        "{'chair': [[" + "9" * 400 + ", 1]]}",
        "{'chair': [[1j, 1]]}",
        "{'chair': 3}",
        "{1: [[1, 1]]}",
        "{'chair': [[1, 2, 3]]}",
        "\x00",
        "\ud800",
        "'\\d'",
        " " * 90_000 + "x",
        "1 " * 50_000,
        "9" * 90_000,
        "chair" * 20_000,
        EXACT + " " * 1_000_000,
    ],
)
def test_hostile_maps_score_0_to_1(hostile):
    assert 0 <= map_score(hostile, CHAIRS_AND_TABLE) <= 1
