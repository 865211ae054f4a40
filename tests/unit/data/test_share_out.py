import pytest

from spatialrl.data.share_out import proportional, share_out
from spatialrl.errors import DataError


def test_each_gets_what_is_wanted_where_there_is_enough():
    shares = share_out([str(n) for n in range(20)], {"train": 5, "test": 3}, seed=1, place="here")
    assert {name: len(scenes) for name, scenes in shares.items()} == {"train": 5, "test": 3}
    assert not set(shares["train"]) & set(shares["test"])


def test_else_they_share_in_proportion_and_each_has_one():
    """Of 10: one each, and the other seven as 80 to 10 to 10, which is 5.6, 0.7 and 0.7."""
    assert proportional(10, {"train": 80, "validation": 10, "test": 10}) == {"train": 6, "validation": 2, "test": 2}
    assert proportional(3, {"train": 80, "validation": 1, "test": 1}) == {"train": 1, "validation": 1, "test": 1}


def test_the_shares_depend_on_the_seed_and_not_on_the_order():
    names = [str(n) for n in range(20)]
    once = share_out(names, {"train": 8, "test": 8}, seed=1, place="here")
    assert once == share_out(names[::-1], {"train": 8, "test": 8}, seed=1, place="here")
    assert once != share_out(names, {"train": 8, "test": 8}, seed=2, place="here")


def test_fewer_scenes_than_files_are_refused():
    with pytest.raises(DataError, match="here has 1 scenes for 2 files"):
        share_out(["a"], {"train": 1, "test": 1}, seed=1, place="here")
