import pytest

from spatialrl.errors import DataError
from spatialrl.generators.scene_splits import split_scenes

TWENTY = [str(number) for number in range(20)]


def test_each_file_gets_the_scenes_it_wants_where_there_are_enough():
    found = split_scenes(TWENTY, {"train": 5, "test": 3}, seed=1, place="here")
    assert {name: len(scenes) for name, scenes in found.items()} == {"train": 5, "test": 3}
    assert not set(found["train"]) & set(found["test"])


def test_else_all_scenes_are_split_in_that_proportion():
    """Of 20: one each, and the other 17 as 80 to 10 to 10, which is 13.6, 1.7 and 1.7."""
    found = split_scenes(TWENTY, {"train": 80, "validation": 10, "test": 10}, seed=1, place="here")
    assert {name: len(scenes) for name, scenes in found.items()} == {"train": 14, "validation": 3, "test": 3}
    assert sorted(scene for scenes in found.values() for scene in scenes) == sorted(TWENTY)


def test_the_split_depends_on_the_seed_and_not_on_the_order():
    once = split_scenes(TWENTY, {"train": 8, "test": 8}, seed=1, place="here")
    assert once == split_scenes(TWENTY[::-1], {"train": 8, "test": 8}, seed=1, place="here")
    assert once != split_scenes(TWENTY, {"train": 8, "test": 8}, seed=2, place="here")


def test_fewer_scenes_than_files_are_refused():
    with pytest.raises(DataError, match="here has 1 scenes for 2 files"):
        split_scenes(["a"], {"train": 1, "test": 1}, seed=1, place="here")
