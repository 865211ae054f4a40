import pytest

from spatialrl.bench.commonest import constant
from spatialrl.types import Task


def choice(answer, options=("left", "right"), question="Where is it?"):
    return Task(id="a", question=question, options=options, answer=answer, answer_kind="choice")


def test_the_commonest_words_count_where_they_are_commoner_than_letters():
    """Letters two and two, words three and one."""
    tasks = [choice("A"), choice("A"), choice("B", ("right", "left")), choice("B")]
    found = constant(tasks)
    assert (found.chance, found.share) == (0.5, 0.75)


def test_of_two_names_the_place_in_the_question_counts():
    tasks = [choice("A", ("the cup", "the box"), "Is it the cup or the box?")] * 2
    tasks.append(choice("B", ("the bed", "the tv"), "Is it the tv or the bed?"))
    tasks.append(choice("A", ("the lamp", "the rug"), "Is it the rug or the lamp?"))
    assert constant(tasks).share == 0.75


def test_of_orders_each_that_occurs_is_as_likely():
    tasks = [Task(id="a", question="In which order?", answer=a, answer_kind="sequence") for a in ("1-0", "0-1", "1-0")]
    found = constant(tasks)
    assert (found.chance, found.share) == (0.5, pytest.approx(2 / 3))


def test_of_numbers_the_best_constant_counts():
    """4 earns 1, 0.7 and 0.1; 5 earns 0.6, 1 and 0.3, which is more; 8 earns 0, 0 and 1."""
    tasks = [Task(id="a", question="How many?", answer=str(n), answer_kind="number") for n in (4, 5, 8)]
    assert constant(tasks).share == pytest.approx(1.9 / 3)
