"""What a task makes of a picture, and what it says when it can't."""

from dataclasses import dataclass, field
from pathlib import Path

from PIL import Image

from spatialrl.types import AnswerKind


class Unfit(Exception):
    """Nothing is wrong with the file, but its picture does not answer this question: one reason, without a subject."""


class Damaged(Exception):
    """A file can't be used for anything: its path and one reason."""

    def __init__(self, path: str, reason: str) -> None:
        super().__init__(path, reason)
        self.path, self.reason = path, reason

    def __str__(self) -> str:
        return f"{self.path}: {self.reason}"

    def told_from(self, root: Path) -> "Damaged":
        """With paths as they are below a folder, so that the words are the same wherever it is."""
        start = f"{root.as_posix()}/"
        return Damaged(self.path.removeprefix(start), self.reason.replace(start, ""))


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    images: tuple[Image.Image, ...]
    text: str
    options: tuple[str, ...] = ()
    answer: str
    """The letter of the right option, where there are options."""
    answer_kind: AnswerKind
    because: str
    """How the answer follows from the picture."""
    facts: dict[str, str] = field(default_factory=dict)
    """How it was built."""
