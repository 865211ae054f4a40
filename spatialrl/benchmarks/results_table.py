"""What an evaluation says on the console: its plan before, its table after."""

from collections.abc import Sequence

from spatialrl.benchmarks.run import Result
from spatialrl.benchmarks.spec import Benchmark
from spatialrl.config import RunConfig


def plan(config: RunConfig, benchmarks: Sequence[Benchmark]) -> str:
    asked = config.eval
    rows = ", ".join(f"{each.name} ({each.num_rows or 'unknown'} rows)" for each in benchmarks)
    return "\n".join(
        [
            f"model      {config.model.path} ({config.model.dtype}), answered by {asked.backend}",
            f"benchmark  {rows}",
            f"prompt     {asked.template}, at most {config.data.max_pixels} pixels",
            f"decoding   temperature {asked.sampling.temperature:g}, at most {asked.sampling.max_tokens} tokens",
            f"scoring    {asked.mode}",
            f"answers    {asked.output_dir}",
        ]
    )


def table(results: Sequence[Result]) -> str:
    return "\n\n".join(map(lines_of, results))


def lines_of(result: Result) -> str:
    summary = result.summary
    title = f"{result.benchmark.title}: {summary.headline:.1f} {summary.unit} ({summary.low:.1f} to {summary.high:.1f})"
    parts = [
        f"  {line.name:<28} {line.score:6.1f}  ({line.low:.1f} to {line.high:.1f}, {line.num})"
        for line in summary.lines
    ]
    lifts = [
        f"  over {lift.baseline:<23} {lift.over.value:+6.1f}  ({lift.over.low:+.1f} to {lift.over.high:+.1f}, "
        f"from {lift.headline:.1f})"
        for lift in result.lifts
    ]
    counts = f"  {summary.num} questions, {summary.num_errors} errors, {100 * summary.unread_rate:.1f} % unread"
    return "\n".join([title, *parts, *lifts, counts, f"  {result.folder}"])
