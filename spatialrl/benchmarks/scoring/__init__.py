"""From what a model wrote to a table: `grade` makes a sample of a response, `summarise` a summary of samples."""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from spatialrl.benchmarks.samples import Sample
from spatialrl.benchmarks.scoring.aggregates import AGGREGATES, Aggregate
from spatialrl.benchmarks.scoring.graders import GRADERS
from spatialrl.benchmarks.scoring.grading import MODES, Grade, Grader, Mode
from spatialrl.benchmarks.scoring.summary import Errors, Line, Summary, counted, summarised
from spatialrl.benchmarks.scoring.tally import Tally
from spatialrl.errors import ConfigError
from spatialrl.types import Task

__all__ = [
    "AGGREGATES",
    "GRADERS",
    "MODES",
    "Aggregate",
    "Errors",
    "Grade",
    "Grader",
    "Line",
    "Mode",
    "Summary",
    "grade",
    "summarise",
    "tally_of",
]


class Counting(Protocol):
    @property
    def name(self) -> str: ...
    @property
    def arguments(self) -> Mapping[str, Any]: ...


class Rules(Protocol):
    """What scoring asks of a benchmark."""

    @property
    def metric(self) -> str: ...
    @property
    def aggregate(self) -> Counting: ...
    @property
    def num_rows(self) -> int | None: ...


def grade(
    task: Task,
    response: str | None,
    *,
    benchmark: Rules,
    mode: Mode = "strict",
    error: str = "",
    prompt_hash: str = "",
) -> Sample:
    """`response` is None where there is none; `error` then says why. Such a sample is worth 0, and reported as an error."""
    rule = getattr(_known(benchmark.metric, GRADERS, "metric"), mode)
    failed = error or ("" if response is not None else "no response")
    grade = Grade(0.0) if failed or response is None else rule(task, response)
    return Sample(
        id=task.id,
        category=task.extra.get("category") or task.family,
        group=task.extra.get("group", ""),
        answer=task.answer,
        prompt_hash=prompt_hash,
        response=response,
        parsed=grade.parsed,
        score=grade.score,
        reason=f"error: {failed}" if failed else grade.reason,
        is_error=bool(failed),
        extra=about(task),
    )


def about(task: Task) -> dict[str, str]:
    """What aggregates and baselines want to know of a question."""
    scene = {"scene_id": task.scene_id} if task.scene_id else {}
    return {
        **task.extra,
        **scene,
        "answer_kind": task.answer_kind,
        "num_options": str(len(task.options)),
        "unit": task.unit,
    }


def summarise(samples: Sequence[Sample], *, benchmark: Rules, errors: Errors = "wrong", seed: int = 0) -> Summary:
    """`errors` says whether samples without a response are wrong answers or left out; they are counted either way."""
    tally = tally_of(samples, benchmark=benchmark, errors=errors)
    return summarised(samples, tally, errors=errors, num_expected=benchmark.num_rows or 0, seed=seed)


def tally_of(samples: Sequence[Sample], *, benchmark: Rules, errors: Errors = "wrong") -> Tally:
    aggregate = _known(benchmark.aggregate.name, AGGREGATES, "aggregate")
    return aggregate(counted(samples, errors), **benchmark.aggregate.arguments)


def _known(name: str, registry: Mapping[str, Any], what: str) -> Any:
    if name not in registry:
        raise ConfigError(f"{what} is '{name}'; there are: {', '.join(sorted(registry))}.")
    return registry[name]
