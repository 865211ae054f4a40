"""Folders of results, read back: samples, and what the manifest says of how they came about."""

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from spatialrl.benchmarks.samples import Sample, read_samples
from spatialrl.benchmarks.scoring import MODES, Mode
from spatialrl.benchmarks.spec import Benchmark, parse_benchmark
from spatialrl.errors import ConfigError, DataError

SAMPLES, MANIFEST = "samples.jsonl", "manifest.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """One model's answers to one benchmark, scored by one rule."""

    model: str
    benchmark: Benchmark
    mode: Mode
    blind: bool
    samples: Sequence[Sample]
    folder: Path
    text_only: Sequence[Sample] = ()
    """Of the same model with blanked media."""

    @property
    def key(self) -> tuple[str, Mode]:
        return self.benchmark.name, self.mode


def read_results(folder: Path) -> list[Result]:
    """Everything under a folder. Two results of one benchmark under one rule are an error: which one is meant?"""
    if not folder.is_dir():
        raise ConfigError(f"compare: {folder} is no folder; give those that `spatialrl eval` printed.")
    found = [read_result(path.parent) for path in sorted(folder.rglob(SAMPLES))]
    if not found:
        raise ConfigError(f"compare: there is no {SAMPLES} under {folder}; was the evaluation finished?")
    seen = [result for result in found if not result.blind]
    check_once(seen, folder=folder)
    return [with_text_only(result, found) for result in seen] or found


def check_once(results: Iterable[Result], *, folder: Path) -> None:
    counts = Counter(result.key for result in results)
    for (name, mode), number in counts.items():
        if number > 1:
            raise ConfigError(f"compare: {folder} has {number} results of {name} ({mode}); name one of them instead.")


def with_text_only(result: Result, others: Iterable[Result]) -> Result:
    blind = [other for other in others if other.blind and (other.key, other.model) == (result.key, result.model)]
    return replace(result, text_only=blind[0].samples) if len(blind) == 1 else result


def read_result(folder: Path) -> Result:
    path = folder / MANIFEST
    try:
        manifest: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        settings, described = manifest["settings"], manifest["benchmark"]
        model, mode, blind = settings["model.name"], settings["mode"], bool(settings.get("blind"))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise DataError(
            f"{path} does not say which model answered which benchmark ({type(error).__name__}: {error})."
        ) from error
    if mode not in MODES:
        raise DataError(f"{path} has the mode {mode!r}; expected official or strict.")
    return Result(
        model=str(model),
        benchmark=parse_benchmark(described, place=str(path)),
        mode=mode,
        blind=blind,
        samples=read_samples(folder / SAMPLES),
        folder=folder,
    )
