"""One benchmark from its questions to its summary, whoever answers.

The one rule: the folder of the answers is named by everything they depend on, so that what lies there can be gone on with;
where a setting changed, a new folder is begun, and said to be.
"""

import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import Any

from spatialrl.benchmarks.answers import SAMPLES, Answers
from spatialrl.benchmarks.asked import dataset_identity, questions_of
from spatialrl.benchmarks.interview import Interview, Manner, Progress
from spatialrl.benchmarks.order import num_in_flight, with_sight
from spatialrl.benchmarks.samples import read_scores
from spatialrl.benchmarks.scoring import Mode, Summary, grade, summarise
from spatialrl.benchmarks.scoring.lift import Lift, lifts
from spatialrl.benchmarks.settings import Settings, changes, settings_hash, settings_of
from spatialrl.benchmarks.spec import Benchmark
from spatialrl.config import RunConfig
from spatialrl.errors import DataError
from spatialrl.protocols import RolloutService
from spatialrl.run_folder import MANIFEST, manifest

SUMMARY = "summary.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    benchmark: Benchmark
    folder: Path
    summary: Summary
    lifts: Sequence[Lift]
    """Over those who do not look."""


async def run_benchmark(
    benchmark: Benchmark, config: RunConfig, *, rollout: RolloutService, model: Mapping[str, str]
) -> Result:
    """Where a blind baseline is wanted, it is a run of its own beside the other."""
    words = {"rollout": rollout, "model": model}
    seen = await answered(benchmark, with_sight(config, blind=False), **words)
    blind = await answered(benchmark, with_sight(config, blind=True), **words) if config.eval.blind else None
    if blind is not None:
        summarised(benchmark, blind, config=config)
    return summarised(benchmark, seen, config=config, text_only=blind)


async def answered(
    benchmark: Benchmark, config: RunConfig, *, rollout: RolloutService, model: Mapping[str, str]
) -> Path:
    """The folder, with all samples in it."""
    settings = settings_of(config, benchmark, model=model, dataset=dataset_identity(benchmark, config))
    folder = open_folder(config, settings, benchmark=benchmark, model_name=model["name"])
    answers = Answers(folder, retry_errors=config.eval.retry_errors)
    try:
        if not answers.is_complete:
            await ask(benchmark, config, answers=answers, rollout=rollout)
    finally:
        answers.close()
    return folder


async def ask(benchmark: Benchmark, config: RunConfig, *, answers: Answers, rollout: RolloutService) -> None:
    asked = config.eval
    title = f"{benchmark.name}, blind" if asked.blind else benchmark.name
    progress = Progress(title=title, total=asked.limit or benchmark.num_rows, known=answers.known())
    manner = Manner(
        sampling=asked.sampling,
        map_tokens=asked.map_tokens,
        seed=config.seed,
        num_attempts=asked.num_attempts,
        max_in_flight=num_in_flight(config),
    )
    grader = partial(grade, benchmark=benchmark, mode=mode_of(config))
    interview = Interview(rollout, grade=grader, answers=answers, progress=progress, manner=manner)
    try:
        await interview.ask_all(questions_of(benchmark, config))
    finally:
        progress.close()
    answers.finish()


def try_out(benchmark: Benchmark, config: RunConfig) -> None:
    """Reads one question and scores one answer: what is missing is said before a model is loaded."""
    question = next(questions_of(benchmark, config), None)
    if question is None:
        raise DataError(f"{benchmark.name} has no question; look into {config.data.folder}.")
    sample = grade(question.task, "", benchmark=benchmark, mode=mode_of(config))
    summarise([sample], benchmark=benchmark)


def mode_of(config: RunConfig) -> Mode:
    return "official" if config.eval.mode == "official" else "strict"


def open_folder(config: RunConfig, settings: Settings, *, benchmark: Benchmark, model_name: str) -> Path:
    """The folder of these settings, with its manifest. Says what is new about them where there are others."""
    root = Path(config.eval.output_dir) / model_name.replace("/", "--") / benchmark.name
    folder = root / settings_hash(settings)
    if (folder / MANIFEST).exists():
        return folder
    if told := difference(root, settings):
        sys.stderr.write(f"{benchmark.name}: {told}; answers go to {folder.name}.\n")
    folder.mkdir(parents=True, exist_ok=True)
    write_json(folder / MANIFEST, {"settings": settings, **manifest(config), "benchmark": asdict(benchmark)})
    return folder


def difference(root: Path, settings: Settings) -> str:
    """To the nearest of the folders beside; empty where there is none."""
    earlier = [(path.parent.name, json.loads(path.read_text())["settings"]) for path in root.glob(f"*/{MANIFEST}")]
    if not earlier:
        return ""
    name, nearest = min(earlier, key=lambda pair: len(changes(pair[1], settings)))
    return f"other settings than {name} ({', '.join(changes(nearest, settings))})"


def summarised(benchmark: Benchmark, folder: Path, *, config: RunConfig, text_only: Path | None = None) -> Result:
    """`text_only` is the folder of the blind run."""
    samples = read_scores(folder / SAMPLES)
    summary = summarise(samples, benchmark=benchmark)
    blind = read_scores(text_only / SAMPLES) if text_only is not None else []
    found = lifts(samples, benchmark=benchmark, mode=mode_of(config), text_only=blind)
    told = {
        "benchmark": benchmark.name,
        "mode": config.eval.mode,
        **asdict(summary),
        "num_truncated": sum(sample.extra.get("finish_reason") == "length" for sample in samples),
        "lifts": list(map(asdict, found)),
    }
    write_json(folder / SUMMARY, told)
    return Result(benchmark=benchmark, folder=folder, summary=summary, lifts=found)


def write_json(path: Path, value: Any) -> None:
    """Complete or absent."""
    partial = path.with_name(f".{path.name}.partial")
    partial.write_text(json.dumps(value, indent=2, default=str) + "\n", encoding="utf-8")
    partial.replace(path)
