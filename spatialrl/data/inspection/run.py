"""`spatialrl data inspect=PATH`: one pass over the rows, one over the media, then questions about all of them. Notes are in a
temporary folder (TMPDIR), so that memory does not grow with the rows."""

import errno
import sqlite3
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from tqdm import tqdm

from spatialrl.data.inspection import FINDINGS
from spatialrl.data.inspection.answers import find_answers, find_positions
from spatialrl.data.inspection.compare import compare_pictures
from spatialrl.data.inspection.finding import Bars, Finding, count_bars, plural
from spatialrl.data.inspection.flaws import MEDIA_FLAWS, ROW_FLAWS, find_excluded, find_media_flaws, find_row_flaws
from spatialrl.data.inspection.leaks import LEAKS, find_leaks, note_shown
from spatialrl.data.inspection.media import look_at_all
from spatialrl.data.inspection.notes import AFTER_MEDIA, Notes
from spatialrl.data.inspection.order import Order, check_order, listed
from spatialrl.data.inspection.page import write_page
from spatialrl.data.inspection.repeats import (
    find_contradictions,
    find_ids,
    find_pictures,
    find_questions,
    note_questions,
)
from spatialrl.data.inspection.rows import RowReader, files_of
from spatialrl.data.inspection.sample import Sample
from spatialrl.data.inspection.sides import SideCounts, find_sides
from spatialrl.data.inspection.text import in_words
from spatialrl.data.inspection.tokens import find_tokens, token_counter
from spatialrl.errors import DataError, ResourceError

GROUPS = {"Sources": "source", "Splits": "part", "Kinds of answer": "kind", "Media": "form", "Families": "family"}
SPLIT_NAMES = "CASE part WHEN 0 THEN 'train' WHEN 1 THEN 'validation' ELSE 'test' END"
MOST_GROUPS = 20
FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


@dataclass(frozen=True, slots=True, kw_only=True)
class Inspection:
    """All that is told."""

    name: str
    summary: str
    findings: tuple[Finding, ...]
    counts: tuple[Bars, ...]
    sample: Sample

    def of(self, verdict: str) -> list[str]:
        return [finding.name for finding in self.findings if finding.verdict == verdict]


def inspect_rows(order: Order) -> None:
    """The verb: prints what was found, writes the page; an error where a finding says stop."""
    found = inspection(order)
    sys.stdout.write(in_words(found))
    if page := order.page_path:
        write_page(page, found, order)
        sys.stdout.write(f"{page}\n")
    if stops := found.of("stop"):
        raise DataError(
            f"{found.name} is not fit to be trained on: {', '.join(stops)}. Mend it, or say accept={','.join(stops)} "
            "where it has to be as it is."
        )


def inspection(order: Order) -> Inspection:
    check_order(order, names=list(FINDINGS))
    with tempfile.TemporaryDirectory(prefix="spatialrl-inspect-") as folder, _room(folder):
        notes = Notes(Path(folder))
        try:
            return _inspection(order, notes)
        finally:
            notes.close()


def _inspection(order: Order, notes: Notes) -> Inspection:
    sample, sides = Sample(order.cards, seed=order.seed), SideCounts()
    reader = RowReader(notes, sample=sample, sides=sides, counter=token_counter(order))
    against = files_of(listed(order.against))
    ours = [file for file in files_of(listed(order.path)) if file not in against]
    if not ours:
        raise DataError(f"All files of inspect={order.path} are among those of against={order.against}.")
    with tqdm(unit=" rows", disable=not order.progress) as bar:
        for file in (*ours, *against):
            reader.read(file, is_ours=file not in against, advance=bar.update)
    if not notes.one("SELECT count(*) FROM rows WHERE is_ours"):
        first = notes.one("SELECT reason FROM flaws") or "They are empty."
        raise DataError(f"inspect={order.path}: no row can be read. {first}")
    if order.media:
        look_at_all(notes, video=order.data_config.video, num_processes=order.processes, progress=order.progress)
    return Inspection(
        name=", ".join(Path(place).name for place in listed(order.path)),
        summary=summary(notes, len(ours), listed(order.against)),
        findings=tuple(accepted(finding, listed(order.accept)) for finding in findings(order, notes, sides)),
        counts=tuple(count_groups(notes)),
        sample=sample,
    )


def findings(order: Order, notes: Notes, sides: SideCounts) -> Iterator[Finding]:
    """In the order of FINDINGS; some are there only where they were asked for."""
    yield from (find_row_flaws(notes, kind) for kind in ROW_FLAWS)
    notes.database.executescript(AFTER_MEDIA)
    is_complete = compare_pictures(notes)
    note_questions(notes)
    note_shown(notes)
    if order.media:
        yield from (find_media_flaws(notes, kind) for kind in MEDIA_FLAWS)
    yield from (find_ids(notes), find_questions(notes), find_contradictions(notes))
    if order.media:
        yield find_pictures(notes, is_complete=is_complete)
    yield from (find_leaks(notes, kind) for kind in LEAKS if order.media or kind == "leaked scenes")
    if order.exclude:
        yield find_excluded(notes, order.exclude)
    yield from (find_answers(notes), find_sides(sides), find_positions(notes))
    if order.model:
        yield find_tokens(notes, order)


def accepted(finding: Finding, names: list[str]) -> Finding:
    if finding.verdict != "stop" or finding.name not in names:
        return finding
    return replace(finding, verdict="look", told=f"{finding.told} It is accepted.")


def summary(notes: Notes, num_files: int, against: list[str]) -> str:
    ours, others = (notes.one("SELECT count(*) FROM rows WHERE is_ours = ?", which) for which in (1, 0))
    num_media = notes.one("SELECT count(DISTINCT medium) FROM uses JOIN rows ON rows.number = uses.row WHERE is_ours")
    told = f"{plural(ours, 'row')} in {plural(num_files, 'file')}, {plural(num_media, 'medium', 'media')}"
    return f"{told}, against {plural(others, 'row')} of {', '.join(against)}" if against else told


def count_groups(notes: Notes) -> Iterator[Bars]:
    total = notes.one("SELECT count(*) FROM rows WHERE is_ours")
    for title, column in GROUPS.items():
        value = SPLIT_NAMES if column == "part" else column
        query = (
            f"SELECT {value} AS label, count(*) FROM rows WHERE is_ours GROUP BY label ORDER BY count(*) DESC, label"
        )
        groups = [(name or "without", count) for name, count in notes.all(f"{query} LIMIT ?", MOST_GROUPS)]
        distinct = notes.one(f"SELECT count(DISTINCT {value}) FROM rows WHERE is_ours")
        about = f"The largest of {distinct:,}." if distinct > MOST_GROUPS else ""
        if groups != [("without", total)]:
            yield count_bars(title, groups, total=total, about=about)


@contextmanager
def _room(folder: str) -> Iterator[None]:
    """A full disk is a sentence."""
    told = f"The notes of the inspection in {folder} can't be written: {{}}; set TMPDIR to a folder with more room."
    try:
        yield
    except sqlite3.OperationalError as error:
        if "full" not in str(error) and "I/O" not in str(error):
            raise
        raise ResourceError(told.format(error)) from error
    except OSError as error:
        if error.errno not in FULL:
            raise
        raise ResourceError(told.format(error)) from error
