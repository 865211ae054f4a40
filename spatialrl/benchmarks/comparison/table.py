"""The numbers of a comparison: a row for each benchmark and rule, a cell for each model. Every difference is taken from the
first model, on the questions that both were asked."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from spatialrl.benchmarks.comparison.results import Result
from spatialrl.benchmarks.scoring import Errors, Mode, Summary, summarise, tally_of
from spatialrl.benchmarks.scoring.lift import Lift, lifts
from spatialrl.benchmarks.scoring.paired import Difference, difference


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    summary: Summary
    lifts: tuple[Lift, ...]
    difference: Difference | None
    """From the first model; None for itself, and without questions in common."""

    @property
    def best_blind(self) -> Lift | None:
        """Of the baselines the strongest, so that the smallest lift is told."""
        return max(self.lifts, key=lambda lift: lift.headline, default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    benchmark: str
    title: str
    mode: Mode
    metric: str
    cells: tuple[Cell | None, ...]
    """By column."""

    @property
    def lines(self) -> list[str]:
        """Names of the lines, as the first model that has them gives them."""
        return list(dict.fromkeys(line.name for cell in self.cells if cell for line in cell.summary.lines))


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    models: tuple[str, ...]
    rows: tuple[Row, ...]
    errors: Errors


def compared(columns: Sequence[Sequence[Result]], *, errors: Errors = "wrong", seed: int = 0) -> Comparison:
    """`columns`: the results of each model."""
    keys = list(dict.fromkeys(result.key for results in columns for result in results))
    by_key = [{result.key: result for result in results} for results in columns]
    rows = [row([results.get(key) for results in by_key], errors=errors, seed=seed) for key in keys]
    return Comparison(models=tuple(names(columns)), rows=tuple(rows), errors=errors)


def names(columns: Sequence[Sequence[Result]]) -> list[str]:
    """The models'; where two columns have the same, with their folders."""
    plain = [", ".join(dict.fromkeys(result.model for result in results)) for results in columns]
    return [
        name if plain.count(name) == 1 else f"{name} ({results[0].folder.name})"
        for name, results in zip(plain, columns, strict=True)
    ]


def row(results: Sequence[Result | None], *, errors: Errors, seed: int) -> Row:
    first = next(result for result in results if result)
    cells = [cell(result, first, errors=errors, seed=seed) if result else None for result in results]
    benchmark = first.benchmark
    return Row(
        benchmark=benchmark.name, title=benchmark.title, mode=first.mode, metric=benchmark.metric, cells=tuple(cells)
    )


def cell(result: Result, first: Result, *, errors: Errors, seed: int) -> Cell:
    benchmark = result.benchmark
    tally = partial(tally_of, benchmark=benchmark, errors=errors)
    is_first = result is first
    return Cell(
        summary=summarise(result.samples, benchmark=benchmark, errors=errors, seed=seed),
        lifts=tuple(
            lifts(result.samples, benchmark=benchmark, mode=result.mode, text_only=result.text_only, seed=seed)
        ),
        difference=None if is_first else difference(first.samples, result.samples, tally=tally, seed=seed),
    )
