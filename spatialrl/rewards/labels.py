"""How alike two object names are, from 0 to 1. Adding a measure is one function and one line in `SIMILARITIES`."""

from collections.abc import Callable

Similarity = Callable[[str, str], float]
"""Of two normalised labels."""


def label(object_id: str) -> str:
    """`Fire_Hydrant.2` -> `fire hydrant`."""
    name = object_id.partition(".")[0]
    return name.lower().replace("_", " ").replace("-", " ").strip()


def exact(a: str, b: str) -> float:
    return 1.0 if a == b else 0.0


SIMILARITIES: dict[str, Similarity] = {"exact": exact}
