from pathlib import Path

from spatialrl.benchmarks.scoring import AGGREGATES, GRADERS

METRICS, _, OTHERS = (Path(__file__).parents[4] / "docs/scoring.md").read_text().partition("## Aggregates")


def test_every_metric_stands_in_the_documents_with_its_two_rules():
    lines = {name: f"| {grader.source} | {grader.corrects} |" for name, grader in GRADERS.items()}
    rows = {line.split("`")[1]: line for line in METRICS.splitlines() if line.startswith("| `")}
    assert {name: end for name, end in lines.items() if not rows[name].endswith(end)} == {}


def test_every_aggregate_stands_in_the_documents():
    assert [name for name in AGGREGATES if f"`{name}`" not in OTHERS] == []
