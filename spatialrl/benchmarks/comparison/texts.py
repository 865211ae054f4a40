"""A comparison as Markdown to paste and as CSV to compute with."""

import csv
import io
from collections.abc import Sequence

from spatialrl.benchmarks.comparison.table import Cell, Comparison, Row
from spatialrl.benchmarks.scoring.paired import Difference

COLUMNS = ["benchmark", "mode", "model", "kind", "name", "num", "score", "low", "high", "p_bootstrap", "p_mcnemar"]


def markdown(comparison: Comparison) -> str:
    first, *others = comparison.models
    parts = [
        table(["benchmark", *comparison.models, *(f"{name} less {first}" for name in others)], headlines(comparison)),
        "Intervals are 95 %. `lift` is the headline less that of the strongest answer that does not look.",
        table(["benchmark", "model", "questions", "errors", "not understood"], reliability(comparison)),
        *(f"### {row.title}, {row.mode}\n\n{table(['', *comparison.models], by_line(row))}" for row in comparison.rows),
    ]
    return "\n\n".join(parts) + "\n"


def table(names: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [names, ["---"] * len(names), *rows]
    return "\n".join(f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in line)} |" for line in lines)


def headlines(comparison: Comparison) -> list[list[str]]:
    return [
        [
            f"{row.title}, {row.mode}",
            *(headline(cell) for cell in row.cells),
            *(told(cell.difference) if cell else "" for cell in row.cells[1:]),
        ]
        for row in comparison.rows
    ]


def headline(cell: Cell | None) -> str:
    if cell is None:
        return ""
    summary, blind = cell.summary, cell.best_blind
    lift = f", lift {blind.over.value:+.1f} over {blind.baseline}" if blind else ""
    return f"**{summary.headline:.1f}** ({summary.low:.1f} to {summary.high:.1f}){lift}"


def told(difference: Difference | None) -> str:
    if difference is None:
        return ""
    return f"{difference.value:+.1f} ({difference.low:+.1f} to {difference.high:+.1f}), p {chance(difference.p_value)}"


def chance(p_value: float) -> str:
    return "< 0.001" if p_value < 0.001 else f"{p_value:.3f}"


def reliability(comparison: Comparison) -> list[list[str]]:
    return [
        [
            f"{row.title}, {row.mode}",
            model,
            str(cell.summary.num),
            str(cell.summary.num_errors),
            f"{100 * cell.summary.unread_rate:.1f} %",
        ]
        for row in comparison.rows
        for model, cell in zip(comparison.models, row.cells, strict=True)
        if cell
    ]


def by_line(row: Row) -> list[list[str]]:
    found = [{line.name: line for line in cell.summary.lines} if cell else {} for cell in row.cells]
    return [
        [
            name,
            *(
                f"{lines[name].score:.1f} ({lines[name].low:.1f} to {lines[name].high:.1f})" if name in lines else ""
                for lines in found
            ),
        ]
        for name in row.lines
    ]


def csv_text(comparison: Comparison) -> str:
    """Long form: a line for every number, of kind headline, line, blind, lift, difference, errors or not understood."""
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(COLUMNS)
    for row in comparison.rows:
        for model, cell in zip(comparison.models, row.cells, strict=True):
            if cell:
                writer.writerows(
                    [row.benchmark, row.mode, model, *line] for line in numbers(cell, comparison.models[0])
                )
    return file.getvalue()


def numbers(cell: Cell, first: str) -> list[list[object]]:
    summary = cell.summary
    found: list[list[object]] = [
        ["headline", "", summary.num, *rounded(summary.headline, summary.low, summary.high), "", ""]
    ]
    found += [
        ["line", line.name, line.num, *rounded(line.score, line.low, line.high), "", ""] for line in summary.lines
    ]
    for lift in cell.lifts:
        found.append(["blind", lift.baseline, lift.over.num, *rounded(lift.headline), "", "", "", ""])
        found.append(["lift", lift.baseline, *compared(lift.over)])
    if cell.difference:
        found.append(["difference", first, *compared(cell.difference)])
    found.append(["errors", summary.errors, summary.num_errors, "", "", "", "", ""])
    found.append(
        ["not understood", "", sum(summary.unread.values()), *rounded(100 * summary.unread_rate), "", "", "", ""]
    )
    return found


def compared(difference: Difference) -> list[object]:
    return [
        difference.num,
        *rounded(difference.value, difference.low, difference.high, difference.p_value, difference.mcnemar),
    ]


def rounded(*values: float) -> list[str]:
    return [f"{value:.6g}" for value in values]
