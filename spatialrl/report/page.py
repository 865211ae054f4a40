"""`spatialrl report run=FOLDER`: the page, assembled."""

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean

from spatialrl.data.folders import write_whole
from spatialrl.errors import ConfigError
from spatialrl.report.cards import choose_cards
from spatialrl.report.charts import Chart, compact, curve, is_flat, line_chart, sections
from spatialrl.report.html import FOLDER, render
from spatialrl.report.intervals import families, mean_reward, of_family, share, turned
from spatialrl.report.record import Record, Row, read_run
from spatialrl.summary import exposed_share, tokens_per_second
from spatialrl.words import read_words

SECTIONS = {
    "reward": "What the answers of a step were worth, on average.",
    "loss": "What the actor minimised.",
    "rollout": "What the policy wrote.",
    "actor": "How far an update moved the policy.",
    "sync": "Carrying the new weights to the engines.",
    "time": "Where the seconds of a step went.",
    "memory": "What the workers held.",
}
"""In the order of the page; other sections follow by name."""
OPEN = ("reward", "loss")
MOST_TABLE_ROWS = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Tile:
    label: str
    value: str
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    name: str
    about: str
    is_open: bool
    charts: list[Chart]
    constants: list[tuple[str, str]]
    """Numbers that did not change."""
    columns: list[str]
    table: list[list[str]]


def report(words: list[str]) -> None:
    """The verb."""
    arguments = read_words(words)
    if arguments.keys() != {"run"}:
        raise ConfigError("Say `spatialrl report run=outputs/demo/rl`.")
    folder = Path(str(arguments["run"]))
    if not folder.is_dir():
        raise ConfigError(f"run={folder}: there is no such folder.")
    sys.stdout.write(f"{write_report(folder)}\n")


def write_report(run_folder: Path) -> Path:
    """Writes `report.html` into the run folder, in one piece, and returns its path."""
    path = run_folder / "report.html"
    write_whole(path, page(read_run(run_folder)))
    return path


def page(record: Record) -> str:
    return render(
        FOLDER / "page.html.jinja",
        filters={"percent": percent},
        record=record,
        sentence=sentence(record),
        facts=facts(record),
        tiles=tiles(record),
        evaluation=evaluation_rows(record.evaluations),
        turned=turned(record.evaluations.get("before", []), record.evaluations.get("after", [])),
        cards=choose_cards(record),
        sections=[section(name, record.steps) for name in ordered(sections(record.steps))],
    )


def tiles(record: Record) -> list[Tile]:
    """The figures to remember; only those that were measured."""
    found = record.evaluations
    made = []
    if latest := found.get("after") or found.get("before"):
        low, high = share(latest).interval
        note = f"95 % interval {percent(low)} to {percent(high)}, {len(latest)} tasks"
        made += [
            Tile(label="held-out accuracy", value=change(found, lambda rows: percent(share(rows).value)), note=note),
            Tile(label="held-out reward", value=change(found, shown_reward), note="mean over the scored tasks"),
        ]
    if "blind" in found:
        note = "the same questions with every image blanked"
        made.append(Tile(label="blind accuracy", value=percent(share(found["blind"]).value), note=note))
    if speeds := [speed for row in record.steps if (speed := tokens_per_second(row))]:
        made.append(Tile(label="completion tokens per second", value=f"{fmean(speeds):,.0f}", note="while collecting"))
    if (exposed := exposed_share(record.steps)) is not None:
        note = "of the time of a step, after its last completion was written"
        made.append(Tile(label="waited for rewards", value=percent(exposed), note=note))
    return made


def change(found: dict[str, list[Row]], figure: Callable[[list[Row]], str]) -> str:
    """`12.0 % -> 34.0 %`, or the one that there is."""
    return " → ".join(figure(found[moment]) for moment in ("before", "after") if moment in found)


def shown_reward(rows: Sequence[Row]) -> str:
    value = mean_reward(rows)
    return "unscored" if value is None else f"{value:.3f}"


def sentence(record: Record) -> str:
    """The run in one line."""
    said = [f"{tile.label} {tile.value}" for tile in tiles(record)]
    if not said and (losses := [row["loss/policy"] for row in record.steps if "loss/policy" in row]):
        said = [f"loss {compact(losses[0])} → {compact(losses[-1])}"]
    steps = f"{len(record.steps):,} steps" if record.steps else "No step yet"
    return ", ".join([steps, *said]) + "."


def facts(record: Record) -> list[tuple[str, str]]:
    """Where and when, in a few words."""
    manifest = record.manifest
    known = {
        "started": manifest.get("started", "").replace("T", " "),
        "duration": duration(record.steps),
        "seed": str(manifest.get("seed", "")),
        "commit": manifest.get("git_commit", "")[:10],
        "command": " ".join(manifest.get("command", [])),
    }
    return [(name, value) for name, value in known.items() if value]


def duration(steps: Sequence[Row]) -> str:
    """Of the steps alone, from the start of the first to the end of the last."""
    if not steps:
        return ""
    seconds = round(steps[-1]["wall_time"] - steps[0]["wall_time"] + steps[0].get("time/step_s", 0.0))
    parts = ((seconds // 3600, "h"), (seconds // 60 % 60, "min"), (seconds % 60, "s"))
    return " ".join(f"{number} {unit}" for number, unit in parts if number or unit == "s")


def evaluation_rows(evaluations: dict[str, list[Row]]) -> list[dict]:
    """One row for all tasks and one per family; each holds a share per moment."""
    groups = [("all", None), *((family, family) for family in families(evaluations))] if evaluations else []
    table = []
    for title, family in groups:
        rows = {moment: of_family(rows, family) if family else rows for moment, rows in evaluations.items()}
        table.append(
            {
                "title": title,
                "shares": {moment: share(chosen) for moment, chosen in rows.items() if chosen},
                "rewards": {moment: shown_reward(chosen) for moment, chosen in rows.items() if chosen},
            }
        )
    return table


def section(name: str, rows: Sequence[Row]) -> Section:
    names = sections(rows)[name]
    curves = {metric: points for metric in names if (points := curve(metric, rows))}
    flat = [metric for metric in curves if is_flat(curves[metric])]
    shown = evenly(rows, MOST_TABLE_ROWS)
    return Section(
        name=name,
        about=SECTIONS.get(name, ""),
        is_open=name in OPEN,
        charts=[line_chart(metric, points) for metric, points in curves.items() if metric not in flat],
        constants=[(short(metric), compact(curves[metric][-1][1])) for metric in flat],
        columns=[short(metric) for metric in names],
        table=[[str(row["step"]), *(compact(row[m]) if m in row else "" for m in names)] for row in shown],
    )


def short(metric: str) -> str:
    return metric.split("/", 1)[1]


def ordered(names: dict[str, list[str]]) -> list[str]:
    return [name for name in SECTIONS if name in names] + sorted(name for name in names if name not in SECTIONS)


def evenly(rows: Sequence[Row], most: int) -> list[Row]:
    """At most `most` rows, the first and the last among them."""
    if len(rows) <= most:
        return list(rows)
    return [rows[round(index * (len(rows) - 1) / (most - 1))] for index in range(most)]


def percent(share: float) -> str:
    return f"{100 * share:.1f} %"
