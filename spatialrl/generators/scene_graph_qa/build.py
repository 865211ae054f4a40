"""Makes what a recipe describes: a survey of the source, a selection for each split, rows. Every finished step is in a
journal, so work that was broken off goes on where it stopped. The folder appears under its name when it is complete.
"""

import asyncio
import json
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import asdict
from itertools import chain
from pathlib import Path
from typing import Any

from tqdm import tqdm

from spatialrl.data.folders import REJECTED, complete_or_absent
from spatialrl.data.importers.source import open_source
from spatialrl.data.journal import Journal
from spatialrl.data.tasks import TaskWriter
from spatialrl.dice import stable_order
from spatialrl.endpoints import EndpointSettings
from spatialrl.errors import DataError
from spatialrl.generators.lines import write_lines
from spatialrl.generators.proportions import counts_in_proportion
from spatialrl.generators.recipe import description
from spatialrl.generators.scene_graph_qa.balance import Selection, pools_of, short_of
from spatialrl.generators.scene_graph_qa.candidate import Candidate, Ways, ways_of
from spatialrl.generators.scene_graph_qa.draft import LEVELS
from spatialrl.generators.scene_graph_qa.models import Models, connected
from spatialrl.generators.scene_graph_qa.recipe import Recipe
from spatialrl.generators.scene_graph_qa.survey import describe_source, survey
from spatialrl.generators.scene_graph_qa.work import Work

GRAPHS, QUESTIONS = ".graphs", ".questions"
REPORT = "report.json"
HALVES = {"easy": ("easy",), "hard": ("medium", "hard")}
"""Levels of each half of the training split, where it is halved."""


def build(folder: Path, recipe: Recipe, *, num_processes: int, progress: bool) -> None:
    source = open_source(recipe.source, split=None, default="train", files=recipe.files)
    with (
        complete_or_absent(folder, description=describe(recipe, describe_source(source))) as unfinished,
        closing(Journal(unfinished / GRAPHS)) as graphs,
        closing(Journal(unfinished / QUESTIONS)) as questions,
    ):
        survey(source, recipe, graphs, unfinished, num_processes=num_processes, progress=progress)
        places = split_images(recipe, graphs)
        selections = asyncio.run(fill(recipe, places, graphs, questions, unfinished, progress=progress))
        used = write_rows(unfinished, recipe, selections, questions)
        num_dropped = write_lines(unfinished / REJECTED, rejected(graphs, questions))
        write_report(unfinished / REPORT, selections, questions)
        drop_unused(unfinished, used)
        graphs.remove()
        questions.remove()
    tell(folder, selections, num_dropped)


def describe(recipe: Recipe, listing: str) -> str:
    """What a model may cost, and where it is, does not decide the bytes."""
    values: dict[str, Any] = {
        name: value for name, value in asdict(recipe).items() if name not in ("writer", "validation", "skip_refused")
    }
    if writer := recipe.writer:
        own = {name: getattr(writer, name) for name in ("style", "temperature", "repairs", "max_reply_tokens")}
        values["writer"] = {**_model(writer.endpoint), **own}
    ask = recipe.validation
    if ask.endpoints:
        own = {name: getattr(ask, name) for name in ("attempts", "need", "blind", "temperatures")}
        values["judges"] = {"models": [_model(endpoint) for endpoint in ask.endpoints], **own}
    return description({**values, "files in it": listing})


def _model(settings: EndpointSettings) -> dict[str, Any]:
    return {"api": settings.api, "model": settings.model, "extra": dict(settings.extra)}


def split_images(recipe: Recipe, graphs: Journal) -> dict[str, list[str]]:
    """Places of graphs by split. Pictures with the same bytes are one, and one of their graphs counts."""
    first: dict[str, str] = {}
    for place, record in zip(graphs, graphs.records(graphs), strict=True):
        if record.get("asked"):
            picture = record["media"]["sha256"]
            first[picture] = min(str(place), first.get(picture, str(place)))
    if len(first) < len(recipe.num_rows):
        raise DataError(
            f"{recipe.source} has {len(first)} graphs about which something can be asked, for {len(recipe.num_rows)} splits, "
            "which share none; give more of them, or set num_validation or num_test to 0."
        )
    images = sorted(first)
    order = stable_order(recipe.seed, "images", count=len(images))
    counts = counts_in_proportion(len(images), {split: float(n) for split, n in recipe.num_rows.items()}, least=1)
    rest = iter(first[images[index]] for index in order)
    return {split: [next(rest) for _ in range(count)] for split, count in counts.items()}


async def fill(
    recipe: Recipe,
    places: Mapping[str, Sequence[str]],
    graphs: Journal,
    questions: Journal,
    folder: Path,
    *,
    progress: bool,
) -> dict[str, Selection]:
    """Rounds, until every split has its rows or nothing is left to ask."""
    bar = tqdm(total=sum(recipe.num_rows.values()), desc="questions", unit="row", disable=not progress)
    async with connected(recipe) as models:
        work = Work(recipe=recipe, graphs=graphs, questions=questions, models=models, folder=folder, bar=bar)
        selections = {split: select(recipe, split, places[split], graphs) for split in recipe.num_rows}
        with bar:
            for split, selection in selections.items():
                while chosen := selection.next_round():
                    for candidate, is_kept in zip(chosen, await work.finish(chosen, split=split), strict=True):
                        selection.settle(candidate, is_kept=is_kept)
        tell_cost(models)
    for split, selection in selections.items():
        if not selection.kept:
            raise DataError(f"No question for the split {split} was of use; {why_not(questions)}.")
    return selections


