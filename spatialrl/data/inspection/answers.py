"""What somebody earns who never looks: by always giving the commonest answer, the same letter, or the longest option."""

from spatialrl.data.inspection.finding import (
    Bar,
    Bars,
    Finding,
    Verdict,
    beyond,
    count_bars,
    percent,
    plural,
    share_bar,
    value_bars,
    worst,
)
from spatialrl.data.inspection.notes import Notes
from spatialrl.report.intervals import Share
from spatialrl.types import LETTERS

COMMON = 0.5
"""A commonest answer is expected to have up to this share: of two answers one half."""
MOST_SHOWN = 10
MOST_FAMILIES = 100
QUANTILES = (0.0, 0.05, 0.25, 0.5, 0.75, 0.95, 1.0)

COUNTS = """
WITH counts AS (
    SELECT kind, family, source, min(answer_text) AS answer, count(*) AS n FROM rows
    WHERE is_ours GROUP BY kind, family, source, rows.answer)
SELECT kind, family, source, answer, max(n), sum(n) FROM counts GROUP BY kind, family, source ORDER BY max(n) DESC
"""


def find_answers(notes: Notes) -> Finding:
    """The commonest answer of every source, family and kind."""
    found = [
        (f"{source or 'no source'}, {family or kind}: {answer}", Share(right=most, total=total))
        for kind, family, source, answer, most, total in notes.all(COUNTS)
    ]
    verdicts: list[Verdict] = [beyond(share, COMMON) for _, share in found]
    lopsided = [pair for pair, verdict in zip(found, verdicts, strict=True) if verdict != "ok"]
    told = "No answer is so common that giving it always would pay."
    if lopsided:
        told = f"Always saying the same is right most of the time: {plural(len(lopsided), 'kind')} of question."
    lines = sorted(lopsided or found, key=lambda pair: -pair[1].value)[:MOST_FAMILIES]
    bars = Bars(
        title="Commonest answers",
        about="Of every source and family: the share of its commonest answer, which is what always giving it earns.",
        bars=tuple(share_bar(label, share) for label, share in lines),
    )
    return Finding(
        name="answers",
        verdict=worst(verdicts),
        told=told,
        examples=tuple(f"{label}, {percent(share.value)} of {share.total:,}" for label, share in lopsided),
        bars=(bars, *distributions(notes)) if found else (),
    )


def distributions(notes: Notes) -> list[Bars]:
    """Of every kind of answer; of numbers the quantiles, unit by unit."""
    made = []
    for kind, total in notes.all("SELECT kind, count(*) FROM rows WHERE is_ours GROUP BY kind ORDER BY count(*) DESC"):
        query = "SELECT min(answer_text), count(*) AS n FROM rows WHERE is_ours AND kind = ? GROUP BY answer"
        counts = notes.all(f"{query} ORDER BY n DESC, 1 LIMIT ?", kind, MOST_SHOWN)
        distinct = notes.one("SELECT count(DISTINCT answer) FROM rows WHERE is_ours AND kind = ?", kind)
        about = f"The commonest of {distinct:,} different answers." if distinct > MOST_SHOWN else ""
        made.append(count_bars(f"Answers: {kind}", counts, total=total, about=about))
    units = "SELECT unit, count(*) FROM rows WHERE is_ours AND value IS NOT NULL GROUP BY unit ORDER BY count(*) DESC"
    for unit, total in notes.all(f"{units} LIMIT {MOST_SHOWN}"):
        query = (
            "SELECT value FROM rows WHERE is_ours AND value IS NOT NULL AND unit = ? ORDER BY value LIMIT 1 OFFSET ?"
        )
        values = [(f"{round(100 * q)} %", notes.one(query, unit, round(q * (total - 1)))) for q in QUANTILES]
        title = f"Numbers in {unit}" if unit else "Numbers without a unit"
        made.append(value_bars(title, values, about=f"Quantiles of {total:,} answers."))
    return made


def find_positions(notes: Notes) -> Finding:
    """Is every letter as often right as the others with as many options? Is the longest option right too often?"""
    query = "SELECT num_options, letter, count(*) FROM rows WHERE is_ours AND letter IS NOT NULL GROUP BY 1, 2"
    counts = {(options, letter): count for options, letter, count in notes.all(query)}
    verdicts: list[Verdict] = []
    examples, made = [], []
    for options in sorted({options for options, _ in counts}):
        total = sum(count for (of, _), count in counts.items() if of == options)
        bars: list[Bar] = []
        for letter in range(options):
            share = Share(right=counts.get((options, letter), 0), total=total)
            bars.append(share_bar(LETTERS[letter], share))
            verdicts.append(verdict := beyond(share, 1 / options))
            if verdict != "ok":
                examples.append(
                    f"{LETTERS[letter]} of {options} options: {bars[-1].note}, {percent(1 / options)} by chance"
                )
        made.append(Bars(title=f"Right letter of {options} options", about=f"{total:,} rows.", bars=tuple(bars)))
    longest, chance = longest_option(notes)
    if longest is not None and (verdict := beyond(longest, chance)) != "ok":
        verdicts.append(verdict)
        examples.append(f"the longest option: {share_bar('', longest).note}, {percent(chance)} by chance")
    told = f"Right too often: {plural(len(examples), 'place')}." if examples else "No letter is right too often."
    return Finding(
        name="positions",
        verdict=worst(verdicts),
        told=told if counts else "No row has options.",
        examples=tuple(examples),
        bars=tuple(made),
    )


def longest_option(notes: Notes) -> tuple[Share | None, float]:
    """How often it is the right one, and how often it would be by chance; over rows in which one is the longest."""
    query = (
        "SELECT count(*), sum(is_longest), avg(1.0 / num_options) FROM rows WHERE is_ours AND is_longest IS NOT NULL"
    )
    ((total, right, chance),) = notes.all(query)
    return (Share(right=right, total=total), chance) if total else (None, 0.0)
