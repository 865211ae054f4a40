"""What a grader is: one question and one response in, a grade out.

Every grader has two rules. `official` is the published rule to the letter, so that published tables can be checked;
`strict` reads the answer with the parser of the rewards and corrects what is wrong with the official rule. Neither ever
gives something for an empty response, unless the published rule does.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from spatialrl.types import Task

Mode = Literal["official", "strict"]
MODES: tuple[Mode, ...] = ("official", "strict")


@dataclass(frozen=True, slots=True)
class Grade:
    score: float
    """0 to 1."""
    parsed: str | None = None
    """What the response was read as; None where it was not read."""
    reason: str = ""
    """Why it was not read."""


Rule = Callable[[Task, str], Grade]
"""Total: any text gives a grade."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Grader:
    official: Rule
    strict: Rule
    source: str
    """Whose rule `official` is."""
    corrects: str
    """What `strict` does otherwise."""


def graded(score: float, parsed: object) -> Grade:
    return Grade(float(score), str(parsed))


def unread(reason: str) -> Grade:
    return Grade(0.0, None, reason)
