import json
import random
from statistics import fmean

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spatialrl.rewards.cognitive_map import agreement, blind_agreement, map_accuracy, shared_count
from spatialrl.types import Completion, MapCell, Task, Unscored

CELLS = tuple(
    MapCell(label=label, column=column, row=row)
    for label, column, row in [
        ("chair", 1, 1),
        ("chair", 8, 2),
        ("table", 2, 7),
        ("sofa", 6, 8),
        ("lamp", 4, 3),
        ("red cube", 9, 5),
    ]
)


def task(cells=CELLS):
    return Task(id="t1", question="?", answer="A", answer_kind="choice", options=("l", "r"), cognitive_map=tuple(cells))


def text(cells):
    places = {}
    for cell in cells:
        places.setdefault(cell.label, []).append([cell.column, cell.row])
    return f"<think>hm <map>{json.dumps(places)}</map></think><answer>A</answer>"


def worth(cells, truth=CELLS, **options):
    result = map_accuracy(task(truth), Completion(prompt_ids=(), token_ids=(), text=text(cells)), **options)
    assert isinstance(result, float)
    return result


def moved(cells, place):
    return tuple(
        MapCell(label=cell.label, column=x, row=y) for cell in cells for x, y in [place(cell.column, cell.row)]
    )


def random_map(seed, num_objects):
    generator = random.Random(seed)
    names = generator.choices(["chair", "table", "sofa", "lamp", "bed", "desk"], k=num_objects)
    return tuple(MapCell(label=name, column=generator.randrange(10), row=generator.randrange(10)) for name in names)


def scattered(cells, seed):
    generator = random.Random(f"scattered {seed}")
    return moved(cells, lambda *_: (generator.randrange(10), generator.randrange(10)))


def test_the_true_map_is_1_in_any_order_of_its_objects():
    assert worth(CELLS) == pytest.approx(1)
    assert worth(CELLS[::-1]) == pytest.approx(1)


def test_a_map_moved_or_turned_as_a_whole_is_still_true():
    assert worth(moved(CELLS, lambda x, y: (x - 1, y + 1))) == pytest.approx(1)
    for turned in (lambda x, y: (9 - y, x), lambda x, y: (9 - x, 9 - y), lambda x, y: (y, 9 - x)):
        assert worth(moved(CELLS, turned)) == pytest.approx(1)
        assert worth(moved(CELLS, turned), turns=False) < 0.2


def test_all_objects_in_one_place_explain_nothing():
    for place in ((5, 5), (4, 5), (0, 9)):
        assert worth(moved(CELLS, lambda *_, place=place: place)) == 0


def test_a_mirror_image_is_low():
    for mirror in (lambda x, y: (9 - x, y), lambda x, y: (x, 9 - y), lambda x, y: (y, x)):
        assert worth(moved(CELLS, mirror)) < 0.3


@pytest.mark.parametrize("turns", [True, False])
@pytest.mark.parametrize("num_objects", [3, 4, 5, 6, 8, 12])
def test_random_places_with_the_right_counts_earn_at_most_a_tenth(num_objects, turns):
    truths = [random_map(seed, num_objects) for seed in range(60)]
    earned = [
        worth(scattered(truth, f"{seed} {trial}"), truth, turns=turns)
        for seed, truth in enumerate(truths)
        for trial in range(4)
    ]
    assert fmean(earned) <= 0.1


@pytest.mark.parametrize("num_objects", [4, 5, 6, 8, 12])
def test_the_true_map_a_cell_off_here_and_there_keeps_most(num_objects):
    def shaken(cells, seed):
        generator = random.Random(f"shaken {seed}")
        step = lambda value: min(9, max(0, value + generator.choice((-1, 0, 0, 1))))  # noqa: E731
        return moved(cells, lambda x, y: (step(x), step(y)))

    truths = [random_map(seed, num_objects) for seed in range(60)]
    assert fmean(worth(shaken(truth, seed), truth) for seed, truth in enumerate(truths)) >= 0.8


def test_objects_left_out_and_made_up_cost():
    assert shared_count(CELLS[1:], CELLS) == pytest.approx(5 / 6)
    assert worth(CELLS[1:]) < 5 / 6
    unicorns = tuple(MapCell(label="unicorn", column=i, row=i) for i in range(6))
    assert worth((*CELLS, *unicorns[:1])) == pytest.approx(6 / 7)
    assert worth((*CELLS, *unicorns)) == pytest.approx(1 / 2)
    assert worth(unicorns) == 0


