"""A headline beside what the benchmark gives to somebody who does not look, and the difference between the two."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

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
    blind = {name: blind_samples(samples, baseline=name, metric=benchmark.metric, mode=mode) for name in BASELINES}
    both = {**blind, **({TEXT_ONLY: list(text_only)} if text_only else {})}
    tally = partial(tally_of, benchmark=benchmark)
    found = {name: difference(others, samples, tally=tally, seed=seed) for name, others in both.items()}
    headlines = {name: summarise(others, benchmark=benchmark, seed=seed).headline for name, others in both.items()}
    return [Lift(baseline=name, headline=headlines[name], over=over) for name, over in found.items() if over]
