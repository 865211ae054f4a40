"""`spatialrl bench suite=integrity`: what cheap policies earn from every reward, as a table."""

import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from spatialrl.bench.integrity import judges
from spatialrl.bench.integrity.judges import COMPAT, JUDGED_PARTS, PRESETS, Judge
from spatialrl.bench.integrity.measure import Row, Suite
from spatialrl.bench.integrity.table import EXPLAINED, guess_rates, measured, strongest_policies, worst_kinds
from spatialrl.errors import ConfigError

GROUPS: dict[str, tuple[str, Callable[[], list[Judge]]]] = {
    "presets": ("Corrected presets", judges.presets),
    "parts": ("Corrected parts", judges.parts),
    "compat": ("Presets that keep the original holes", judges.compat),
}
ROWS: dict[str, Callable[[list[Row]], Sequence[Row]]] = {
    "policies": worst_kinds,
    "strongest": strongest_policies,
    "all": lambda rows: rows,
}
FORMATS = ("text", "markdown")
FEWEST_TASKS = 8


def integrity(
    *,
    reward: str = "all",
    seed: int = 0,
    num_tasks: int = 24,
    rows: str = "policies",
    format: str = "text",
    output: str = "",
) -> None:
    """`reward`: all, presets, parts, compat, or one by its name. `rows`: every policy before the kind of task where it does
    best, the strongest policy before every kind, or all. `num_tasks` of each kind. `output`: a file to write to."""
    _check(rows=rows, format=format, num_tasks=num_tasks)
    text = _report(chosen(reward), Suite(seed=seed, num_tasks=num_tasks), rows=rows, markdown=format == "markdown")
    if output:
        Path(output).write_text(text)
    else:
        sys.stdout.write(text)


def chosen(reward: str) -> dict[str, list[Judge]]:
    """By the title of their table."""
    names = [name for group in (PRESETS, JUDGED_PARTS, COMPAT) for name in group]
    if reward not in ("all", *GROUPS, *names):
        raise ConfigError(f"reward={reward}: there are: all, {', '.join((*GROUPS, *names))}.")
    known = {title: make() for group, (title, make) in GROUPS.items() if reward in ("all", group, *names)}
    if reward in names:
        known = {title: [judge for judge in group if judge.name == reward] for title, group in known.items()}
    return {title: group for title, group in known.items() if group}


def _report(groups: dict[str, list[Judge]], suite: Suite, *, rows: str, markdown: bool) -> str:
    heading = "## {}\n\n" if markdown else "{}\n\n"
    sections = []
    for title, group in groups.items():
        found = list(suite.rows(group))
        bound = [row for row in found if row.is_bound]
        verdict = f"{sum(row.holds for row in bound)} of {len(bound)} bounds hold.\n\n" if bound else ""
        sections.append(heading.format(title) + verdict + measured(ROWS[rows](found), markdown=markdown) + "\n")
    guesses = heading.format("Guess rates") + guess_rates(suite.priors, markdown=markdown) + "\n"
    return "\n".join([EXPLAINED + "\n", *sections, guesses])


def _check(*, rows: str, format: str, num_tasks: int) -> None:
    if rows not in ROWS:
        raise ConfigError(f"rows={rows}: there are: {', '.join(ROWS)}.")
    if format not in FORMATS:
        raise ConfigError(f"format={format}: there are: {', '.join(FORMATS)}.")
    if not isinstance(num_tasks, int) or num_tasks < FEWEST_TASKS:
        raise ConfigError(f"num_tasks={num_tasks}: give a whole number, {FEWEST_TASKS} at least.")
