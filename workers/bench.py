"""`spatialrl bench suite=NAME [argument=value ...]`: the measurements behind every figure in `docs/`. A suite prints its
table and gives nothing back; what it must reach is checked by tests, never by a clock."""

from collections.abc import Callable

from spatialrl.bench.inspection import inspect_suite
from spatialrl.bench.integrity.suite import integrity
from spatialrl.bench.media import media
from spatialrl.bench.pretext import pretext
from spatialrl.bench.questions import questions
from spatialrl.bench.rewards import rewards
from spatialrl.errors import ConfigError
from spatialrl.words import call_with_words, read_words
from workers.reward.bench import pool_suite
from workers.rollout.bench import eval_suite

SUITES: dict[str, Callable[..., None]] = {
    "eval": eval_suite,
    "inspect": inspect_suite,
    "integrity": integrity,
    "media": media,
    "pool": pool_suite,
    "pretext": pretext,
    "questions": questions,
    "rewards": rewards,
}
"""Each takes keyword arguments only, all with defaults."""


def bench(words: list[str]) -> None:
    arguments = read_words(words)
    name = arguments.pop("suite", None)
    if name not in SUITES:
        raise ConfigError(f"suite={name}: there are: {', '.join(sorted(SUITES))}.")
    call_with_words(SUITES[name], arguments)
