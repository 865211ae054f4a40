from collections import Counter
from dataclasses import replace

from spatialrl.generators.scene_graph_qa.balance import Selection, pools_of, short_of
from spatialrl.generators.scene_graph_qa.candidate import Candidate
from spatialrl.generators.scene_graph_qa.tally import Tally
from spatialrl.scenes.questions.draft import Prior

EVEN = {"relation": 2.0, "count": 1.0, "depth": 1.0}


def candidates(**counts):
    return [
        Candidate(category=name, place=f"{name}{n}", number=0, rating=1 + n % 10)
        for name, count in counts.items()
        for n in range(count)
    ]


def selection(total, *, per_image=1, weights=EVEN, **counts):
    found = candidates(**counts)
    return Selection(
        pools_of(found, {c.place: n for n, c in enumerate(found)}), weights, total=total, per_image=per_image
    )


def run(chosen, keep=lambda candidate: True):
    while round_ := chosen.next_round():
        for candidate in round_:
            chosen.settle(candidate, is_kept=keep(candidate))
    return Counter(candidate.category for candidate in chosen.kept)


def test_half_of_the_rows_are_relations():
    assert run(selection(100, relation=500, count=500, depth=500)) == {"relation": 50, "count": 25, "depth": 25}


def test_a_category_with_too_few_gives_its_share_to_the_others_and_it_is_told():
    """25 counts are wanted and 4 are there: 21 go to relation and depth, 14 and 7."""
    chosen = selection(100, relation=500, count=4, depth=500)
    assert run(chosen) == {"relation": 64, "count": 4, "depth": 32}
    assert short_of(chosen) == {"count": 21}


def test_shares_wander_on_until_nothing_is_left():
    chosen = selection(100, relation=30, count=4, depth=20)
    assert run(chosen) == {"relation": 30, "count": 4, "depth": 20}
    assert short_of(chosen) == {"relation": 20, "count": 21, "depth": 5}


def test_the_best_rated_come_first():
    chosen = selection(10, weights={"count": 1.0}, count=100)
    run(chosen)
    assert {candidate.rating for candidate in chosen.kept} == {10}


def test_what_is_dropped_is_replaced_by_the_next_one():
    chosen = selection(40, relation=100, count=100, depth=100)
    kept = run(chosen, keep=lambda candidate: candidate.rating % 2 == 0 or candidate.category != "relation")
    assert kept == {"relation": 20, "count": 10, "depth": 10}


def test_what_is_dropped_of_a_short_category_goes_to_the_others():
    kept = run(selection(40, relation=100, count=10, depth=100), keep=lambda candidate: candidate.category != "count")
    assert kept == {"relation": 27, "depth": 13}


def test_no_image_is_asked_about_more_often_than_wanted():
    found = [Candidate(category="count", place="a", number=n, rating=5) for n in range(5)]
    found += [Candidate(category="count", place="b", number=0, rating=1)]
    chosen = Selection(pools_of(found, {"a": 0, "b": 1}), {"count": 1.0}, total=6, per_image=2)
    assert run(chosen) == {"count": 3}


def answered(category, results, *, num_options=2, rating=5):
    """A candidate about an image of its own for each."""
    return [
        Candidate(
            category=category,
            place=f"{category}{number}",
            number=0,
            rating=rating,
            ways=((Prior(key=category, result=result, num_results=num_options),),),
        )
        for number, result in enumerate(results)
    ]


def balanced(found, *, total, weights):
    order = {candidate.place: number for number, candidate in enumerate(found)}
    return Selection(pools_of(found, order), weights, total=total, per_image=1)


def results(selection):
    return Counter(prior.result for candidate in selection.kept for prior in candidate.priors)


def test_answers_of_a_category_are_as_common_as_by_chance():
    """Of 100 extents 70 are up and down: 40 rows have 20 of each."""
    chosen = balanced(answered("extent", ["up"] * 70 + ["across"] * 30), total=40, weights={"extent": 1.0})
    run(chosen)
    assert results(chosen) == {"up": 20, "across": 20}
    assert chosen.beyond == {}


def test_of_four_options_each_answer_has_a_quarter_at_most():
    """Twos are three of four things that can be counted."""
    found = answered("count", ["2"] * 60 + ["3"] * 8 + ["4"] * 8 + ["5"] * 8, num_options=4)
    chosen = balanced(found, total=24, weights={"count": 1.0})
    run(chosen)
    assert results(chosen) == {"2": 6, "3": 6, "4": 6, "5": 6}


