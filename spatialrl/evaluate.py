"""Held-out tasks, answered greedily and scored by the training reward."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from spatialrl.collect import Collector
from spatialrl.config import SamplingConfig
from spatialrl.metrics import score_metrics
from spatialrl.types import Task, Trajectory


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluation:
    metrics: Mapping[str, float]
    trajectories: tuple[Trajectory, ...]


async def evaluate(collector: Collector, tasks: Sequence[Task], *, max_tokens: int) -> Evaluation:
    greedy = SamplingConfig(temperature=0.0, max_tokens=max_tokens)
    groups = await collector.collect(tasks, num_completions=1, sampling=greedy, seed=0)
    trajectories = tuple(group.trajectories_G[0] for group in groups)
    baseline = {"baseline/most_frequent": most_frequent(tasks)}
    metrics = score_metrics(trajectories) | baseline | collector.metrics()
    return Evaluation(metrics=metrics, trajectories=trajectories)


def most_frequent(tasks: Sequence[Task]) -> float:
    """Accuracy of the best answer that never looks: for each set of options the one most often right."""
    answers: dict[frozenset[str], Counter[str]] = defaultdict(Counter)
    for task in tasks:
        answers[frozenset(task.options)][task.answer_text] += 1
    return sum(max(counts.values()) for counts in answers.values()) / len(tasks)


def blanked(tasks: Sequence[Task]) -> list[Task]:
    """The same questions with every image and video shown as plain grey."""
    return [
        replace(task, id=f"{task.id}/blank", media=tuple(replace(medium, blank=True) for medium in task.media))
        for task in tasks
    ]
