"""The questions of a benchmark as they are put to a model, one at a time: the benchmark's rows, with prompt and map. Rows
that became no question come last, each with its reason.
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import asdict
from functools import partial
from itertools import chain
from pathlib import Path

from spatialrl.benchmarks.identity import files_hash
from spatialrl.benchmarks.interview import Question
from spatialrl.benchmarks.maps import NONE, SELF, MapFile, with_map
from spatialrl.benchmarks.places import opened
from spatialrl.benchmarks.prompting import Prompting
from spatialrl.benchmarks.rows import Place, questions
from spatialrl.benchmarks.settings import ENDPOINTS
from spatialrl.benchmarks.spec import Benchmark
from spatialrl.config import EvalConfig, RunConfig
from spatialrl.data.folders import REJECTED
from spatialrl.data.importers.probe import FrameBudget
from spatialrl.data.media.budget import Budgets
from spatialrl.prepare import model_budgets
from spatialrl.types import Task


def questions_of(benchmark: Benchmark, config: RunConfig) -> Iterator[Question]:
    folder = folder_of(benchmark, config)
    asked = map(maker(benchmark, config), read(benchmark, config.eval, folder=folder))
    return chain(asked, rejected(folder)) if not config.eval.limit else asked


def maker(benchmark: Benchmark, config: RunConfig) -> Callable[[Task], Question]:
    asked = config.eval
    prompting = Prompting(
        template=str(asked.template),
        own_words=asdict(benchmark.prompt),
        resolution=asked.resolution,
        blind=asked.blind,
        coordinates=config.data.coordinates,  # pyright: ignore[reportArgumentType]
        budgets=budgets_of(config),
    )
    if asked.cognitive_map == NONE:
        return lambda task: Question(task=prompting.asked(task), prompt=prompting.prompt(task))
    if asked.cognitive_map == SELF:
        return lambda task: Question(
            task=prompting.asked(task), prompt=prompting.prompt(task), map_request=prompting.map_request(task)
        )
    maps = MapFile(Path(asked.cognitive_map))
    return lambda task: with_map_of(maps, prompting.asked(task), prompting.prompt(task))


def budgets_of(config: RunConfig) -> Budgets:
    if config.eval.backend in ENDPOINTS:
        return Budgets.of(config.data, factor=config.eval.patch)
    return model_budgets(config)


def with_map_of(maps: MapFile, task: Task, prompt: Task) -> Question:
    drawn = maps.find(task)
    if drawn is None:
        missing = f"{maps.path} has no map for it, by its id or its scene_id ({task.scene_id})"
        return Question(task=task, prompt=prompt, error=missing)
    return Question(task=task, prompt=with_map(prompt, drawn))


def folder_of(benchmark: Benchmark, config: RunConfig) -> Path:
    return Path(config.data.folder) / benchmark.name


def read(benchmark: Benchmark, asked: EvalConfig, *, folder: Path) -> Iterator[Task]:
    place = Place(source=asked.source, media_root=asked.media_root)
    read_all = partial(questions, benchmark, folder=folder, place=place, frames=frame_budget(benchmark, asked))
    if not asked.limit:
        return read_all()
    # A place of the user's own may hold another number of rows than the description says.
    known = None if asked.source else benchmark.num_rows
    return spread(read_all(), num=asked.limit, of=known or sum(1 for _ in read_all(report=lambda _: None)))


def frame_budget(benchmark: Benchmark, asked: EvalConfig) -> FrameBudget:
    most = asked.frames or benchmark.media.max_frames
    fewest = min(benchmark.media.min_frames, most) if not asked.fps else 2
    return FrameBudget(fps=asked.fps or benchmark.media.fps, min_frames=fewest, max_frames=most)


def spread(tasks: Iterator[Task], *, num: int, of: int) -> Iterator[Task]:
    """`num` of them, evenly spread over the benchmark: its rows are often sorted by sub-task."""
    places = (index * max(of, num) // num for index in range(num))
    wanted = next(places, None)
    for index, task in enumerate(tasks):
        if index == wanted:
            yield task
            wanted = next(places, None)


def rejected(folder: Path) -> Iterator[Question]:
    """Rows with a broken medium or without an answer: each counts as asked in vain. Their ids may be those of others."""
    with (folder / REJECTED).open(encoding="utf-8") as lines:
        for row in map(json.loads, lines):
            for number in range(row["rows"]):
                name = f"{row['id']} ({row['place']}{f'+{number}' if number else ''})"
                task = Task(id=name, question="", answer="", answer_kind="text")
                yield Question(task=task, prompt=task, error=f"{row['kind']}: {row['reason']}")


def dataset_identity(benchmark: Benchmark, config: RunConfig) -> str:
    """The hash of the files that hold its rows."""
    source = opened(benchmark, source=config.eval.source, folder=folder_of(benchmark, config))
    return files_hash([file.path for file in source.files])
