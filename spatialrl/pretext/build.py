"""Makes what a recipe describes. Rows are independent of each other and of who makes them; every finished one is in the
journal, so work that was broken off goes on where it stopped. The folder appears under its name when it is complete.
"""

import hashlib
import json
import sys
from collections import Counter
from contextlib import closing
from dataclasses import asdict
from functools import partial
from pathlib import Path

from tqdm import tqdm

from spatialrl import __version__
from spatialrl.data.folders import REJECTED, complete_or_absent
from spatialrl.data.journal import Journal
from spatialrl.data.pool import pool
from spatialrl.data.tasks import TaskWriter
from spatialrl.errors import DataError
from spatialrl.pretext.make import Recipe
from spatialrl.pretext.plan import Plan, make_plan
from spatialrl.pretext.question import Damaged
from spatialrl.pretext.rows import make_row
from spatialrl.pretext.sources import find_sources, list_files

JOURNAL = ".journal"


def build(folder: Path, recipe: Recipe, *, num_processes: int, progress: bool) -> None:
    root = Path(recipe.source)
    files = list_files(root)
    with complete_or_absent(folder, description=describe(recipe, files)) as unfinished:
        sources, damaged = find_sources(root, files, recipe, progress=progress)
        if damaged and recipe.strict:
            raise DataError(f"{damaged[0].path}: {damaged[0].reason}. strict=true stops there.")
        if not sources:
            why = f"; {damaged[0].path}: {damaged[0].reason}" if damaged else ""
            raise DataError(f"{root} holds no image that is of use{why}.")
        plan = make_plan(recipe, sources)
        with closing(Journal(unfinished / JOURNAL)) as journal:
            make_rows(plan, recipe, journal, unfinished, num_processes=num_processes, progress=progress)
            check_rows(plan, journal)
            for split in plan.num_rows:
                write_rows(unfinished / f"{split}.parquet", plan, split, journal)
            num_damaged = write_rejected(unfinished / REJECTED, damaged, plan, journal)
            journal.remove()
    if num_damaged:
        sys.stderr.write(f"pretext: {num_damaged} files were of no use; {folder / REJECTED} says why.\n")


def describe(recipe: Recipe, files: dict[str, int]) -> str:
    """Everything that decides the bytes, one value a line."""
    listing = hashlib.sha256(json.dumps(files).encode()).hexdigest()
    values = {**asdict(recipe), "files": f"{len(files)}, {listing[:12]}", "version": __version__}
    return "".join(f"{name}: {json.dumps(value)}\n" for name, value in values.items())


def make_rows(
    plan: Plan, recipe: Recipe, journal: Journal, folder: Path, *, num_processes: int, progress: bool
) -> None:
    for split, counts in plan.num_rows.items():
        for variant in counts:
            (folder / "media" / split / variant).mkdir(parents=True, exist_ok=True)
    jobs = (plan.job(slot) for slot in plan.slots() if slot.name not in journal)
    bar = tqdm(total=plan.num_slots, initial=len(journal), desc="pretext", unit="row", disable=not progress)
    with bar, pool(plan.num_slots - len(journal), num_processes=num_processes) as workers:
        for job, record in workers.as_done(partial(make_row, recipe=recipe, folder=folder), jobs):
            journal.add(job.slot.name, record)
            bar.update()


def check_rows(plan: Plan, journal: Journal) -> None:
    """Says how many rows could not be made; a split without any is an error."""
    missing = Counter((s.split, s.variant) for s in plan.slots() if not next(journal.records([s.name]))["row"])
    for split, counts in plan.num_rows.items():
        if all(missing[split, variant] == count for variant, count in counts.items()):
            raise DataError(
                f"No image of the split {split} was fit for what was asked; {why_not(plan, journal, split)}"
            )
    for (split, variant), count in sorted(missing.items()):
        wanted = plan.num_rows[split][variant]
        sys.stderr.write(
            f"pretext: {count} of {wanted} rows of {variant} in {split} could not be made: no image was fit.\n"
        )


def why_not(plan: Plan, journal: Journal, split: str) -> str:
    """The commonest reason."""
    records = journal.records(slot.name for slot in plan.slots(split))
    reasons = Counter(reason for record in records for _, _, reason in record["rejected"])
    return f"most often {reasons.most_common(1)[0][0]}."


def write_rows(path: Path, plan: Plan, split: str, journal: Journal) -> None:
    with TaskWriter(path) as writer:
        for record in journal.records(slot.name for slot in plan.slots(split)):
            if record["row"]:
                writer.write_row(record["row"])


def write_rejected(path: Path, damaged: list[Damaged], plan: Plan, journal: Journal) -> int:
    """One line for every file that is of no use, and for every image that was not fit for a row of a variant. How many
    files there are."""
    files = {drop.path: drop.reason for drop in damaged}
    with path.open("w", encoding="utf-8") as file:
        for record in journal.records(slot.name for slot in plan.slots()):
            for rejected, variant, reason in record["rejected"]:
                if variant:
                    file.write(_line(rejected, variant, reason))
                else:
                    files.setdefault(rejected, reason)
        file.writelines(_line(rejected, "", reason) for rejected, reason in sorted(files.items()))
    return len(files)


def _line(path: str, variant: str, reason: str) -> str:
    return json.dumps({"path": path, "variant": variant, "reason": reason}, ensure_ascii=False) + "\n"
