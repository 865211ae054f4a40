"""Which things of an image a question may name: those whose name means them alone, and can stand in the sentences of a
chain of thought without being read as anything else.
"""

import re
from collections.abc import Sequence

NAME = re.compile(r"[a-z0-9]+(?:[ -][a-z0-9]+)*")
LONGEST = 60
"""Characters."""
_TAKEN = """
camera and to is of from the between front back behind rear left right above over below under beneath
underneath near next close adjacent beside far away apart parallel perpendicular same similar opposite
different yes no lower lowest shorter closer closest nearer nearest higher highest taller farther further
farthest furthest top
"""
TAKEN = frozenset(_TAKEN.split())
"""Words by which questions, options and numbers are told apart."""


def plain_name(text: str) -> str:
    """In lower case, with single spaces: `Swivel_chair` -> `swivel chair`."""
    return " ".join(text.lower().replace("_", " ").split())


def why_not_named(index: int, names: Sequence[str]) -> str:
    """Why a question can't speak of a thing by its name; empty where it can. `names` are those of every thing in the image,
    also of those that are barely seen."""
    name = names[index]
    if not NAME.fullmatch(name) or len(name) > LONGEST:
        return f"its name '{name[:LONGEST]}' is not made of plain words"
    if taken := TAKEN & set(re.split(r"[ -]", name)):
        return f"its name has the word '{min(taken)}', which questions need for themselves"
    for place, other in enumerate(names):
        if place != index and (f" {name} " in f" {other} " or f" {other} " in f" {name} "):
            return f"'{name}' may mean another thing as well, '{other}'"
    return ""
