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
    return "\n\n".join(part for result in results for part in (lines_of(result),))


def lines_of(result: Result) -> str:
    summary = result.summary
    told = [
        f"{result.benchmark.title}: {summary.headline:.1f} {summary.unit} ({summary.low:.1f} to {summary.high:.1f})"
    ]
    told += [
        f"  {line.name:<32} {line.score:6.1f}  ({line.low:.1f} to {line.high:.1f}, {line.num})"
        for line in summary.lines
    ]
    told.append(f"  {summary.num} questions, {summary.num_errors} errors, {100 * summary.unread_rate:.1f} % unread")
    told.append(f"  {result.folder}")
    return "\n".join(told)
