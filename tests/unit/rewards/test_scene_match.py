import numpy as np
import pytest

from spatialrl.rewards.labels import exact
from spatialrl.rewards.scene_match import is_box, match_objects, total_worth
from spatialrl.types import SceneObject

SIZE = (100.0, 100.0)
A, B, WHOLE = (0.0, 0.0, 20.0, 20.0), (60.0, 60.0, 80.0, 80.0), (0.0, 0.0, 100.0, 100.0)


def things(*boxes, name="cup"):
    return [SceneObject(id=f"{name}.{i}", bbox=box) for i, box in enumerate(boxes)]


def pairs(guesses, truths, sizes=(SIZE, SIZE)):
    return match_objects(guesses, truths, sizes=sizes, similarity=exact)


def worth(guesses, truths):
    return total_worth(pairs(guesses, truths))


def test_objects_are_matched_where_label_and_box_fit_best():
    found = pairs(things(B, A), things(A, B))
    assert {(pair.guess.id, pair.truth.id) for pair in found} == {("cup.0", "cup.1"), ("cup.1", "cup.0")}
    assert [pair.worth for pair in found] == pytest.approx([1, 1])


def test_a_pair_is_worth_its_closeness_if_the_labels_agree():
    half = (0.0, 0.0, 10.0, 20.0)
    # IoU 0.5 is 3/8 of the way from 0.2 to 1: 3t^2 - 2t^3.
    assert worth(things(half), things(A)) == pytest.approx(0.31640625)
    assert worth(things(half, name="hat"), things(A)) == 0


def test_tiny_boxes_can_be_found_completely():
    tiny = (10.0, 10.0, 10.5, 10.5)
    assert worth(things(tiny), things(tiny)) == pytest.approx(1, abs=1e-6)


@pytest.mark.parametrize(
    "box",
    [
        (20.0, 0.0, 0.0, 20.0),
        (0.0, 20.0, 20.0, 0.0),
        (20.0, 20.0, 0.0, 0.0),
        (5.0, 5.0, 5.0, 5.0),
        (30.0, 30.0, 50.0, 50.0),
        (-6.0, 0.0, 20.0, 20.0),
        (0.0, 0.0, 20.0, 106.0),
        (9000.0, 9000.0, 9001.0, 9001.0),
    ],
)
def test_reversed_empty_disjoint_and_far_boxes_are_worth_nothing(box):
    assert worth(things(box), things(A)) == 0


def test_a_box_may_reach_a_little_out_of_the_image():
    inside = is_box(np.array([[-0.05, 0, 1, 1.05], [-0.06, 0, 1, 1]]))
    assert inside.tolist() == [True, False]


def test_a_box_for_everything_is_worth_its_closeness_once():
    upper, lower = (0.0, 0.0, 100.0, 60.0), (0.0, 40.0, 100.0, 100.0)
    # Each object covers 0.6 of the image, which is half of the way from 0.2 to 1.
    assert worth(things(WHOLE), things(upper, lower)) == pytest.approx(0.5)
    assert worth(things(WHOLE, WHOLE), things(upper, lower)) == pytest.approx(0.5)
    assert worth(things(WHOLE), things(A, B)) == 0


def test_a_box_that_the_truth_repeats_may_be_repeated():
    assert worth(things(A, A), things(A, A)) == pytest.approx(2)
    assert worth(things(A, A), things(A, B)) == pytest.approx(1)


def test_frames_are_compared_as_shares_of_the_image():
    (pair,) = pairs(
        things((100.0, 200.0, 300.0, 400.0)), things((64.0, 96.0, 192.0, 192.0)), ((1000, 1000), (640, 480))
    )
    assert pair.worth == pytest.approx(1)


def test_nothing_matches_nothing():
    assert pairs([], things(A)) == pairs(things(A), []) == ()
    assert total_worth([]) == 0
