"""`spatialrl eval rescore=FILE form=NAME benchmark=NAME`: somebody else's answers, scored by both rules. What is written is a
folder like that of an evaluation of our own, for each mode, so that `compare=` takes it."""

import json
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from spatialrl import __version__
from spatialrl.benchmarks.predictions import FORMS, Prediction
from spatialrl.benchmarks.samples import Sample, write_samples
from spatialrl.benchmarks.scoring import MODES, Mode, Summary, grade, summarise
from spatialrl.benchmarks.spec import Benchmark, read_benchmark
from spatialrl.benchmarks.xlsx import read_xlsx
from spatialrl.data.folders import complete_or_absent
from spatialrl.data.importers.bad_row import BadRow
from spatialrl.data.importers.read import READERS, Unread, read_rows
from spatialrl.data.importers.record import Record, Row
from spatialrl.errors import ConfigError, DataError

XLSX = ".xlsx"
SAMPLES, MANIFEST, SUMMARY = "samples.jsonl", "manifest.json", "summary.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rescored:
    folder: Path
    summaries: dict[Mode, Summary]
    claimed: float | None
    """The mean of the scores in the file, in percent; None where it has none."""
    num_changed: int
    """Lines whose score in the file is not the official one."""


def rescore(file: str, *, form: str, benchmark: str, model: str = "", output: str = "outputs/rescored") -> Rescored:
    """`model` names the column in comparisons; by default it is the file's name."""
    if form not in FORMS:
        raise ConfigError(f"form={form}: there are: {', '.join(sorted(FORMS))}.")
    rules, path = read_benchmark(benchmark), Path(file)
    predictions = list(read_predictions(path, form=form, benchmark=rules))
    scored: dict[Mode, list[Sample]] = {
        mode: [sample_of(prediction, rules, mode) for prediction in predictions] for mode in MODES
    }
    folder = Path(output) / (model or path.stem) / benchmark
    with complete_or_absent(folder) as unfinished:
        for mode, samples in scored.items():
            write_result(unfinished / mode, samples, rules, mode=mode, model=model or path.stem, file=path)
    claims = [
        (prediction.claimed, sample.score) for prediction, sample in zip(predictions, scored["official"], strict=True)
    ]
    known = [(claimed, score) for claimed, score in claims if claimed is not None]
    result = Rescored(
        folder=folder,
        summaries={mode: summarise(samples, benchmark=rules) for mode, samples in scored.items()},
        claimed=100 * sum(claimed for claimed, _ in known) / len(known) if known else None,
        num_changed=sum(abs(claimed - score) > 1e-6 for claimed, score in known),
    )
    sys.stdout.write(told(result) + "\n")
    return result


def read_predictions(path: Path, *, form: str, benchmark: Benchmark) -> Iterator[Prediction]:
    """Ids are unique: a line that repeats one is an error."""
    seen: set[str] = set()
    for number, row in rows_of(path):
        place = f"{path.name}:{number}"
        try:
            prediction = FORMS[form](Record(place=place, row=row, split="test"), benchmark)
        except BadRow as error:
            raise DataError(f"{path}, row {number}: {error}") from error
        if prediction.task.id in seen:
            raise DataError(f"{path}, row {number}: the id {prediction.task.id} is used before.")
        seen.add(prediction.task.id)
        yield prediction
    if not seen:
        raise DataError(f"{path} has no rows.")


def rows_of(path: Path) -> Iterator[tuple[int, Row]]:
    if not path.is_file() or path.suffix not in (XLSX, *READERS):
        raise DataError(f"rescore={path}: expected a file that ends in {', '.join((XLSX, *READERS))}.")
    if path.suffix == XLSX:
        yield from read_xlsx(path)
        return
    for number, row in read_rows(path):
        if isinstance(row, Unread):
            raise DataError(f"{path}, row {number}: {row.reason}")
        yield number, row


def sample_of(prediction: Prediction, benchmark: Benchmark, mode: Mode) -> Sample:
    return grade(prediction.task, prediction.response, benchmark=benchmark, mode=mode, error=prediction.error)


def write_result(
    folder: Path, samples: list[Sample], benchmark: Benchmark, *, mode: Mode, model: str, file: Path
) -> None:
    folder.mkdir()
    write_samples(folder / SAMPLES, samples)
    settings = {"model.name": model, "benchmark": benchmark.name, "mode": mode, "blind": False, "rescored": str(file)}
    manifest = {"settings": settings, "benchmark": asdict(benchmark), "version": __version__}
    (folder / MANIFEST).write_text(json.dumps(manifest, indent=2) + "\n", encoding="utf-8")
    summary = {"benchmark": benchmark.name, "mode": mode, **asdict(summarise(samples, benchmark=benchmark))}
    (folder / SUMMARY).write_text(json.dumps(summary, indent=2) + "\n", encoding="utf-8")


def told(result: Rescored) -> str:
    """One line for each rule, beside what the file says of itself."""
    lines = [
        f"{mode:<9} {summary.headline:6.2f} % ({summary.low:.2f} to {summary.high:.2f}), {summary.num} answers, "
        f"{summary.num_errors} without a response, {100 * summary.unread_rate:.1f} % not understood"
        for mode, summary in result.summaries.items()
    ]
    if result.claimed is not None:
        lines.append(
            f"the file  {result.claimed:6.2f} %, mean over its lines; {result.num_changed} of them score otherwise"
        )
    return "\n".join([*lines, str(result.folder)])
