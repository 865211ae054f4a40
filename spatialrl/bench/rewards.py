"""`spatialrl bench suite=rewards`: how many responses a second of CPU time scores, from the text to the score, in one
process and one thread. SpatialThinker's numbers against its own algorithm, and the corrected presets.
"""

import math
import sys
import time
from collections.abc import Callable, Sequence
from functools import partial
from statistics import median
from typing import Any

from spatialrl.bench.presets import ANSWERS
from spatialrl.bench.published import match_objects, published_parts, published_reward
from spatialrl.bench.responses import Sample, scene_samples
from spatialrl.compose import load_config
from spatialrl.rewards import REWARDS, score_batch
from spatialrl.rewards.spatialthinker_compat import spatialthinker_compat_batch
from spatialrl.types import Score, Scored

SETTINGS = {
    "8 answers to a task, all right": (8, 1.0),
    "8 answers to a task, half of them right": (8, 0.5),
    "1 answer to a task, all right": (1, 1.0),
}
"""Name to the number of answers that share a task, and the share of right ones."""
SAME = 1e-12


def rewards(*, num_samples: int = 2000, num_objects: int = 10, num_relations: int = 5, rounds: int = 5) -> None:
    """The two sides of a line take turns; medians of the rounds are shown."""
    say(
        f"Samples per second of CPU time, from text to score; {num_samples} responses, median of {rounds} rounds.\n\n"
        f"{f'SpatialThinker, {num_objects} objects, {num_relations} relations, exact labels':50}"
        f"{'published':>12}{'ours':>12}{'ratio':>9}"
    )
    for name, (per_task, right_share) in SETTINGS.items():
        samples = scene_samples(
            num_samples,
            per_task=per_task,
            num_objects=num_objects,
            num_relations=num_relations,
            right_share=right_share,
        )
        check_same(samples)
        published_s, ours_s = medians([partial(published, samples), partial(ours, samples)], rounds)
        say(f"{name:50}{num_samples / published_s:>12,.0f}{num_samples / ours_s:>12,.0f}{published_s / ours_s:>9.1f}")
    say(f"\n{'Corrected presets':50}{'one by one':>12}{'batch':>12}{'ratio':>9}")
    for name, answers in ANSWERS.items():
        one_s, batch_s = medians(preset_sides(name, answers(num_samples)), rounds)
        say(f"{name:50}{num_samples / one_s:>12,.0f}{num_samples / batch_s:>12,.0f}{one_s / batch_s:>9.1f}")


def check_same(samples: Sequence[Sample]) -> None:
    """Both sides compute the same numbers, or the comparison says nothing."""
    for sample, parts, score in zip(samples, published(samples), ours(samples), strict=True):
        assert isinstance(score, Scored), f"{sample.task.id}: {score}"
        expected = {"reward": published_reward(parts), **parts}
        found = {"reward": score.reward, **score.parts}
        assert expected.keys() == found.keys()
        for name, value in expected.items():
            assert math.isclose(value, found[name], rel_tol=SAME, abs_tol=SAME), f"{sample.task.id} {name}: {value}"


def published(samples: Sequence[Sample]) -> list[dict[str, float]]:
    # A round may not find the last one's matchings.
    match_objects.cache_clear()
    return [published_parts(sample.completion.text, sample.truth, sample.problem) for sample in samples]


def ours(samples: Sequence[Sample]) -> list[Score]:
    return spatialthinker_compat_batch([(sample.task, sample.completion) for sample in samples], similarity="exact")


def preset_sides(name: str, pairs: Sequence[Any]) -> list[Callable[[], list[Score]]]:
    config = load_config([f"reward={name}"]).reward
    reward = REWARDS[config.name]
    return [
        lambda: [reward(task, completion, **config.args) for task, completion in pairs],
        lambda: score_batch(config.name, pairs, config.args),
    ]


def medians(sides: Sequence[Callable[[], Any]], rounds: int) -> list[float]:
    """Seconds of CPU time of each side."""
    taken = [[cpu_seconds(side) for side in sides] for _ in range(rounds)]
    return [median(times) for times in zip(*taken, strict=True)]


def cpu_seconds(side: Callable[[], Any]) -> float:
    start = time.process_time()
    side()
    return time.process_time() - start


def say(text: str) -> None:
    sys.stdout.write(text + "\n")
