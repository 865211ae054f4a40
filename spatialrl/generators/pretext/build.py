"""Makes what a recipe describes. Rows are independent of each other and of who makes them; every finished one is in the
journal, so work that was broken off goes on where it stopped. The folder appears under its name when it is complete.
"""

import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from dataclasses import asdict
from functools import partial
from pathlib import Path

from spatialrl.data.folders import REJECTED, complete_or_absent
from spatialrl.data.journal import Journal
from spatialrl.data.tasks import TaskWriter
from spatialrl.errors import DataError
from spatialrl.generators.jobs import JOURNAL, finish
from spatialrl.generators.lines import write_lines
from spatialrl.generators.pretext.plan import Plan, make_plan
from spatialrl.generators.pretext.recipe import Recipe
from spatialrl.generators.pretext.rows import make_row
from spatialrl.generators.pretext.sources import find_sources, list_files
from spatialrl.generators.recipe import description, fingerprint

TITLE = "pretext"


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
            of_no_use = {drop.path: drop.reason for drop in damaged}
            write_lines(unfinished / REJECTED, rejected(of_no_use, plan, journal))
            journal.remove()
    if of_no_use:
        sys.stderr.write(f"{TITLE}: {len(of_no_use)} files were of no use; {folder / REJECTED} says why.\n")


def describe(recipe: Recipe, files: dict[str, int]) -> str:
    return description({**asdict(recipe), "files": fingerprint(files)})


def make_rows(
    plan: Plan, recipe: Recipe, journal: Journal, folder: Path, *, num_processes: int, progress: bool
) -> None:
    for split, counts in plan.num_rows.items():
        for variant in counts:
            (folder / "media" / split / variant).mkdir(parents=True, exist_ok=True)
    finish(
        map(plan.job, plan.slots()),
        partial(make_row, recipe=recipe, folder=folder),
        journal,
        title=TITLE,
        unit="row",
        total=plan.num_slots,
        num_processes=num_processes,
        progress=progress,
    )


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
            f"{TITLE}: {count} of {wanted} rows of {variant} in {split} could not be made: no image was fit.\n"
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


def rejected(files: dict[str, str], plan: Plan, journal: Journal) -> Iterator[dict[str, str]]:
    """Every image that was not fit for a row of a variant; then the files that are of no use for any, to which those are
    added that showed it when a row was made."""
    for record in journal.records(slot.name for slot in plan.slots()):
        for path, variant, reason in record["rejected"]:
            if variant:
                yield {"path": path, "variant": variant, "reason": reason}
            else:
                files.setdefault(path, reason)
    for path, reason in sorted(files.items()):
        yield {"path": path, "variant": "", "reason": reason}
