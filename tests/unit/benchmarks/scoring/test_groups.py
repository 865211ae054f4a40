import pytest

from spatialrl.benchmarks.scoring import summarise
from spatialrl.errors import DataError
from tests.unit.benchmarks.scoring.questions import Counting, Rules, sample


def summary(name, samples, **arguments):
    return summarise(samples, benchmark=Rules(aggregate=Counting(name, arguments)))


def lines(found):
    return {line.name: round(line.score, 2) for line in found.lines}


def turns(name, scores, *, flip=False, category="height"):
    """The rotations of a question with two options."""
    tail = "-flip" if flip else ""
    return [
        sample(score, id=f"{name}{tail}-{i}", group=name, category=category, num_options="2")
        for i, score in enumerate(scores)
    ]


ROWS = (
    turns("a", [1, 1]) + turns("a", [1, 1], flip=True)  # right everywhere
    + turns("b", [1, 1]) + turns("b", [1, 0], flip=True)  # one wrong order of the mirror image
    + turns("c", [1, 0]) + turns("c", [0, 0], flip=True)
    + turns("d", [1, 1])  # has no mirror image
)  # fmt: skip


def test_a_question_is_right_if_it_is_right_in_every_order():
    # Seven views: a, a flipped, b and d are right in both orders.
    assert summary("circular", ROWS).headline == pytest.approx(100 * 4 / 7)


def test_the_four_numbers_of_3dsrbench():
    found = lines(summary("views", ROWS))
    assert found["vanilla"] == pytest.approx(100 * 6 / 7, abs=0.01)
    assert found["circular"] == pytest.approx(100 * 4 / 7, abs=0.01)
    assert found["flip"] == 75  # a, b and d of four questions
    assert found["flip + circular"] == 50  # a and d
    assert summary("views", ROWS).headline == 50
    assert summary("views", ROWS, headline="circular").headline == pytest.approx(100 * 4 / 7)


def test_a_group_that_lacks_a_member_is_told_and_not_counted():
    found = summary("circular", [*ROWS, *turns("e", [1])])
    assert found.headline == pytest.approx(100 * 4 / 7)
    assert found.notes == {"incomplete groups": 1}


def test_a_pair_is_right_if_both_questions_are():
    pairs = [sample(score, id=f"{name}{i}", group=name) for name, scores in {"a": (1, 1), "b": (1, 0), "c": (0, 0)}.items() for i, score in enumerate(scores)]  # fmt: skip
    assert summary("pair", pairs).headline == pytest.approx(100 / 3)
    assert summary("pair", [*pairs, sample(1, id="d0", group="d")]).notes == {"incomplete groups": 1}


def test_views_agree_where_both_are_right_or_both_are_wrong():
    views = [sample(score, id=f"{name}{side}", group=name) for name, scores in {"a": (1, 1), "b": (1, 0), "c": (0, 0), "d": (1, 1)}.items() for side, score in zip(("", "-flip"), scores, strict=True)]  # fmt: skip
    found = summary("view_consistency", views)
    # An even number of rows: the last pair counts too.
    assert found.headline == 50
    assert lines(found)["agreement"] == 75


def test_view_consistency_looks_at_one_order_of_the_options():
    # a is right from both views, b and c too in their own order or not at all; d has one view.
    found = summary("view_consistency", ROWS)
    assert found.headline == pytest.approx(200 / 3)
    assert found.notes == {"without a second view": 1}


def test_hallusionbench_counts_answers_figures_and_questions():
    ids = {"VD_chart_x_0_0_0": 1, "VD_chart_x_0_0_1": 0, "VD_chart_x_0_1_0": 1, "VD_chart_x_0_1_1": 1}
    found = lines(summary("hallusion", [sample(score, id=id) for id, score in ids.items()]))
    assert found == {"aAcc": 75, "fAcc": 50, "qAcc": 50}


def test_an_id_that_names_no_figure_is_an_error():
    with pytest.raises(DataError, match=r"Question 7 has no extra\.set_id"):
        summary("hallusion", [sample(1, id="7")])


def test_no_whole_group_is_no_headline_and_no_crash():
    found = summary("views", turns("a", [1]))
    assert (found.headline, found.notes) == (0, {"incomplete groups": 1})
