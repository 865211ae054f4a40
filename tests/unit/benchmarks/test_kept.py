"""When the questions of a benchmark are kept, and when they are read anew."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from small_sources import tasks_of
from small_video import VIDEO

from spatialrl.benchmarks import kept as module
from spatialrl.benchmarks.kept import Keeping, Kept, description
from spatialrl.benchmarks.spec import read_benchmark
from spatialrl.data.importers.probe import FrameBudget
from spatialrl.data.importers.source import Source, open_source
from tests.fakes import make_task

FRAMES = FrameBudget(fps=1, min_frames=2, max_frames=8)


def keep(folder: Path, *names: str, flaws: tuple[str, ...] = (), is_finished: bool = True) -> Kept:
    kept = Kept(folder, asked={"version": 1})
    with Keeping(kept) as keeping:
        for name in names:
            keeping.add(make_task(name))
        if is_finished:
            keeping.finish(told=[f"{len(names)} questions"], flaws=flaws)
    return kept


def ids(kept: Kept) -> list[str]:
    return [task.id for task in kept.tasks()]


def test_flaws_that_the_user_can_mend_are_looked_at_again(tmp_path: Path):
    assert keep(tmp_path, "a", flaws=("answer",)).is_there
    assert not keep(tmp_path, "a", flaws=("answer", "media")).is_there


def test_while_rows_are_read_anew_nothing_old_is_taken_for_them(tmp_path: Path):
    assert keep(tmp_path, "old").is_there
    left = keep(tmp_path, "new", "and half", is_finished=False)
    assert not left.is_there
    assert ids(keep(tmp_path, "new", "whole")) == ["new", "whole"]


def test_of_two_processes_that_read_at_once_one_keeps_and_both_read(tmp_path: Path):
    kept = Kept(tmp_path, asked={"version": 1})
    with Keeping(kept) as first, Keeping(kept) as second:
        assert second.add(make_task("b")).id == "b"
        second.finish(told=[], flaws=())
        first.add(make_task("a"))
        first.finish(told=[], flaws=())
    assert ids(kept) == ["a"]


@pytest.fixture
def source(tmp_path: Path) -> Source:
    tasks_of("sti_bench", VIDEO["sti_bench"], tmp_path)
    return open_source(str(tmp_path / "source"), split=None, default="test", files="qa.parquet", needed=())


def test_all_that_questions_depend_on_describes_them(source: Source, monkeypatch: pytest.MonkeyPatch):
    benchmark = read_benchmark("sti_bench")
    roots = [source.folder]
    words: dict[str, Any] = {"source": source, "frames": FRAMES, "roots": roots}
    fewer: dict[str, Any] = words | {"frames": replace(FRAMES, max_frames=4)}
    elsewhere: dict[str, Any] = words | {"roots": [source.folder / "video"]}
    first = description(benchmark, **words)
    assert description(benchmark, **words) == first
    assert description(replace(benchmark, form="tasks"), **words) != first
    assert description(benchmark, **fewer) != first
    assert description(benchmark, **elsewhere) != first
    with source.files[0].path.open("ab") as file:
        file.write(b" ")
    longer = description(benchmark, **words)
    assert longer != first
    monkeypatch.setattr(module, "__version__", "0.0.0")
    assert description(benchmark, **words) != longer
