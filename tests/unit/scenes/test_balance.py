from spatialrl.scenes.balance import Ledger
from spatialrl.scenes.questions.draft import Draft, Prior


def draft(answer, *, question="", results=2):
    return Draft(
        question=question or answer,
        subjects=(),
        answer=answer,
        options=("yes", "no"),
        because="",
        priors=(Prior(key="k", result=answer, num_results=results),),
        related=False,
    )


def test_an_answer_waits_until_its_opposite_has_been_asked():
    ledger = Ledger()
    assert [d.answer for _, d in ledger.choose({"f": [draft("yes"), draft("yes", question="again")]}, 2)] == ["yes"]
    assert ledger.choose({"f": [draft("yes")]}, 1) == []
    assert [d.answer for _, d in ledger.choose({"f": [draft("yes"), draft("no")]}, 1)] == ["no"]


def test_without_a_number_of_results_the_rarest_is_preferred_and_none_refused():
    ledger = Ledger()
    for _ in range(3):
        assert ledger.choose({"f": [draft("yes", results=0)]}, 1)
    assert ledger.choose({"f": [draft("yes", results=0), draft("no", results=0)]}, 1)[0][1].answer == "no"


def test_families_take_turns():
    ledger = Ledger()
    drafts = {"a": [draft("yes", results=0)], "b": [draft("yes", results=0, question="other")]}
    assert [ledger.choose(drafts, 1)[0][0] for _ in range(4)] == ["a", "b", "a", "b"]


def test_the_right_option_is_at_each_letter_equally_often():
    ledger = Ledger()
    places = [ledger.place_options(f"task-{i}", "f", draft("yes")).index("yes") for i in range(10)]
    assert places.count(0) == places.count(1) == 5


def test_options_stay_the_same_words():
    assert sorted(Ledger().place_options("task", "f", draft("yes"))) == ["no", "yes"]


def test_unshuffled_options_stand_in_one_order_everywhere():
    ledger = Ledger(options="fixed")
    assert {ledger.place_options(f"task-{i}", "f", draft("no")) for i in range(10)} == {("yes", "no")}
