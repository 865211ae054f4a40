"""A question that may become a row, with what somebody who does not see the picture would guess by. Nothing else of it is in
memory while the rows are chosen.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from spatialrl.scenes.questions.draft import Prior

Ways = tuple[tuple[Prior, ...], ...]
"""Of each way to ask, what a blind reader would know. Equal ones are one object."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    category: str
    place: str
    """Of its graph, in the source."""
    number: int
    """Among the questions of its category about this graph, the best is 0."""
    rating: int
    ways: Ways = ()
    """Empty where a writer is still to think it up."""
    way: int = 0
    """Which of them is asked."""
    slot: int | None = None
    """Of the right option; None: wherever the options' own order puts it."""

    @property
    def name(self) -> str:
        return f"{self.place}#{self.category}-{self.number}{'m' * self.way}"

    @property
    def priors(self) -> tuple[Prior, ...]:
        """Of the way in which it is asked."""
        return self.ways[self.way] if self.ways else ()

    @property
    def num_options(self) -> int:
        """0 where nobody knows yet."""
        return self.priors[0].num_results if self.priors else 0


def ways_of(record: Sequence[Sequence[Sequence[Any]]]) -> Ways:
    """As a journal gives them back."""
    return tuple(
        tuple(Prior(key=key, result=result, num_results=number) for key, result, number in way) for way in record
    )
