"""Rows about many scenes, made in two goes. Any process looks at a scene and writes down in the journal what could be asked
there; then questions are chosen one scene after another, so that answers are balanced over a whole file. The bytes depend
neither on who looked nor on how often the work was broken off.
"""

import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from spatialrl.data.folders import REJECTED, complete_or_absent
from spatialrl.data.journal import Journal, Record
from spatialrl.data.tasks import TaskWriter
from spatialrl.errors import DataError
from spatialrl.generators.jobs import JOURNAL, finish
from spatialrl.generators.lines import write_lines
from spatialrl.scenes.balance import Ledger
from spatialrl.types import Task


@dataclass(frozen=True, slots=True, kw_only=True)
class SceneJob:
    """One scene to look at."""

    name: str
    """Unique in the folder."""
    file: str
    """Of rows, without its ending."""
    index: int
    """Among the scenes of the file."""
    source: str = ""
    """Path of what is known of it; empty for scenes that we draw."""


Look = Callable[[SceneJob, Path], Record]
"""Looks at a scene, with the folder its media go to. `rejected` are [what, reason] of what is not asked about,
`digest` is the hash of what it shows."""
Ask = Callable[[SceneJob, Record, Ledger], Iterator[Task]]
"""The rows about one scene."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    title: str
    description: str
    """Everything that decides the bytes, one value a line."""
    jobs: Mapping[str, Sequence[SceneJob]]
    """By file."""
    look: Callable[[SceneJob, Path], Record] = field(repr=False)
    """Goes to other processes."""
    ask: Ask = field(repr=False)
    media_folder: str = "media"


def make_rows(folder: Path, work: Work, *, num_processes: int, progress: bool) -> None:
    """The folder appears under its name when it is complete."""
    start, num_rows = time.monotonic(), 0
    originals: dict[str, str] = {}
    with (
        complete_or_absent(folder, description=work.description) as unfinished,
        closing(Journal(unfinished / JOURNAL)) as journal,
    ):
        looked = look_at_all(unfinished, work, journal, num_processes=num_processes, progress=progress)
        for file in work.jobs:
            num_rows += write_rows(unfinished / f"{file}.parquet", work, file, journal, originals)
        write_lines(unfinished / REJECTED, rejected(work, journal, originals))
        journal.remove()
    seconds = time.monotonic() - start
    sys.stderr.write(
        f"{work.title}: {num_rows} rows; {looked} scenes looked at in {seconds:.1f} s"
        f"{f', {num_rows / seconds:.0f} rows/s' if looked == sum(map(len, work.jobs.values())) else ''}.\n"
    )


def look_at_all(folder: Path, work: Work, journal: Journal, *, num_processes: int, progress: bool) -> int:
    """How many were still to be looked at."""
    every = [job for jobs in work.jobs.values() for job in jobs]
    for file in work.jobs:
        (folder / work.media_folder / file).mkdir(parents=True, exist_ok=True)
    return finish(
        every,
        Looking(work.look, folder),
        journal,
        title=work.title,
        unit="scene",
        total=len(every),
        num_processes=num_processes,
        progress=progress,
    )


@dataclass(frozen=True, slots=True)
class Looking:
    """What a process is sent: the work and where it goes, without the jobs of the others."""

    look: Callable[[SceneJob, Path], Record]
    folder: Path

    def __call__(self, job: SceneJob) -> Record:
        return self.look(job, self.folder)


def write_rows(path: Path, work: Work, file: str, journal: Journal, originals: dict[str, str]) -> int:
    ledger, reasons = Ledger(), Counter[str]()
    with TaskWriter(path) as writer:
        for job, record in _pairs(work, file, journal, originals):
            reasons.update(reason for _, reason in record.get("rejected", ()))
            for task in work.ask(job, record, ledger):
                writer.write(task)
        if not writer.num_rows:
            often = f" Most often: {reasons.most_common(1)[0][0]}." if reasons else ""
            raise DataError(f"No scene of {path.name} gave a question of the families that were asked for.{often}")
        return writer.num_rows


def rejected(work: Work, journal: Journal, originals: dict[str, str]) -> Iterator[dict[str, str]]:
    """Everything that nothing is asked about."""
    for file in work.jobs:
        for job, record in _pairs(work, file, journal, originals):
            for what, reason in record.get("rejected", ()):
                yield {"scene": job.source or job.name, "what": what, "reason": reason}


def _pairs(work: Work, file: str, journal: Journal, originals: dict[str, str]) -> Iterator[tuple[SceneJob, Record]]:
    """`originals` are the first scenes that show a medium, by its hash; a second one may be in another split."""
    jobs = work.jobs[file]
    for job, record in zip(jobs, journal.records(job.name for job in jobs), strict=True):
        original = originals.setdefault(record.get("digest") or job.name, job.name)
        yield job, record if original == job.name else {"rejected": [("", f"it shows the same as {original}")]}