def test_objects_twice_cost():
    assert worth(CELLS * 2) == pytest.approx(1 / 2)
    assert worth(CELLS * 10) == pytest.approx(1 / 10)
    assert worth(CELLS * 11) == 0


def test_two_objects_placed_well_are_not_the_map():
    assert worth(CELLS[:2]) < 0.2


def test_labels_are_compared_without_case_and_underscores():
    renamed = tuple(MapCell(label=c.label.upper().replace(" ", "_"), column=c.column, row=c.row) for c in CELLS)
    assert worth(renamed) == pytest.approx(1)
    swapped = (*CELLS[:2], MapCell(label="sofa", column=2, row=7), MapCell(label="table", column=6, row=8), *CELLS[4:])
    assert worth(swapped) < worth(CELLS)


@pytest.mark.parametrize("answer", ["", "<map></map>", "<map>{}</map>", '<map>{"chair": [[1, 99]]}</map>', "<map>" + "[" * 100_000 + "</map>"])  # fmt: skip
def test_no_map_is_worth_nothing(answer):
    assert map_accuracy(task(), Completion(prompt_ids=(), token_ids=(), text=answer)) == 0


@pytest.mark.parametrize("cells", [(), CELLS[:2], (CELLS[0],) * 4])
def test_a_truth_without_layout_is_unscored(cells):
    assert isinstance(map_accuracy(task(cells), Completion(prompt_ids=(), token_ids=(), text=text(CELLS))), Unscored)


PLACES = st.builds(MapCell, label=st.sampled_from("abc"), column=st.integers(0, 9), row=st.integers(0, 9))
MAPS = (
    st.lists(PLACES, min_size=3, max_size=8)
    .filter(lambda cells: len({(c.column, c.row) for c in cells}) > 1)
    .map(tuple)
)


@settings(derandomize=True, deadline=None, max_examples=100)
@given(MAPS, MAPS)
def test_any_map_is_worth_0_to_1_in_every_frame(guess, truth):
    earned = worth(guess, truth)
    assert 0 <= earned <= 1 + 1e-9
    assert worth(moved(guess, lambda x, y: (9 - y, x)), truth) == pytest.approx(earned)
    assert worth(guess[::-1], truth) == pytest.approx(earned)
    assert worth(truth, truth) == pytest.approx(1)


@settings(derandomize=True, deadline=None, max_examples=50)
@given(st.permutations(range(6)), st.floats(0, 1), st.floats(0, 1))
def test_shrinking_every_error_never_scores_lower(order, first, second):
    """Labels that occur once: nothing can be matched anew."""
    near, far = sorted((first, second))
    truth = tuple(MapCell(label=str(i), column=i, row=place) for i, place in enumerate(order))
    blends = [moved_towards(truth, share) for share in (far, near)]
    low, high = (agreement(blend, truth, turns=False) for blend in blends)
    assert low <= high + 1e-9


def moved_towards(truth, share):
    """Away from the truth by a share of the way to its mirror image."""
    return moved(truth, lambda x, y: (x + share * (5 - 2 * x), y))


def test_the_order_of_the_true_objects_changes_nothing_where_pairs_tie():
    places = [("table", 0, 0), ("chair", 0, 6), ("chair", 0, 3), ("chair", 0, 4), ("chair", 0, 4)]
    truth = [MapCell(label=label, column=column, row=row) for label, column, row in places]
    guess = [truth[0], truth[3], truth[2]]
    assert worth(guess, [truth[i] for i in (0, 1, 4, 3, 2)]) == worth(guess, truth)
    assert worth(moved(guess, lambda x, y: (9 - y, x)), moved(truth, lambda x, y: (9 - y, x))) == worth(guess, truth)


def test_blind_agreement_is_the_same_each_time_and_small_for_many_objects():
    assert blind_agreement(CELLS, True) == blind_agreement.__wrapped__(CELLS, True)
    different = moved([MapCell(label=str(i), column=0, row=0) for i in range(12)], lambda *_: (0, 0))
    assert 0 <= blind_agreement(scattered(different, 0), True) < 0.1
