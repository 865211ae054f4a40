"""What an evaluation asks of a replica, and what comes back: many questions to a call, each with an outcome of its own."""

from collections.abc import Sequence
from dataclasses import dataclass

from spatialrl.config import SamplingConfig
from spatialrl.errors import UserError
from spatialrl.types import Completion, Task


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    task: Task
    seed: int
    sampling: SamplingConfig


Outcome = Completion | UserError
Outcomes = Sequence[tuple[int, Outcome]]
"""Each with the place of its question in the call."""
