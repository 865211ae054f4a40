"""A question before it is asked: its options have no letters yet, and what a blind reader would know is noted, so that
answers can be balanced against it.
"""

from collections.abc import Callable
from dataclasses import dataclass

from spatialrl.dice import Dice
from spatialrl.scenes.truth import Sighting, View
from spatialrl.types import AnswerKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Prior:
    """For somebody who only knows `key`, the answer is `result`. Each result is to be as frequent as any other."""

    key: str
    result: str
    num_results: int = 0
    """How many there are, where their frequencies must not differ; 0 where rare ones are only preferred."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    question: str
    subjects: tuple[Sighting, ...]
    """What the answer rests on, in the order of mention: the objects of the scene graph."""
    answer: str
    """The text of the right option, or the value."""
    options: tuple[str, ...] = ()
    """Of a choice, in any order."""
    kind: AnswerKind = "choice"
    unit: str = ""
    because: str
    """One clause that decides the question."""
    priors: tuple[Prior, ...] = ()
    related: bool = True
    """Whether relations among the subjects belong to the question."""

    @property
    def matter(self) -> tuple:
        """Two drafts with the same matter ask the same thing in other words."""
        if len(self.subjects) > 2 or not self.related:
            return (self.question,)
        return (frozenset(subject.id for subject in self.subjects), frozenset(self.options), self.unit)


Family = Callable[[View, Dice], list[Draft]]


def the(sighting: Sighting) -> str:
    return f"the {sighting.name}"