def select(recipe: Recipe, split: str, places: Sequence[str], graphs: Journal) -> Selection:
    order = {place: number for number, place in enumerate(places)}
    candidates = list(candidates_of(recipe, places, graphs))
    total = recipe.num_rows[split]
    return Selection(pools_of(candidates, order), recipe.weights, total=total, per_image=recipe.per_image)


def candidates_of(recipe: Recipe, places: Sequence[str], graphs: Journal) -> Iterator[Candidate]:
    """A writer that thinks up its own questions rates them itself, and is asked for one of a category per image; what it will
    take for right, nobody knows yet."""
    invents = recipe.writer is not None and recipe.writer.style == "write"
    known: dict[Ways, Ways] = {}
    for place, record in zip(places, graphs.records(places), strict=True):
        for name, asked in record["asked"].items():
            for number, found in enumerate(asked[:1] if invents else asked):
                if invents or found["rating"] >= recipe.min_rating:
                    ways = () if invents else ways_of(found["ways"])
                    yield Candidate(
                        category=name,
                        place=place,
                        number=number,
                        rating=found["rating"],
                        ways=known.setdefault(ways, ways),
                    )


def write_rows(folder: Path, recipe: Recipe, selections: Mapping[str, Selection], questions: Journal) -> set[str]:
    """A file for each split, or two for that of training. The paths of the pictures that are shown."""
    used: set[str] = set()
    for split, selection in selections.items():
        names = sorted(candidate.name for candidate in selection.kept)
        halves = HALVES if recipe.halves and split == "train" else {"": LEVELS}
        for half, levels in halves.items():
            rows = (r["row"] for r in questions.records(names) if r["row"]["extra"]["level"] in levels)
            used |= write_file(folder / f"{split}{'_' * bool(half)}{half}.parquet", rows)
    return used


def write_file(path: Path, rows: Iterator[dict[str, Any]]) -> set[str]:
    """None without rows."""
    first = next(rows, None)
    if first is None:
        return set()
    with TaskWriter(path) as writer:
        used = set()
        for row in chain([first], rows):
            writer.write_row(row)
            used.add(row["media"][0]["path"])
    return used


def rejected(graphs: Journal, questions: Journal) -> Iterator[dict[str, str]]:
    """Every graph and every question that was of no use."""
    for journal in (graphs, questions):
        names = sorted(map(str, journal))
        for name, record in zip(names, journal.records(names), strict=True):
            if "reason" in record:
                yield {"place": name, "kind": record["kind"], "reason": record["reason"]}


def write_report(path: Path, selections: Mapping[str, Selection], questions: Journal) -> None:
    report = {}
    for split, selection in selections.items():
        made = Counter(candidate.category for candidate in selection.kept)
        report[split] = {name: {"wanted": wanted, "made": made[name]} for name, wanted in selection.wanted.items()}
    dropped = Counter(record["kind"] for record in questions.records(questions) if not record["row"])
    path.write_text(json.dumps({"rows": report, "dropped": dict(sorted(dropped.items()))}, indent=1) + "\n")


def drop_unused(folder: Path, used: set[str]) -> None:
    """Pictures that came as bytes and that no row shows."""
    for path in sorted((folder / "media").rglob("*"), reverse=True):
        if path.is_file() and path.relative_to(folder).as_posix() not in used:
            path.unlink()
        elif path.is_dir() and not any(path.iterdir()):
            path.rmdir()


def why_not(questions: Journal) -> str:
    reasons = Counter(record["reason"] for record in questions.records(questions) if not record["row"])
    return f"most often because {reasons.most_common(1)[0][0]}" if reasons else "nothing could be asked"


def tell(folder: Path, selections: Mapping[str, Selection], num_dropped: int) -> None:
    for split, selection in selections.items():
        wanted, made = sum(selection.wanted.values()), len(selection.kept)
        for name, missing in short_of(selection).items():
            sys.stderr.write(
                f"scene_graph_qa: {split} lacks {missing} of {selection.wanted[name]} rows of {name}; other categories got "
                "what they could of its share.\n"
            )
        for form, count in selection.beyond.items():
            sys.stderr.write(
                f"scene_graph_qa: in {split} the commonest answer of {form} is right in {count} rows more than by chance; "
                "the source gives no others.\n"
            )
        if made < wanted:
            sys.stderr.write(f"scene_graph_qa: {split} has {made} of {wanted} rows; the source gives no more.\n")
    if num_dropped:
        sys.stderr.write(
            f"scene_graph_qa: {num_dropped} graphs and questions were of no use; {folder / REJECTED} says why.\n"
        )


def tell_cost(models: Models) -> None:
    for endpoint in models.all:
        spent = endpoint.spent
        sys.stderr.write(
            f"scene_graph_qa: {endpoint.settings.model}: {spent.calls} calls, {spent.input_tokens} tokens in, "
            f"{spent.output_tokens} out, cost {spent.cost:.4f}.\n"
        )
