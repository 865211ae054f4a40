"""A headline beside what the benchmark gives to somebody who does not look, and the difference between the two."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from itertools import chain

from spatialrl.benchmarks.samples import Sample
from spatialrl.benchmarks.scoring import Mode, Rules, summarise, tally_of
from spatialrl.benchmarks.scoring.blind import BASELINES, blind_samples
from spatialrl.benchmarks.scoring.paired import Difference, difference

TEXT_ONLY = "text-only"


@dataclass(frozen=True, slots=True, kw_only=True)
class Lift:
    baseline: str
    """frequency, constant, chance or text-only: the model itself, every image and video shown as plain grey."""
    headline: float
    """Of the baseline, by the benchmark's own aggregate."""
    over: Difference
    """Of the model from the baseline."""


def lifts(
    samples: Sequence[Sample], *, benchmark: Rules, mode: Mode, text_only: Sequence[Sample] = (), seed: int = 0
) -> list[Lift]:
    """`text_only` are the samples of the same model with blanked media, by the same ids."""
    # One after another, so that only one of them is in memory.
    others = ((name, blind_samples(samples, baseline=name, metric=benchmark.metric, mode=mode)) for name in BASELINES)
    both = chain(others, [(TEXT_ONLY, text_only)] if text_only else [])
    found = (lift(name, blind, samples, benchmark=benchmark, seed=seed) for name, blind in both)
    return [each for each in found if each is not None]


def lift(name: str, blind: Sequence[Sample], samples: Sequence[Sample], *, benchmark: Rules, seed: int) -> Lift | None:
    """None where they have no question in common."""
    over = difference(blind, samples, tally=partial(tally_of, benchmark=benchmark), seed=seed)
    headline = summarise(blind, benchmark=benchmark, seed=seed).headline
    return Lift(baseline=name, headline=headline, over=over) if over else None
