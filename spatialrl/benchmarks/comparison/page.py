"""The page of a comparison: everything in one file, drawn by the style sheet of the reports and a few rules of its own."""

from dataclasses import dataclass
from pathlib import Path

from spatialrl.benchmarks.comparison.radar import Radar, radar
from spatialrl.benchmarks.comparison.table import Cell, Comparison, Row
from spatialrl.benchmarks.comparison.texts import chance
from spatialrl.report.html import render

FOLDER = Path(__file__).parent
NUM_COLOURS = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """In percent of the width."""

    colour: int
    model: str
    score: float
    low: float
    high: float
    blind: float | None
    """Where the strongest answer that does not look stands; of headlines only."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shares:
    """Of the questions, in percent."""

    model: str
    understood: float
    unread: float
    error: float


def page(comparison: Comparison) -> str:
    return render(
        FOLDER / "page.html.jinja",
        filters={"chance": chance},
        own_style=(FOLDER / "page.css").read_text(encoding="utf-8"),
        comparison=comparison,
        colours=[place % NUM_COLOURS for place in range(len(comparison.models))],
        radars=radars(comparison),
        sections=[(row, bars(row, comparison)) for row in comparison.rows],
        reliability=[(row, shares(row, comparison)) for row in comparison.rows],
    )


def radars(comparison: Comparison) -> list[tuple[str, Radar]]:
    """One for each rule, of the benchmarks that every model answered."""
    found = []
    for mode in dict.fromkeys(row.mode for row in comparison.rows):
        rows = [row for row in comparison.rows if row.mode == mode and all(row.cells)]
        scores = [
            [cell.summary.headline for row in rows if (cell := row.cells[i])] for i in range(len(comparison.models))
        ]
        drawn = radar([row.title for row in rows], scores)
        if drawn:
            found.append((mode, drawn))
    return found


def bars(row: Row, comparison: Comparison) -> list[tuple[str, list[Bar]]]:
    """The headline first, then every line."""
    found = [
        ("headline", [bar for i, cell in enumerate(row.cells) if cell and (bar := headline_bar(cell, i, comparison))])
    ]
    for name in row.lines:
        lines = [
            (i, line) for i, cell in enumerate(row.cells) if cell for line in cell.summary.lines if line.name == name
        ]
        found.append(
            (
                name,
                [
                    Bar(
                        colour=i % NUM_COLOURS,
                        model=comparison.models[i],
                        score=line.score,
                        low=line.low,
                        high=line.high,
                        blind=None,
                    )
                    for i, line in lines
                ],
            )
        )
    return found


def headline_bar(cell: Cell, place: int, comparison: Comparison) -> Bar:
    summary, blind = cell.summary, cell.best_blind
    return Bar(
        colour=place % NUM_COLOURS,
        model=comparison.models[place],
        score=summary.headline,
        low=summary.low,
        high=summary.high,
        blind=blind.headline if blind else None,
    )


def shares(row: Row, comparison: Comparison) -> list[Shares]:
    found = []
    for model, cell in zip(comparison.models, row.cells, strict=True):
        if cell is None:
            continue
        unread, errors = sum(cell.summary.unread.values()), cell.summary.num_errors
        total = max(1, cell.summary.num if comparison.errors == "wrong" else cell.summary.num + errors)
        left = 100 * unread / total, 100 * errors / total
        found.append(Shares(model=model, understood=100 - sum(left), unread=left[0], error=left[1]))
    return found
