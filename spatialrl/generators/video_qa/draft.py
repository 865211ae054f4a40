"""A question before it is asked: its options have no letters yet. Drafts go through a journal, so they are plain values."""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

from spatialrl.dice import Dice
from spatialrl.generators.records import priors
from spatialrl.generators.video_qa.scene import Scene
from spatialrl.scenes.questions.draft import Prior
from spatialrl.types import AnswerKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    question: str
    answer: str
    """The text of the right option, or the value."""
    options: tuple[str, ...] = ()
    kind: AnswerKind = "choice"
    unit: str = ""
    thought: str
    priors: tuple[Prior, ...] = ()

    @property
    def matter(self) -> tuple:
        return (self.question,)

    def to_record(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_record(cls, record: dict[str, Any]) -> "Draft":
        return cls(**{**record, "options": tuple(record["options"]), "priors": priors(record)})


Family = Callable[[Scene, Dice], list[Draft]]
