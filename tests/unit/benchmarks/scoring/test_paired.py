from functools import partial

import pytest

from spatialrl.benchmarks.scoring import tally_of
from spatialrl.benchmarks.scoring.paired import difference, mcnemar
from tests.unit.benchmarks.scoring.questions import Counting, Rules, sample

TALLY = partial(tally_of, benchmark=Rules())


def several(scores, **extra):
    return [sample(score, id=str(i), **extra) for i, score in enumerate(scores)]


@pytest.mark.parametrize(("gained", "lost", "p"), [(8, 2, 0.109375), (0, 5, 0.0625), (0, 0, 1), (3, 3, 1), (10, 0, 2 / 1024)])  # fmt: skip
def test_mcnemar_is_the_binomial_test_of_the_turned_answers(gained, lost, p):
    assert mcnemar(gained, lost) == pytest.approx(p)
    assert mcnemar(lost, gained) == pytest.approx(p)


def test_models_are_compared_on_the_questions_both_were_asked():
    found = difference(several([1, 0, 0, 1]), several([1, 1, 1]), tally=TALLY)
    assert found is not None
    assert (found.num, found.gained, found.lost) == (3, 2, 0)
    assert found.value == pytest.approx(100 * 2 / 3)


def test_models_without_a_question_in_common_have_no_difference():
    assert difference(several([1]), [sample(1, id="x")], tally=TALLY) is None


def test_a_model_does_not_differ_from_itself():
    found = difference(several([1, 0, 1]), several([1, 0, 1]), tally=TALLY)
    assert found is not None
    assert (found.value, found.low, found.high, found.p_value, found.mcnemar) == (0, 0, 0, 1, 1)


def test_pairing_is_sharper_than_two_intervals():
    old = several([i % 2 for i in range(200)])
    new = several([1 if i < 20 else i % 2 for i in range(200)])
    found = difference(old, new, tally=TALLY)
    assert found is not None
    # Ten answers were gained and none lost: 5 %, though either interval is 14 % wide.
    assert found.value == pytest.approx(5)
    assert found.low > 1.5
    assert found.p_value < 0.01


def test_clusters_are_drawn_for_both_models_at_once():
    scenes = [str(i // 50) for i in range(200)]
    old = [sample(0, id=str(i), scene_id=scene) for i, scene in enumerate(scenes)]
    new = [sample(scene in "01", id=str(i), scene_id=scene) for i, scene in enumerate(scenes)]
    found = difference(old, new, tally=TALLY)
    assert found is not None
    # Two of four scenes gained everything: far from certain, whatever McNemar says of a hundred answers.
    assert found.low == 0
    assert found.mcnemar < 1e-20


def test_a_difference_is_that_of_the_headline():
    old = [sample(s, id=str(i), category=c) for i, (s, c) in enumerate([(1, "a"), (1, "a"), (1, "a"), (0, "b")])]
    new = [sample(s, id=str(i), category=c) for i, (s, c) in enumerate([(1, "a"), (1, "a"), (1, "a"), (1, "b")])]
    found = difference(old, new, tally=partial(tally_of, benchmark=Rules(aggregate=Counting("macro"))))
    assert found is not None
    assert found.value == 50
