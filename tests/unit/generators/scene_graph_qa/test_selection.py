from collections import Counter

from spatialrl.generators.scene_graph_qa.balance import Candidate, Selection, pools_of, short_of

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
