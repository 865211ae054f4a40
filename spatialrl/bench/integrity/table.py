"""Rows of the suite as a table for people, in plain text or Markdown."""

from collections.abc import Iterable, Sequence

from spatialrl.bench.integrity.guess import EQUAL, RULES, Prior
from spatialrl.bench.integrity.measure import NOISY, Row

Cells = tuple[str, ...]

HEAD: Cells = ("reward", "cheap policy", "kind", "mean", "oracle", "noisy", "share", "guess", "bound", "holds")
GUESS_HEAD: Cells = ("kind", "tasks", "guess rate", "an answer is right where")
EXPLAINED = (
    "A row is a policy that does not look, before the kind of task where it comes closest to its bound. `mean`: what it "
    "earns. `oracle`: what the truth earns. `noisy`: what the truth earns that is seen with 10 % noise. `share` is the mean "
    "by the oracle's. `guess`: what guessing this kind of answer earns officially. `bound`: guess + 0.1 for who guesses, "
    "0.1 for mere form, 0 for emptiness; 0.8 from below for honesty with noise."
)


def worst_kinds(rows: Iterable[Row]) -> list[Row]:
    """Of each policy before each reward, the kind of task where it comes closest to its bound."""
    return _extreme(rows, lambda row: (row.reward, row.policy))


def strongest_policies(rows: Iterable[Row]) -> list[Row]:
    """Of each reward and kind of task, the policy that comes closest to its bound."""
    return _extreme((row for row in rows if row.policy != NOISY), lambda row: (row.reward, row.kind))


def measured(rows: Sequence[Row], *, markdown: bool) -> str:
    return _table(HEAD, [_cells(row) for row in rows], markdown)


def guess_rates(priors: Iterable[Prior], *, markdown: bool) -> str:
    cells = [
        (prior.kind, str(len(prior.items)), f"{prior.guess_rate:.3f}", RULES.get(prior.kind, EQUAL)[1])
        for prior in priors
    ]
    return _table(GUESS_HEAD, cells, markdown)


def _extreme(rows, key) -> list[Row]:
    found: dict[tuple[str, str], Row] = {}
    for row in rows:
        known = found.get(key(row))
        if known is None or row.margin < known.margin:
            found[key(row)] = row
    return list(found.values())


def _cells(row: Row) -> Cells:
    numbers = (row.mean, row.oracle, row.noisy, row.share, row.guess_rate)
    verdict = (f"{row.bound:.3f}", "yes" if row.holds else "NO") if row.is_bound else ("", "")
    return (row.reward, row.policy, row.kind, *(f"{number:.3f}" for number in numbers), *verdict)


def _table(head: Cells, body: Sequence[Cells], markdown: bool) -> str:
    widths = [max(map(len, column)) for column in zip(head, *body, strict=True)]
    lines = [" | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in (head, *body)]
    rule = "-|-".join("-" * width for width in widths)
    framed = [lines[0], rule, *lines[1:]]
    return "\n".join(f"| {line} |" if markdown else line.rstrip() for line in framed)
