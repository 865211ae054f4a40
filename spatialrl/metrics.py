"""Numbers about a step: names are `section/name`, and each is reduced where it is made."""

import time
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from statistics import fmean, pstdev

from spatialrl.trace import Trace
from spatialrl.types import Group, Scored, StepReport, Trajectory, Unscored


class Stopwatch:
    """Seconds of each phase of a step, also drawn on the trace."""

    def __init__(self, trace: Trace) -> None:
        self.trace = trace
        self.seconds: dict[str, float] = {}

    @contextmanager
    def phase(self, name: str) -> Iterator[None]:
        start = time.monotonic()
        with self.trace.span("trainer", name):
            yield
        self.seconds[f"time/{name}_s"] = self.seconds.get(f"time/{name}_s", 0.0) + time.monotonic() - start

    def total(self) -> dict[str, float]:
        return self.seconds | {"time/step_s": sum(self.seconds.values())}


def group_metrics(groups_P: Sequence[Group]) -> dict[str, float]:
    """What the model wrote in a step and what it was worth; nothing where every task was dropped."""
    if not groups_P:
        return {}
    trajectories = [trajectory for group in groups_P for trajectory in group.trajectories_G]
    return (
        score_metrics(trajectories)
        | rollout_metrics(trajectories)
        | {"rollout/groups_with_signal": fmean(has_signal(group) for group in groups_P)}
        | twin_metrics(groups_P)
    )


def score_metrics(trajectories: Sequence[Trajectory]) -> dict[str, float]:
    scores = [t.score for t in trajectories if isinstance(t.score, Scored)]
    codes = Counter(t.score.code for t in trajectories if isinstance(t.score, Unscored))
    metrics = {"reward/unscored": float(codes.total())}
    metrics |= {f"reward/unscored/{code}": float(number) for code, number in sorted(codes.items())}
    if not scores:
        return metrics
    rewards = [score.reward for score in scores]
    metrics |= {"reward/mean": fmean(rewards), "reward/std": pstdev(rewards)}
    names = sorted({name for score in scores for name in score.parts})
    return metrics | {f"reward/{name}": fmean(score.parts.get(name, 0.0) for score in scores) for name in names}


def rollout_metrics(trajectories: Sequence[Trajectory]) -> dict[str, float]:
    lengths = [len(t.completion.token_ids) for t in trajectories]
    return {
        "rollout/completions": float(len(trajectories)),
        "rollout/completion_tokens": float(sum(lengths)),
        "rollout/completion_tokens_mean": fmean(lengths),
        "rollout/completion_tokens_max": float(max(lengths)),
        "rollout/truncated": fmean(t.completion.finish_reason == "length" for t in trajectories),
    }


def has_signal(group: Group) -> bool:
    return any(t.advantage != 0.0 for t in group.trajectories_G)


def twin_metrics(groups_P: Sequence[Group]) -> dict[str, float]:
    """How many tasks were compared with a twin, and what twins that do not learn were worth."""
    beside = [t.score.reward for group in groups_P for t in group.beside if isinstance(t.score, Scored)]
    share = {"rollout/tasks_with_twin": fmean(has_twin(group) for group in groups_P)}
    return share | ({"reward/beside_mean": fmean(beside)} if beside else {})


def has_twin(group: Group) -> bool:
    return any(t.task.id != group.task.id for t in (*group.trajectories_G, *group.beside))


def update_metrics(reports: Sequence[StepReport]) -> dict[str, float]:
    """Over the updates of one step: means are averaged, maxima stay maxima."""
    means = {name: fmean(r.means[name] for r in reports if name in r.means) for name in union(r.means for r in reports)}
    maxima = {
        name: max(r.maxima[name] for r in reports if name in r.maxima) for name in union(r.maxima for r in reports)
    }
    return means | maxima


def union(mappings: Iterable[Mapping[str, float]]) -> list[str]:
    return sorted({name for mapping in mappings for name in mapping})
