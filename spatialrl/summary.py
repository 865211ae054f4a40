"""The closing words of a run: what it reached, and where to look."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from statistics import fmean


def summary(folder: Path) -> str:
    """Held-out figures before, after and blind; speed; the report."""
    lines = [f"{moment:<22}{figures}" for moment, figures in held_out(folder)]
    rows = [json.loads(line) for line in (folder / "metrics.jsonl").read_text().splitlines()]
    if speeds := [speed for row in rows if (speed := tokens_per_second(row))]:
        lines.append(f"{'completion tokens/s':<22}{fmean(speeds):.0f}")
    if (exposed := exposed_share(rows)) is not None:
        lines.append(f"{'waited for rewards':<22}{100 * exposed:.1f} % of the time")
    if (folder / "checkpoints/last").exists():
        lines.append(f"{'checkpoint':<22}{folder / 'checkpoints/last'}")
    lines.append(f"{'report':<22}{folder / 'report.html'}")
    return "\n".join(lines)


def held_out(folder: Path) -> list[tuple[str, str]]:
    names = {"before": "held out, before RL", "after": "held out, after RL", "blind": "the same, blanked"}
    found = {moment: folder / f"evaluation/{moment}.json" for moment in names}
    metrics = {moment: json.loads(path.read_text()) for moment, path in found.items() if path.exists()}
    lines = [(names[moment], figures(metrics[moment])) for moment in metrics]
    if "blind" in metrics:
        lines.append(("always the commonest", f"accuracy {metrics['blind']['baseline/most_frequent']:.3f}"))
    return lines


def figures(metrics: dict[str, float]) -> str:
    """Not every reward has a part for accuracy, and what could not be scored has no mean."""
    told = {"accuracy": metrics.get("reward/accuracy"), "reward": metrics.get("reward/mean")}
    return "   ".join(f"{name} {value:.3f}" for name, value in told.items() if value is not None)


def exposed_share(rows: Sequence[Mapping[str, float]]) -> float | None:
    """Of the time of all steps, how much went by with nothing left to do but wait for scores."""
    timed = [row for row in rows if "time/reward_exposed_s" in row and row.get("time/step_s")]
    if not timed:
        return None
    return sum(row["time/reward_exposed_s"] for row in timed) / sum(row["time/step_s"] for row in timed)


def tokens_per_second(row: Mapping[str, float]) -> float:
    return row.get("rollout/completion_tokens", 0.0) / row["time/collect_s"] if row.get("time/collect_s") else 0.0
