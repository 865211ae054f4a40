"""What an evaluation holds in memory while it asks, and what its summary does."""

import asyncio
import gc
import json
import sys
import tracemalloc
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from spatialrl.benchmarks.on_disk import Names
from spatialrl.benchmarks.order import read_order
from spatialrl.benchmarks.run import answered
from spatialrl.benchmarks.samples import Sample, read_samples, read_scores, write_samples
from spatialrl.benchmarks.scoring import summarise
from spatialrl.benchmarks.scoring.lift import lifts
from spatialrl.benchmarks.spec import read_benchmark
from spatialrl.config import SamplingConfig
from spatialrl.data import tasks
from spatialrl.errors import ResourceError
from spatialrl.types import Completion, Task
from tests.small_disk import disk_of

FEW, MANY = 300, 1500
MEAN = read_benchmark("scenes")


class Forgetful:
    """Answers A. Remembers nothing but how much was held when it was asked for the last time."""

    def __init__(self, *, last: int = 0) -> None:
        self.missing = last
        self.held = 0

    async def generate(self, task: Task, *, num_completions: int, seed: int, sampling: SamplingConfig) -> AsyncIterator:
        await asyncio.sleep(0)
        self.missing -= 1
        if not self.missing:
            # Python keeps thousands of small objects for later use, until it collects.
            gc.collect()
            self.held = sys.getallocatedblocks()
        yield Completion(prompt_ids=(), token_ids=(), text="<answer>A</answer>")


def ask(folder: Path, *, num: int, model: Forgetful) -> Path:
    """The folder of the answers to so many questions."""
    folder.mkdir()
    rows = ({"id": f"question-{n:06}", "question": "Left?", "options": ["left", "right"]} for n in range(num))
    told = {"answer": "A", "answer_kind": "choice", "split": "test"}
    (folder / "test.jsonl").write_text("".join(json.dumps(row | told) + "\n" for row in rows))
    words = ["benchmark=scenes", "backend=openai", "endpoint.url=http://localhost:1/v1", "endpoint.model=m"]
    places = [f"source={folder}/test.jsonl", f"output_dir={folder}/out", f"data.folder={folder}/benchmarks"]
    config, (benchmark,) = read_order([*words, *places, "max_in_flight=8"])
    return asyncio.run(answered(benchmark, config, rollout=model, model={"name": "m"}))


def objects_at_the_end(folder: Path, *, num: int) -> int:
    """Blocks of memory in use by Python when the last question is asked."""
    model = Forgetful(last=num)
    ask(folder, num=num, model=model)
    return model.held


def test_asking_more_questions_holds_no_more_objects(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """An id that is held is one block at least."""
    # Rows go to disk in groups; both benchmarks have many.
    monkeypatch.setattr(tasks, "ROWS_PER_GROUP", 16)
    # Whatever is loaded and compiled once.
    ask(tmp_path / "first", num=FEW, model=Forgetful())
    few, many = (objects_at_the_end(tmp_path / str(num), num=num) for num in (FEW, MANY))
    assert few > 0
    assert many - few < (MANY - FEW) / 2


def peak_of_a_summary(path: Path, *, num: int) -> int:
    """In bytes of Python's objects and numpy's arrays; questions about 20 scenes, with long responses."""
    told = {
        "answer_kind": "choice",
        "num_options": "4",
        "unit": "",
        "media": "/data/scenes/video.mp4",
        "finish_reason": "stop",
    }
    samples = (
        Sample(
            id=f"question-{n:06}",
            category="counting",
            answer="AB"[n % 2],
            response="because " * 500,
            score=n % 2,
            extra=told | {"scene_id": f"scene-{n % 20}"},
        )
        for n in range(num)
    )
    write_samples(path, samples)
    tracemalloc.start()
    try:
        scores = read_scores(path)
        summarise(scores, benchmark=MEAN)
        lifts(scores, benchmark=MEAN, mode="strict")
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_a_summary_holds_less_than_2_kb_of_a_question_however_long_its_response(tmp_path: Path):
    few, many = (peak_of_a_summary(tmp_path / "samples.jsonl", num=num) for num in (FEW, MANY))
    assert many - few < 2000 * (MANY - FEW)


def test_names_on_disk_are_a_set():
    names = Names()
    assert [names.add(name) for name in ("a", "b", "a", "A", "")] == [True, True, False, True, True]
    assert len(names) == 4
    names.close()


def test_a_full_disk_is_told_with_a_way_out():
    names = Names()
    long = (f"a question of a very large benchmark with a long name, number {number}" for number in range(100_000))
    with disk_of(100_000), pytest.raises(ResourceError, match="SQLITE_TMPDIR"):
        sum(map(names.add, long))
    names.close()


def test_a_summary_needs_no_words(tmp_path: Path):
    path = ask(tmp_path / "asked", num=20, model=Forgetful()) / "samples.jsonl"
    whole, scores = read_samples(path), read_scores(path)
    assert {sample.response for sample in whole} == {"<answer>A</answer>"}
    assert {sample.response for sample in scores} == {None}
    assert summarise(scores, benchmark=MEAN) == summarise(whole, benchmark=MEAN)
