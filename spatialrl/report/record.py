"""A run folder, read back. What is not there is empty: a run may be young, interrupted or never evaluated."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

Row = dict[str, Any]

MOMENTS = ("before", "after", "blind")


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    name: str
    config: str
    """YAML, as the run wrote it."""
    manifest: Row
    steps: list[Row]
    """Rows of metrics.jsonl."""
    evaluations: dict[str, list[Row]]
    """By moment: one row per held-out task."""
    last_rollouts: list[Row]
    """Trajectories of the newest step."""


def read_run(folder: Path) -> Record:
    config = read_text(folder / "config.yaml")
    values = yaml.safe_load(config) or {}
    steps_on_disk = sorted((folder / "rollouts").glob("step_*.jsonl"))
    return Record(
        name=str(values.get("name", folder.resolve().name)),
        config=config,
        manifest=json.loads(read_text(folder / "manifest.json") or "{}"),
        steps=read_rows(folder / "metrics.jsonl"),
        evaluations={moment: rows for moment in MOMENTS if (rows := read_rows(folder / f"evaluation/{moment}.jsonl"))},
        last_rollouts=read_rows(steps_on_disk[-1]) if steps_on_disk else [],
    )


def read_text(path: Path) -> str:
    return path.read_text(encoding="utf-8") if path.exists() else ""


def read_rows(path: Path) -> list[Row]:
    """A last line without its end is left out: the run that wrote it goes on, or was killed."""
    lines = read_text(path).splitlines(keepends=True)
    return [json.loads(line) for line in lines if line.endswith("\n") and line.strip()]
