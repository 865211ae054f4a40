"""A task, and what somebody knows of its answer who has read the question and not seen the image."""

from dataclasses import dataclass

from spatialrl.bench.integrity.chain import Stage
from spatialrl.types import Task


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    task: Task
    candidates: tuple[str, ...] = ()
    """The answers the question leaves open, written as `Task.answer` is; empty where it names none."""
    things: tuple[str, ...] = ()
    """Explicit 3D: the things the chain of thought speaks of, in the order of their roles."""
    stage: Stage | None = None
    """And where they are."""
    honest: str = ""
    """What the honest policy answers, where that is not `Task.answer`: a point on the true mask."""

    @property
    def truth(self) -> str:
        return self.honest or self.task.answer
