"""Tiny questions, samples and rules."""

from dataclasses import dataclass, field
from typing import Any

from spatialrl.benchmarks.samples import Sample
from spatialrl.types import Task


@dataclass(frozen=True)
class Counting:
    name: str = "mean"
    arguments: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Rules:
    metric: str = "choice"
    aggregate: Counting = field(default_factory=Counting)
    num_rows: int | None = None


def choice(answer: str = "B", options: tuple[str, ...] = ("left", "right"), **extra: str) -> Task:
    return Task(id="q", question="?", options=options, answer=answer, answer_kind="choice", extra=extra)


def number(answer: str = "4", unit: str = "", **extra: str) -> Task:
    return Task(id="q", question="?", answer=answer, answer_kind="number", unit=unit, extra=extra)


def text(answer: str, **extra: str) -> Task:
    return Task(id="q", question="?", answer=answer, answer_kind="text", extra=extra)


def sample(score: float, *, id: str = "q", category: str = "", group: str = "", **extra: str) -> Sample:
    return Sample(id=id, category=category, group=group, answer="A", response="A", parsed="A", score=score, extra=extra)


def error(*, id: str = "q", category: str = "", group: str = "", **extra: str) -> Sample:
    return Sample(
        id=id, category=category, group=group, answer="A", response=None, score=0.0, is_error=True,
        reason="error: no video", extra=extra,
    )  # fmt: skip
