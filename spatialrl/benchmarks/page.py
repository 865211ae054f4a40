"""The tables of `docs/benchmarks.md`, made of the descriptions: `spatialrl data benchmarks=docs/benchmarks.md` puts them in
their place, and leaves the words around them as they are.
"""

import os
import re
from collections.abc import Iterable
from pathlib import Path

from spatialrl.benchmarks.spec import Benchmark, benchmark_names, read_benchmark, suites
from spatialrl.errors import DataError

HUB = "https://huggingface.co/datasets/"


def write_tables(path: Path) -> None:
    path = Path(path)
    if not path.is_file():
        raise DataError(
            f"{path} does not exist; give a page with the marks {mark('benchmarks')[0]} and {mark('suites')[0]}."
        )
    text = with_tables(path.read_text(encoding="utf-8"), place=str(path))
    partial = path.with_name(f".{path.name}.partial")
    partial.write_text(text, encoding="utf-8")
    os.replace(partial, path)


def with_tables(text: str, *, place: str) -> str:
    for name, table in {"benchmarks": benchmark_table(), "columns": column_table(), "suites": suite_table()}.items():
        begin, end = mark(name)
        found = re.search(f"{re.escape(begin)}.*?{re.escape(end)}", text, re.DOTALL)
        if found is None:
            raise DataError(f"{place} has no {begin} with {end} behind it; the table of {name} stands between them.")
        text = f"{text[: found.start()]}{begin}\n\n{table}\n\n{end}{text[found.end() :]}"
    return text


def mark(name: str) -> tuple[str, str]:
    return f"<!-- {name} -->", f"<!-- end of {name} -->"


def benchmark_table() -> str:
    header = ("benchmark", "what it asks", "rows", "metric", "headline", "chance", "licence", "source")
    return _table(header, (_cells(read_benchmark(name)) for name in benchmark_names()))


def column_table() -> str:
    """Of files, not of their variants."""
    rows = [
        (f"`{name}`", _code(b.columns.verified), _code(b.columns.card))
        for name in suites()["all"]
        for b in [read_benchmark(name)]
    ]
    return _table(("benchmark", "read by published evaluation code", "as its page or another loader says"), rows)


def suite_table() -> str:
    return _table(("suite", "benchmarks"), ((f"`{name}`", _code(members)) for name, members in suites().items()))


def _cells(benchmark: Benchmark) -> tuple[str, ...]:
    rows = "" if benchmark.num_rows is None else f"{benchmark.num_rows:,}"
    chance = "1 / options" if benchmark.chance == "options" else f"{benchmark.chance:g} %"
    told = (f"`{benchmark.metric}`", f"`{benchmark.aggregate.name}`", chance, benchmark.licence)
    return f"`{benchmark.name}`", benchmark.about, rows, *told, _source(benchmark)


def _source(benchmark: Benchmark) -> str:
    source, home = benchmark.source, benchmark.homepage
    if source.kind == "scenes":
        return f"`{home}`"
    if source.kind == "huggingface":
        own = f"[{source.path}]({HUB}{source.path})"
        return own if home == HUB + source.path else f"{own}, from [here]({home})"
    files = source.files if isinstance(source.files, str) else ", ".join(source.files)
    return f"[{files or source.path}]({home})"


def _code(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _table(header: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [header, ("---",) * len(header), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
