"""The folder of answers of one model to one benchmark under one set of settings.

    samples.jsonl   every question with its answer, in the order of the benchmark; there when all are answered
    answers.journal the same as they come, while the run goes on; an answer in it is never asked for again
    summary.json    the table
    manifest.json   what was asked, of whom, and with which versions

The one rule: whoever is killed and starts again ends with the same samples as whoever was not.
"""

import json
from collections.abc import Iterable, Iterator
from pathlib import Path

from spatialrl.benchmarks.on_disk import Scratch
from spatialrl.benchmarks.samples import Sample, row_to_sample, sample_to_row, stream_samples, write_samples
from spatialrl.errors import DataError

SAMPLES, JOURNAL = "samples.jsonl", "answers.journal"
TABLES = """
CREATE TABLE answered (key TEXT PRIMARY KEY, place INTEGER, is_error INTEGER) WITHOUT ROWID;
CREATE TABLE asked (number INTEGER PRIMARY KEY, id TEXT UNIQUE, key TEXT);
"""
"""Of answers where their lines begin in the journal; of questions the order in which they were met."""


class Answers:
    """Nothing in memory grows with the questions: answers are lines of the journal, and where each begins is on disk too."""

    def __init__(self, folder: Path, *, retry_errors: bool) -> None:
        self.folder = folder
        self.retry_errors = retry_errors
        folder.mkdir(parents=True, exist_ok=True)
        has_samples = (folder / SAMPLES).exists()
        self.is_complete = has_samples and not retry_errors
        self._journal = (folder / JOURNAL).open("a+b")
        self._end = 0
        self._index = Scratch(TABLES)
        self._read_back()
        if has_samples and not self._end:
            self._take_up()

    def _read_back(self) -> None:
        """What follows the last complete line was cut off and is dropped."""
        self._journal.seek(0)
        for line in self._journal:
            if not line.endswith(b"\n"):
                break
            key, row = json.loads(line)
            self._find_again(key, is_error=row["is_error"], num_bytes=len(line))
        self._journal.truncate(self._end)

    def _take_up(self) -> None:
        """The samples of an earlier run."""
        for sample in stream_samples(self.folder / SAMPLES):
            self.add(sample)

    def known(self) -> Iterator[Sample]:
        """Those of an earlier run."""
        return self._read(self._index.column("SELECT place FROM answered ORDER BY place"))

    def is_new(self, name: str, prompt_hash: str) -> bool:
        """Whether the question is still to be asked. Every question of the benchmark has to pass here, in its order."""
        key = key_of(name, prompt_hash)
        met = self._index.run("INSERT OR IGNORE INTO asked (id, key) VALUES (?, ?)", name, key)
        if not met.rowcount:
            raise DataError(f"Two questions have the id {name}, so their answers could not be told apart.")
        found = self._index.run("SELECT is_error FROM answered WHERE key = ?", key).fetchone()
        return found is None or (self.retry_errors and bool(found[0]))

    def add(self, sample: Sample) -> None:
        """An answer is there when its line is complete."""
        key = key_of(sample.id, sample.prompt_hash)
        line = json.dumps([key, sample_to_row(sample)], ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
        self._journal.write(line)
        self._journal.flush()
        self._find_again(key, is_error=sample.is_error, num_bytes=len(line))

    def _find_again(self, key: str, *, is_error: bool, num_bytes: int) -> None:
        """Of two lines with one key the later counts."""
        self._index.run("INSERT OR REPLACE INTO answered VALUES (?, ?, ?)", key, self._end, is_error)
        self._end += num_bytes

    def finish(self) -> None:
        """Every question is answered."""
        places = self._index.column("SELECT place FROM asked LEFT JOIN answered USING (key) ORDER BY number")
        write_samples(self.folder / SAMPLES, self._read(places))
        (self.folder / JOURNAL).unlink()

    def _read(self, places: Iterable[int]) -> Iterator[Sample]:
        with (self.folder / JOURNAL).open("rb") as file:
            for place in places:
                file.seek(place)
                yield row_to_sample(json.loads(file.readline())[1])

    def close(self) -> None:
        self._journal.close()
        self._index.close()
        if self.is_complete:
            (self.folder / JOURNAL).unlink()


def key_of(name: str, prompt_hash: str) -> str:
    """A question that was changed has another prompt, and is asked anew."""
    return f"{name} {prompt_hash}"
