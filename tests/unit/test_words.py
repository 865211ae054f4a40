import pytest

from spatialrl.errors import ConfigError
from spatialrl.words import call_with_words, read_words


def paint(*, folder: str, size: int = 1) -> str:
    return f"{folder}/{size}"


def test_values_are_what_they_look_like():
    assert read_words(["size=3", "families=[a, b]", "name=room"]) == {"size": 3, "families": ["a", "b"], "name": "room"}


def test_an_argument_that_does_not_exist_is_named_with_the_nearest():
    with pytest.raises(ConfigError, match="Did you mean size"):
        call_with_words(paint, {"sise": 3}, folder="x")


def test_a_missing_argument_is_named():
    with pytest.raises(ConfigError, match=r"folder=\.\.\. is missing"):
        call_with_words(paint, {"size": 3})
