"""A question before it becomes a row: its options are not in their order yet, and its words may still change."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from spatialrl.scenes.questions.draft import Prior
from spatialrl.types import Relation

LEVELS = ("easy", "medium", "hard")
EASY_FROM, HARD_BELOW = 0.6, 0.3
"""Of clarity."""
WELL_SEEN = 0.08
"""Share of the picture from which an object counts as large."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    category: str
    form: str = ""
    """Of a category that asks for several things: which of them. Answers are balanced in each."""
    question: str
    right: str
    wrong: tuple[str, ...]
    """Each of them false."""
    things: tuple[str, ...]
    """Ids the question turns on."""
    relations: tuple[Relation, ...] = ()
    names: tuple[str, ...] = ()
    """Words that a paraphrase has to keep."""
    clarity: float
    """0 to 1: how far the answer is from being a matter of opinion, and how well its objects are seen."""
    given_rating: int = 0
    """By whoever wrote it; 0: by its clarity."""
    mirrored: "Draft | None" = None
    """Asks the same the other way round, so that the answer is the other one of two."""

    @property
    def ways(self) -> "tuple[Draft, ...]":
        return (self, self.mirrored) if self.mirrored else (self,)

    @property
    def priors(self) -> Iterator[Prior]:
        """By the right words, and of two options that the question names by which one it names first."""
        key = f"{self.category} {self.form}".strip()
        yield Prior(key=key, result=self.right, num_results=1 + len(self.wrong))
        places = [re.search(rf"\b{re.escape(option)}\b", self.question) for option in (self.right, *self.wrong)]
        if len(places) == 2 and places[0] and places[1]:
            is_first = places[0].start() < places[1].start()
            yield Prior(key=f"{key} by place", result="first" if is_first else "second", num_results=2)

    @property
    def rating(self) -> int:
        """1 to 10."""
        if self.given_rating:
            return self.given_rating
        return 1 + round(9 * max(0.0, min(1.0, self.clarity)))

    @property
    def level(self) -> str:
        return "easy" if self.clarity >= EASY_FROM else "hard" if self.clarity < HARD_BELOW else "medium"


class Dropped(Exception):
    """A question that is of no use: one reason. `kind` is what such questions are counted by."""

    def __init__(self, kind: str, reason: str) -> None:
        super().__init__(reason)
        self.kind = kind


def of_two(draft: Draft, question: str, names: tuple[str, str]) -> Draft:
    """Asked with the names in either order; one of them is right."""
    ways = [replace(draft, question=question.format(*order), names=order) for order in (names, names[::-1])]
    return replace(ways[0], mirrored=ways[1])


def clarity(margin: float, smallest_share: float) -> float:
    """The mean of how wide the margin is and how large the smallest object; both are cut to 0 to 1."""
    seen = min(1.0, (smallest_share / WELL_SEEN) ** 0.5)
    return (max(0.0, min(1.0, margin)) + seen) / 2
