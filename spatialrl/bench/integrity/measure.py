"""Every policy before every judge: what it earns on average, beside what honesty earns."""

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from spatialrl.bench.integrity.case import Case
from spatialrl.bench.integrity.guess import Prior
from spatialrl.bench.integrity.item import Item
from spatialrl.bench.integrity.judges import Judge
from spatialrl.bench.integrity.oracles import honest, noisy
from spatialrl.bench.integrity.policies import POLICIES
from spatialrl.bench.integrity.policy import Earns
from spatialrl.bench.integrity.rooms import Rooms, typical_box
from spatialrl.bench.integrity.tasks import tasks_of
from spatialrl.types import Completion, Scored

FREE = 0.1
"""Of the oracle's mean: what the form may pay."""
LEAST_NOISY = 0.8
NOISY = "honest, 10 % noise"
SLACK = 1e-9


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    reward: str
    kind: str
    policy: str
    mean: float
    oracle: float
    noisy: float
    guess_rate: float
    bound: float
    """Of `share`: from above for cheap policies, from below for the honest one with noise."""
    is_bound: bool

    @property
    def share(self) -> float:
        return self.mean / self.oracle

    @property
    def margin(self) -> float:
        return self.share - self.bound if self.policy == NOISY else self.bound - self.share

    @property
    def holds(self) -> bool:
        return self.margin >= -SLACK


class Suite:
    """Tasks are made once per kind."""

    def __init__(self, *, seed: int, num_tasks: int) -> None:
        self._rooms = Rooms(f"integrity-{seed}")
        self._typical_box = typical_box(self._rooms)
        self._num_tasks = num_tasks
        self._priors: dict[str, Prior] = {}

    @property
    def priors(self) -> list[Prior]:
        """Of the kinds that were asked for."""
        return list(self._priors.values())

    def prior(self, kind: str) -> Prior:
        if kind not in self._priors:
            items = tasks_of(kind, self._rooms, self._num_tasks)
            self._priors[kind] = Prior(kind, items, self._typical_box)
        return self._priors[kind]

    def rows(self, judges: Iterable[Judge]) -> Iterator[Row]:
        for judge in judges:
            for kind in judge.kinds:
                yield from self._rows(judge, self.prior(kind))

    def _rows(self, judge: Judge, prior: Prior) -> Iterator[Row]:
        bench = Bench(judge)
        oracle = bench.mean((item, [honest(item, judge.style)]) for item in prior.items)
        blurred = bench.mean((item, [noisy(item, judge.style)]) for item in prior.items)
        guess_rate = prior.guess_rate if judge.answers else 0.0

        def row(policy: str, mean: float, bound: float) -> Row:
            return Row(
                reward=judge.name,
                kind=prior.kind,
                policy=policy,
                mean=mean,
                oracle=oracle,
                noisy=blurred,
                guess_rate=guess_rate,
                bound=bound,
                is_bound=judge.is_bound,
            )

        for name, policy in POLICIES.items():
            cases = [Case(item, prior, judge.style, name, judge.knows_answer) for item in prior.items]
            if all(map(policy.fits, cases)) and (policy.about or not judge.knows_answer):
                ways = zip(*(policy.write(case) for case in cases), strict=True)
                best = max(bench.mean(zip(prior.items, way, strict=True)) for way in ways)
                yield row(name, best, bound_of(policy.earns, guess_rate))
        yield row(NOISY, blurred, LEAST_NOISY)


class Bench:
    """A judge that remembers: several policies write the same."""

    def __init__(self, judge: Judge) -> None:
        self._judge = judge
        self._rewards: dict[tuple[str, str], float] = {}

    def mean(self, written: Iterable[tuple[Item, Sequence[str]]]) -> float:
        """Over the tasks, of the mean over what is written for each. What can't be scored is worth 0."""
        means = [math.fsum(self._reward(item, text) for text in texts) / len(texts) for item, texts in written]
        return math.fsum(means) / len(means)

    def _reward(self, item: Item, text: str) -> float:
        key = (item.task.id, text)
        if key not in self._rewards:
            score = self._judge.score(item.task, Completion(prompt_ids=(), token_ids=(), text=text))
            self._rewards[key] = score.reward if isinstance(score, Scored) else 0.0
        return self._rewards[key]


def bound_of(earns: Earns, guess_rate: float) -> float:
    return {"nothing": 0.0, "form": FREE, "guess": FREE + guess_rate}[earns]
