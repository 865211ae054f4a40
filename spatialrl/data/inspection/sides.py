"""Is each side as often right as the other? A data set in which `left` is the answer more often than `right` pays for a
habit. Counted are answers that name one side of a pair and not the other."""

import re
from collections import Counter

from spatialrl.data.inspection.finding import (
    LOOK_BEYOND,
    STOP_BEYOND,
    Bar,
    Bars,
    Finding,
    Verdict,
    percent,
    plural,
    worst,
)
from spatialrl.report.intervals import Share
from spatialrl.types import Task

PAIRS = {
    "left / right": ("left(?:most)?", "right(?:most)?"),
    "above / below": ("above|over|higher|top|upper|up", "below|under|underneath|beneath|lower|bottom|down"),
    "front / behind": ("front", "behind|back|rear"),
    "near / far": ("near|nearer|nearest|close|closer|closest", "far|farther|farthest|further|furthest"),
    "large / small": ("large|larger|largest|big|bigger|biggest", "small|smaller|smallest"),
    "tall / short": ("tall|taller|tallest|long|longer|longest", "short|shorter|shortest"),
    "clockwise / counterclockwise": ("(?<!counter )(?<!anti )clockwise", "(?:counter|anti)[- ]?clockwise"),
    "first / last": ("first|earlier|before", "last|later|after"),
    "yes / no": ("yes", "no"),
    "true / false": ("true", "false"),
}
"""Words of each side."""
COMPILED = {
    name: tuple(re.compile(rf"(?<![\w-])(?:{words})(?!\w)", re.IGNORECASE) for words in sides)
    for name, sides in PAIRS.items()
}
MOST_WORDS = 8
"""A longer answer is a sentence, in which words of sides may mean anything."""
MOST_SOURCES = 50


class SideCounts:
    def __init__(self) -> None:
        self.counts: Counter[tuple[str, str, int]] = Counter()
        """By source, pair and side."""
        self.sources: set[str] = set()

    def add(self, task: Task) -> None:
        answer = task.answer_text if task.answer_kind != "choice" or task.names_an_option else ""
        answer = answer.replace("_", " ")
        if task.answer_kind not in ("choice", "text", "label_pair") or len(answer.split()) > MOST_WORDS:
            return
        source = task.source if len(self.sources) < MOST_SOURCES or task.source in self.sources else "others"
        self.sources.add(source)
        for pair, side in sides_named(answer):
            self.counts[source, pair, side] += 1

    def share(self, pair: str, sources: set[str]) -> Share:
        first, second = (sum(self.counts[source, pair, side] for source in sources) for side in (0, 1))
        return Share(right=first, total=first + second)


def sides_named(text: str) -> list[tuple[str, int]]:
    """Of the pairs of which it names one side only."""
    found = []
    for pair, (first, second) in COMPILED.items():
        named = bool(first.search(text)), bool(second.search(text))
        found += [(pair, named.index(True))] if named.count(True) == 1 else []
    return found


def find_sides(counts: SideCounts) -> Finding:
    """Over all sources, and in each by itself: what one has too often, another may hide."""
    shares = {("", pair): counts.share(pair, counts.sources) for pair in PAIRS}
    if len(counts.sources) > 1:
        shares |= {(source, pair): counts.share(pair, {source}) for source in sorted(counts.sources) for pair in PAIRS}
    shares = {key: share for key, share in shares.items() if share.total}
    verdicts: dict[tuple[str, str], Verdict] = {key: verdict_of(share) for key, share in shares.items()}
    lopsided = tuple(in_words(*key, share) for key, share in shares.items() if verdicts[key] != "ok")
    told = (
        f"Lean to one side: {plural(len(lopsided), 'pair')}."
        if lopsided
        else "No pair of answers leans to one side for certain."
    )
    if not shares:
        told = "No answer names a side."
    bars = Bars(
        title="Sides of answers",
        about="Share of the first of two sides; a bar of one half is even. In brackets the 95 % interval.",
        bars=tuple(bar_of(source, pair, share) for (source, pair), share in shares.items() if not source),
    )
    return Finding(
        name="sides",
        verdict=worst(list(verdicts.values())),
        told=told,
        examples=lopsided,
        bars=(bars,) if shares else (),
    )


def verdict_of(share: Share) -> Verdict:
    """How far the nearer end of the interval is from one half."""
    low, high = share.interval
    distance = max(low - 0.5, 0.5 - high)
    return "stop" if distance > STOP_BEYOND else "look" if distance > LOOK_BEYOND else "ok"


def in_words(source: str, pair: str, share: Share) -> str:
    first, second = pair.split(" / ")
    low, high = share.interval
    return (
        f"{f'{source}: ' if source else ''}{first} {share.right:,}, {second} {share.total - share.right:,}: {first} is "
        f"{percent(share.value)}, surely between {percent(low)} and {percent(high)}"
    )


def bar_of(source: str, pair: str, share: Share) -> Bar:
    low, high = share.interval
    note = f"{share.total - share.right:,} the other; {percent(share.value)} ({100 * low:.1f} to {percent(high)})"
    return Bar(label=pair, count=share.right, fill=share.value, note=note)