def test_a_category_without_rare_answers_gives_its_share_to_the_others():
    """Ten sides allow eleven ups; the other 19 rows of extents become relations."""
    found = answered("extent", ["up"] * 70 + ["across"] * 10) + answered("relation", ["left", "right"] * 50)
    chosen = balanced(found, total=80, weights={"extent": 1.0, "relation": 1.0})
    assert run(chosen) == {"extent": 21, "relation": 59}
    assert short_of(chosen) == {"extent": 19}
    assert results(chosen)["up"] == 11


def test_commoner_answers_come_where_nothing_else_is_left_and_it_is_told():
    """45 of 50 rows are there: ten sides, and ups beyond the eleven that chance allows, 35 for 23."""
    chosen = balanced(answered("extent", ["up"] * 35 + ["across"] * 10), total=50, weights={"extent": 1.0})
    assert run(chosen) == {"extent": 45}
    assert results(chosen) == {"up": 35, "across": 10}
    assert chosen.beyond == {"extent": 12}


def test_of_commoner_answers_the_least_common_come_first():
    """Chance allows one 2 and one 3; then they take turns, although there are more of one."""
    chosen = balanced(answered("count", ["2"] * 30 + ["3"] * 6, num_options=4), total=12, weights={"count": 1.0})
    run(chosen)
    assert results(chosen) == {"2": 6, "3": 6}
    assert chosen.beyond == {"count": 3}


def test_the_best_rated_come_first_whatever_their_answers():
    found = answered("count", "2345", num_options=4, rating=3)
    found += [replace(c, place=f"{c.place}+") for c in answered("count", "5432", num_options=4, rating=9)]
    chosen = balanced(found, total=4, weights={"count": 1.0})
    run(chosen)
    assert [c.place for c in chosen.kept] == ["count0+", "count1+", "count2+", "count3+"]
    rated = {"up": (9, 1), "across": (8,), "sitting": (5,)}
    found = [
        replace(*answered("posture" if name == "sitting" else "extent", [name], rating=rating), place=f"{name}{rating}")
        for name, ratings in rated.items()
        for rating in ratings
    ]
    order = {candidate.place: number for number, candidate in enumerate(found)}
    pools = pools_of([replace(candidate, category="orientation") for candidate in found], order)
    chosen = Selection(pools, {"orientation": 1.0}, total=3, per_image=1)
    run(chosen)
    assert [c.rating for c in chosen.kept] == [9, 8, 5]


def test_what_can_be_asked_both_ways_needs_no_balance_in_the_source():
    """In all of 40 pictures the first named is left; half of them are asked about from the other side."""
    sides = tuple((Prior(key="sides", result=side, num_results=2),) for side in ("left", "right"))
    found = [Candidate(category="relation", place=f"{n}", number=0, rating=5, ways=sides) for n in range(40)]
    chosen = balanced(found, total=40, weights={"relation": 1.0})
    run(chosen)
    assert results(chosen) == {"left": 20, "right": 20}
    assert sum(candidate.name.endswith("m") for candidate in chosen.kept) == 20


def test_what_is_dropped_leaves_the_balance():
    """Judges keep one up in three and every side: both are 20 in the end."""
    found = answered("extent", ["up"] * 90 + ["across"] * 30)
    chosen = balanced(found, total=40, weights={"extent": 1.0})
    run(chosen, keep=lambda candidate: candidate.priors[0].result == "across" or int(candidate.place[6:]) % 3 == 0)
    assert results(chosen) == {"up": 20, "across": 20}


def test_the_right_option_is_in_each_slot_equally_often():
    chosen = balanced(answered("count", "2345" * 10, num_options=4), total=40, weights={"count": 1.0})
    run(chosen)
    assert Counter(candidate.slot for candidate in chosen.kept) == {0: 10, 1: 10, 2: 10, 3: 10}
    assert [candidate.slot for candidate in chosen.kept] != [0, 1, 2, 3] * 10


def test_what_a_writer_thinks_up_is_in_no_balance_and_its_options_are_shuffled():
    chosen = selection(10, weights={"count": 1.0}, count=20)
    run(chosen)
    assert {candidate.slot for candidate in chosen.kept} == {None}


def test_what_was_not_kept_counts_for_nothing():
    """Two ups that were dropped: the next up is the first of its form, and may stand where they stood."""
    tally, dropped = Tally(), [replace(found, slot=0) for found in answered("extent", ["up"] * 2)]
    for found in dropped:
        tally.note(found)
    up, across = ([Prior(key="extent", result=result, num_results=2)] for result in ("up", "across"))
    assert not tally.fits(up)
    assert tally.rarest_slot(dropped[0]) == 1
    for found in dropped:
        tally.note(found, count=-1)
    assert tally.fits(up)
    tally.note(replace(dropped[0], slot=1))
    assert not tally.fits(up)
    assert tally.fits(across)
    assert tally.rarest_slot(dropped[0]) == 0
