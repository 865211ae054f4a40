"""A question before it is asked: its options have no letters yet. Drafts go through a journal, so they are plain values."""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from spatialrl.generators.records import priors
from spatialrl.generators.spatial_3d.scene import Thing
from spatialrl.generators.spatial_3d.stage import Stage
from spatialrl.scenes.questions.draft import Prior


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a family finds to ask about some things."""

    question: str
    options: tuple[str, ...]
    right: int
    """Index of the right option."""
    write: Callable[[], tuple[str, ...]]
    """The sentences of the chain of thought; called for the questions that are kept."""
    word: str = ""
    """`higher` or `lower`, `closer` or `farther`, where a question can be put both ways."""

    @property
    def answer(self) -> str:
        return self.options[self.right]

    @property
    def lines(self) -> tuple[str, ...]:
        return self.write()


Family = Callable[[Stage, Sequence[Thing], bool], Asked | None]
"""Stage, the things in the order of their roles, and whether the question is put the other way round; None in a close
call."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    question: str
    options: tuple[str, ...]
    answer: str
    thought: str
    subjects: tuple[str, ...]
    """Ids of the things it speaks of."""
    priors: tuple[Prior, ...]
    mirrored_answer: str = ""
    """In the mirrored image; empty where none is asked about."""
    mirrored_thought: str = ""

    @property
    def matter(self) -> tuple:
        """The same things in another order of mention would be the same question."""
        return (frozenset(self.subjects), frozenset(self.options))

    def to_record(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_record(cls, record: dict[str, Any]) -> "Draft":
        lists = {name: tuple(record[name]) for name in ("options", "subjects")}
        return cls(**{**record, **lists, "priors": priors(record)})
