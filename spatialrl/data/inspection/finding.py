"""What an inspection says: findings with a verdict, and counts as bars. Verdicts on shares go by intervals, so that few rows
never look biased."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from spatialrl.report.intervals import Share

Verdict = Literal["ok", "look", "stop"]
VERDICTS: tuple[Verdict, ...] = ("ok", "look", "stop")
"""ok: nothing found. look: worth a look before money is spent. stop: training on it would be a mistake."""

LOOK_BEYOND = 0.05
STOP_BEYOND = 0.25
"""How far the 95 % interval of a share has to lie from what chance gives."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    label: str
    count: float
    fill: float
    """Length of the bar, 0 to 1."""
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bars:
    title: str
    bars: tuple[Bar, ...]
    about: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    name: str
    verdict: Verdict
    told: str
    """One sentence."""
    examples: tuple[str, ...] = ()
    bars: tuple[Bars, ...] = ()

    @property
    def rank(self) -> int:
        """The worse, the higher."""
        return VERDICTS.index(self.verdict)


def worst(verdicts: Sequence[Verdict]) -> Verdict:
    return VERDICTS[max(map(VERDICTS.index, verdicts), default=0)]


def beyond(share: Share, chance: float) -> Verdict:
    """How surely a share is larger than chance gives."""
    distance = share.interval[0] - chance
    return "stop" if distance > STOP_BEYOND else "look" if distance > LOOK_BEYOND else "ok"


def share_bar(label: str, share: Share) -> Bar:
    low, high = share.interval
    note = f"{percent(share.value)} ({100 * low:.1f} to {percent(high)})"
    return Bar(label=label, count=share.right, fill=share.value, note=note)


def count_bars(title: str, counts: Sequence[tuple[str, int]], *, total: int, about: str = "") -> Bars:
    """The longest bar is full."""
    longest = max((count for _, count in counts), default=1)
    bars = (
        Bar(label=label, count=count, fill=count / longest, note=percent(count / max(total, 1)))
        for label, count in counts
    )
    return Bars(title=title, bars=tuple(bars), about=about)


def value_bars(title: str, values: Sequence[tuple[str, float]], *, about: str) -> Bars:
    """Quantiles and the like: what counts is the value itself."""
    longest = max((abs(value) for _, value in values), default=0.0) or 1.0
    bars = (Bar(label=label, count=value, fill=abs(value) / longest) for label, value in values)
    return Bars(title=title, bars=tuple(bars), about=about)


def percent(share: float) -> str:
    return f"{100 * share:.1f} %"


def plural(count: int, noun: str, several: str = "") -> str:
    """1 row, 1,200 rows."""
    return f"{count:,} {noun if count == 1 else several or noun + 's'}"
