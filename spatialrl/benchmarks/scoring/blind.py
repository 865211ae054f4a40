"""What a benchmark gives to somebody who does not look: samples with the scores of answers that only know the questions.

    frequency   for each category the one answer that scores best, as VSI-Bench's published frequency baseline
    constant    the one answer that scores best over all questions of a kind
    chance      a guess among the options; a number is not guessed

Both of the first know the answers of the very questions they are measured on. They go through the same aggregate as a model's
samples, so that a circular headline is compared with a circular baseline.
"""

from collections import Counter, defaultdict
from collections.abc import Hashable, Sequence
from dataclasses import replace
from typing import Literal

import numpy as np

from spatialrl.benchmarks.samples import Sample
from spatialrl.benchmarks.scoring.graders import GRADERS
from spatialrl.benchmarks.scoring.grading import Mode, Rule
from spatialrl.benchmarks.scoring.members import num_options
from spatialrl.rewards.mra import NUM_STEPS, OFFICIAL_TOLERANCES
from spatialrl.rewards.parse import Number, number
from spatialrl.types import Task

Baseline = Literal["frequency", "constant", "chance"]
BASELINES: tuple[Baseline, ...] = ("frequency", "constant", "chance")

MRA_METRICS = ("vsi", "vsi_spacer", "vsi_spatial_ssrl", "number", "spar_bench", "kinds")
"""Under which numbers earn their mean relative accuracy, of many answers at once."""
MOST_CANDIDATES = 200
"""Answers that are tried for numbers under other rules."""
ROUNDING = 1e-12


def blind_samples(samples: Sequence[Sample], *, baseline: Baseline, metric: str, mode: Mode) -> list[Sample]:
    """The same questions in their order. Errors count like the rest: a baseline has no video that could be missing."""
    if baseline == "chance":
        return [_scored(sample, chance_of(sample), "") for sample in samples]
    groups: dict[Hashable, list[int]] = defaultdict(list)
    for index, sample in enumerate(samples):
        groups[_kind(sample, baseline)].append(index)
    found: dict[int, Sample] = {}
    for indices in groups.values():
        members = [samples[index] for index in indices]
        answer, scores = best_answer(members, metric=metric, mode=mode)
        found |= {index: _scored(samples[index], score, answer) for index, score in zip(indices, scores, strict=True)}
    return [found[index] for index in range(len(samples))]


def chance_of(sample: Sample) -> float:
    return 1 / num_options(sample) if num_options(sample) else 0.0


def best_answer(samples: Sequence[Sample], *, metric: str, mode: Mode) -> tuple[str, list[float]]:
    """The answer of one of the samples that scores best on all of them, and its scores."""
    values = [value.value for sample in samples if isinstance(value := number(sample.answer), Number)]
    if samples[0].extra.get("answer_kind") != "number" or len(values) < len(samples):
        return _commonest(samples)
    by_mra = metric in MRA_METRICS or (metric == "scenes" and bool(samples[0].extra.get("unit")))
    return _best_mra(np.array(values), mode) if by_mra else _best_tried(samples, GRADERS[metric].strict)


def _commonest(samples: Sequence[Sample]) -> tuple[str, list[float]]:
    answers = [sample.answer.strip().lower() for sample in samples]
    counts = Counter(answers)
    best = min(counts, key=lambda answer: (-counts[answer], answer))
    return best, [float(answer == best) for answer in answers]


def _best_mra(truths: np.ndarray, mode: Mode) -> tuple[str, list[float]]:
    tolerances = np.array(OFFICIAL_TOLERANCES) if mode == "official" else 0.05 * np.arange(1, NUM_STEPS + 1) + ROUNDING
    tried = [(mean_relative_accuracies(guess, truths, tolerances), guess) for guess in np.unique(truths)]
    scores, best = max(tried, key=lambda pair: pair[0].mean())
    return f"{best:g}", scores.tolist()


def _best_tried(samples: Sequence[Sample], rule: Rule) -> tuple[str, list[float]]:
    """By the grader itself, told the number as a model would write it."""
    tasks = [task_of(sample) for sample in samples]
    commonest = Counter(sample.answer for sample in samples).most_common(MOST_CANDIDATES)
    unit = samples[0].extra.get("unit", "")
    tried = [([rule(task, f"{answer} {unit}".strip()).score for task in tasks], answer) for answer, _ in commonest]
    scores, best = max(tried, key=lambda pair: sum(pair[0]))
    return best, scores


def task_of(sample: Sample) -> Task:
    """As much of the question as a sample keeps; enough for numbers."""
    return Task(
        id=sample.id,
        question="",
        answer=sample.answer,
        answer_kind="number",
        unit=sample.extra.get("unit", ""),
        extra=sample.extra,
    )


def mean_relative_accuracies(guess: float, truths: np.ndarray, tolerances: np.ndarray) -> np.ndarray:
    """MRA of one guess for many targets; a target of 0 is met or missed."""
    with np.errstate(divide="ignore", invalid="ignore"):
        errors = np.where(truths == 0, np.where(guess == 0, 0.0, np.inf), np.abs(guess - truths) / np.abs(truths))
    return (errors[:, None] <= tolerances).mean(axis=1)


def _kind(sample: Sample, baseline: Baseline) -> tuple[str, ...]:
    kind = sample.extra.get("answer_kind", "")
    return (kind, sample.extra.get("unit", "")) if baseline == "constant" else (kind, sample.category)


def _scored(sample: Sample, score: float, answer: str) -> Sample:
    return replace(sample, score=score, parsed=answer, response=answer, reason="", is_error=False)
