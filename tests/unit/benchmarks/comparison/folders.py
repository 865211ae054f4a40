"""Folders of results as an evaluation leaves them."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from spatialrl.benchmarks.samples import Sample, write_samples
from spatialrl.benchmarks.spec import read_benchmark


def answered(scores: Sequence[float], *, category: str = "Count", source: str = "COCO", start: int = 0) -> list[Sample]:
    about = {"source": source, "answer_kind": "choice", "num_options": "2"}
    return [
        Sample(
            id=str(start + i), category=category, answer="AB"[i % 2], response="A", parsed="A", score=score, extra=about
        )
        for i, score in enumerate(scores)
    ]


def write_result(
    folder: Path,
    samples: list[Sample],
    *,
    model: str,
    benchmark: str = "cv_bench",
    mode: str = "strict",
    blind: bool = False,
) -> Path:
    folder.mkdir(parents=True)
    write_samples(folder / "samples.jsonl", samples)
    settings = {"model.name": model, "benchmark": benchmark, "mode": mode, "blind": blind}
    described = json.dumps({"settings": settings, "benchmark": asdict(read_benchmark(benchmark))})
    (folder / "manifest.json").write_text(described)
    return folder
