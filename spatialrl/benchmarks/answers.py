"""The folder of answers of one model to one benchmark under one set of settings.

    samples.jsonl   every question with its answer, in the order of the benchmark; there when all are answered
    answers.journal the same as they come, while the run goes on; an answer in it is never asked for again
    summary.json    the table
    manifest.json   what was asked, of whom, and with which versions

The one rule: whoever is killed and starts again ends with the same samples as whoever was not.
"""

from collections.abc import Iterator
from pathlib import Path

from spatialrl.benchmarks.samples import Sample, read_samples, row_to_sample, sample_to_row, write_samples
from spatialrl.data.journal import Journal
from spatialrl.errors import DataError

SAMPLES, JOURNAL = "samples.jsonl", "answers.journal"


class Answers:
    """Only ids, and the places of their lines, are held in memory."""

    def __init__(self, folder: Path, *, retry_errors: bool) -> None:
        self.folder = folder
        self.order: dict[str, str] = {}
        """Of the questions met so far, the id and the key."""
        folder.mkdir(parents=True, exist_ok=True)
        self.is_complete = (folder / SAMPLES).exists() and not retry_errors
        self.journal = Journal(folder / JOURNAL)
        self.again = set(self._take_up()) if retry_errors else set[str]()

    def _take_up(self) -> Iterator[str]:
        """Keys of the errors among the samples of an earlier run, and of its journal."""
        if (self.folder / SAMPLES).exists() and not len(self.journal):
            for sample in read_samples(self.folder / SAMPLES):
                self.journal.add(key_of(sample), sample_to_row(sample))
        yield from (key_of(sample) for sample in self.known() if sample.is_error)

    def known(self) -> Iterator[Sample]:
        """Those of an earlier run, in the order in which they came."""
        return map(row_to_sample, self.journal.records(self.journal))

    def is_new(self, name: str, prompt_hash: str) -> bool:
        """Whether the question is still to be asked. Every question of the benchmark has to pass here, in its order."""
        if name in self.order:
            raise DataError(f"Two questions have the id {name}, so their answers could not be told apart.")
        key = self.order[name] = f"{name} {prompt_hash}"
        return key in self.again or key not in self.journal

    def add(self, sample: Sample) -> None:
        self.journal.add(key_of(sample), sample_to_row(sample))

    def finish(self) -> None:
        """Every question is answered."""
        write_samples(self.folder / SAMPLES, map(row_to_sample, self.journal.records(self.order.values())))
        self.journal.remove()

    def close(self) -> None:
        self.journal.close()
        if self.is_complete:
            (self.folder / JOURNAL).unlink()


def key_of(sample: Sample) -> str:
    """A question that was changed has another prompt, and is asked anew."""
    return f"{sample.id} {sample.prompt_hash}"
