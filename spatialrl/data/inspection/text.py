"""An inspection as text: what there is, then a line for each finding, with examples where there is something to see."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from spatialrl.data.inspection.finding import Bars, Finding
from spatialrl.report.charts import compact

if TYPE_CHECKING:
    from spatialrl.data.inspection.run import Inspection

MOST_BARS = 6
MOST_EXAMPLES = 5
NAME_WIDTH = 18


def in_words(found: "Inspection") -> str:
    lines = [f"{found.name}: {found.summary}", ""]
    lines += [line for bars in found.counts for line in _bars(bars)]
    lines += [line for finding in found.findings for bars in finding.bars for line in _bars(bars)]
    lines += [line for finding in found.findings for line in _finding(finding)]
    counts = ", ".join(f"{len(found.of(verdict))} {verdict}" for verdict in ("ok", "look", "stop"))
    return "\n".join([*lines, "", f"{counts}.", ""])


def _bars(bars: Bars) -> Iterator[str]:
    """Values without notes, such as quantiles, stand in one line."""
    title = f"{bars.title}{f'. {bars.about}' if bars.about else ''}"
    if not any(bar.note for bar in bars.bars):
        yield f"{title} {', '.join(f'{bar.label}: {_number(bar.count)}' for bar in bars.bars)}"
        yield ""
        return
    yield title
    width = max((len(bar.label) for bar in bars.bars[:MOST_BARS]), default=0)
    for bar in bars.bars[:MOST_BARS]:
        yield f"  {bar.label:<{min(width, 40)}}  {_number(bar.count):>9}  {bar.note}".rstrip()
    if (left := len(bars.bars) - MOST_BARS) > 0:
        yield f"  and {left} more"
    yield ""


def _number(value: float) -> str:
    return f"{value:,}" if isinstance(value, int) else compact(value)


def _finding(finding: Finding) -> Iterator[str]:
    yield f"{finding.verdict:<5} {finding.name:<{NAME_WIDTH}} {finding.told}"
    for example in finding.examples[:MOST_EXAMPLES]:
        yield f"      {'':<{NAME_WIDTH}} {example}"
    if (left := len(finding.examples) - MOST_EXAMPLES) > 0:
        yield f"      {'':<{NAME_WIDTH}} and {left} more on the page"
