import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from small_sources import picture, put

from spatialrl.benchmarks.cells import NAME
from spatialrl.benchmarks.page import mark, with_tables, write_tables
from spatialrl.benchmarks.rows import questions
from spatialrl.benchmarks.spec import Benchmark, Part, benchmark_names, expand, read_benchmark
from spatialrl.errors import DataError

PAGE = Path(__file__).parents[3] / "docs/benchmarks.md"


def test_the_page_says_what_the_descriptions_say():
    text = PAGE.read_text()
    assert with_tables(text, place="docs/benchmarks.md") == text, "spatialrl data benchmarks=docs/benchmarks.md"


def test_a_page_keeps_its_words_and_gets_its_tables(tmp_path: Path):
    page = tmp_path / "page.md"
    page.write_text("\n".join(["Before.", *mark("benchmarks"), *mark("columns"), *mark("suites"), "After."]))
    write_tables(page)
    lines = page.read_text().splitlines()
    assert (lines[0], lines[-1]) == ("Before.", "After.")
    assert [line.split(" | ")[2] for line in lines if line.startswith("| `cv_bench` | count")] == ["2,638"]


def test_a_page_without_a_place_for_a_table_is_told(tmp_path: Path):
    page = tmp_path / "page.md"
    page.write_text("Words.")
    with pytest.raises(
        DataError, match=r"page.md has no <!-- benchmarks --> with <!-- end of benchmarks --> behind it"
    ):
        write_tables(page)


def columns_of(benchmark: Benchmark) -> Iterator[str]:
    """Every column that its description names."""
    fields, media = benchmark.fields, benchmark.media
    question = (fields.question,) if isinstance(fields.question, str) else fields.question
    plain = benchmark.form == "columns"
    said = [fields.id, *question, *([] if benchmark.answers.always else [fields.answer]), fields.unit] if plain else []
    said += [fields.category, fields.group, *fields.extra.values(), *media.images, *media.depth, *media.videos]
    texts = [part.column if isinstance(part, Part) else part for part in said] + [benchmark.options.column]
    for text in texts:
        named = NAME.findall(text)
        yield from (name.partition(".")[0] for name in named or ([text] if text and not text.startswith("=") else []))


@pytest.mark.parametrize("name", [name for name in benchmark_names() if not name.startswith("scenes")])
def test_every_column_says_how_it_is_known(name: str):
    benchmark = read_benchmark(name)
    known = {*benchmark.columns.verified, *benchmark.columns.card}
    assert set(columns_of(benchmark)) - known == set()
    assert not set(benchmark.columns.verified) & set(benchmark.columns.card)


def test_a_title_and_a_home_are_given_for_each():
    for name in benchmark_names():
        benchmark = read_benchmark(name)
        assert benchmark.title[0].isupper() or benchmark.title[0].isdigit()
        assert re.match("https://|spatialrl ", benchmark.homepage)
        assert "|" not in benchmark.about + benchmark.title


def test_the_example_of_a_file_of_ones_own_asks_its_rows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    text = PAGE.read_text()
    mine = text.partition("```yaml\n")[2].partition("```")[0]
    row = re.findall(r"`(\{\"name\".*?\})`", text)[0]
    monkeypatch.chdir(tmp_path)
    put(tmp_path / "mine.yaml", mine.encode())
    put(tmp_path / "shelves/questions.jsonl", row.encode())
    put(tmp_path / "shelves/photos/a1.jpg", picture(form="JPEG"))
    (benchmark,) = expand("mine.yaml")
    (task,) = questions(benchmark, folder=tmp_path / "out", report=[].append)
    assert (task.id, task.options, task.answer, task.extra["category"]) == ("a1", ("left", "right"), "B", "hall")
