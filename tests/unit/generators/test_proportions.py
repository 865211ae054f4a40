from spatialrl.generators.proportions import counts_in_proportion


def test_counts_add_up_and_the_largest_rests_are_rounded_up():
    """5.6, 0.7 and 0.7 of 7."""
    assert counts_in_proportion(7, {"a": 80, "b": 10, "c": 10}) == {"a": 5, "b": 1, "c": 1}
    assert counts_in_proportion(0, {"a": 1, "b": 1}) == {"a": 0, "b": 0}


def test_none_gets_less_than_the_least():
    """Of 10 one each; the other seven as 5.6, 0.7 and 0.7."""
    assert counts_in_proportion(10, {"a": 80, "b": 10, "c": 10}, least=1) == {"a": 6, "b": 2, "c": 2}
    assert counts_in_proportion(3, {"a": 80, "b": 1, "c": 1}, least=1) == {"a": 1, "b": 1, "c": 1}
