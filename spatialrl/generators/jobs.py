"""Jobs that are finished one by one, in any process and any order, and are never done twice: every result is a line of the
journal, and work that was broken off goes on with what is not there yet.
"""

from collections.abc import Callable, Iterable
from itertools import chain, islice
from typing import Protocol, TypeVar

from tqdm import tqdm

from spatialrl.data.journal import Journal, Record
from spatialrl.data.pool import PARALLEL_FROM, pool

JOURNAL = ".journal"


class Named(Protocol):
    @property
    def name(self) -> str:
        """Unique in the journal."""
        ...


AnyJob = TypeVar("AnyJob", bound=Named)


def finish(
    jobs: Iterable[AnyJob],
    work: Callable[[AnyJob], Record],
    journal: Journal,
    *,
    title: str,
    unit: str,
    total: int | None,
    num_processes: int,
    progress: bool,
) -> int:
    """How many were still to be done. `jobs` may be longer than memory; `total` is what the progress bar shows."""
    rest = (job for job in jobs if job.name not in journal)
    first, before = list(islice(rest, PARALLEL_FROM)), len(journal)
    bar = tqdm(total=total, initial=before, desc=title, unit=unit, disable=not progress)
    with bar, pool(len(first), num_processes=num_processes) as workers:
        for job, record in workers.as_done(work, chain(first, rest)):
            journal.add(job.name, record)
            bar.update()
    return len(journal) - before
