"""A benchmark as its YAML file in `configs/benchmark` describes it: where its rows are, which columns say what, and how its
answers count. A description says everything; no benchmark has code of its own.

A file may have `variants`: each is a benchmark too, called FILE_VARIANT, and repeats only what differs.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from typing import Any, Literal

import yaml

from spatialrl.benchmarks.scoring import AGGREGATES, GRADERS
from spatialrl.benchmarks.strict import strictly
from spatialrl.compose import BENCHMARKS, config_folder, hint
from spatialrl.data.importers import IMPORTERS
from spatialrl.errors import ConfigError

SUITES = "suites.yaml"
"""Lists of benchmarks, by name."""
OWN_FORMS = ("columns", "tasks")


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceFiles:
    kind: Literal["huggingface", "parquet", "tsv", "json", "scenes"]
    """scenes: rooms of our own, made on this machine."""
    path: str = ""
    """Id on the Hub, or where the file or folder is expected."""
    files: str | tuple[str, ...] = ""
    """Pattern for the names of the files that hold rows; empty: all. Of several patterns the first that finds one."""
    split: str = ""
    """That of the source; the tasks are of the split test anyway."""
    arguments: Mapping[str, Any] = field(default_factory=dict)
    """Of the generator."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A part of what a column says; or, of no column, the number of the row's group."""

    column: str = ""
    without: str = ""
    """What this pattern finds is left out."""
    find: str = ""
    """What the first group of this pattern finds is all that is taken; empty where it finds nothing."""
    rows: int = 0
    """So many rows, one after another, are a group."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fields:
    """Columns by what they say. `{name}` inside a text stands for a column; a text without any is the name of one, unless it
    begins with =. `metadata.task` is a field inside a column."""

    id: str = ""
    """Empty: file and row."""
    question: str | tuple[str, ...] = "question"
    """Of several the first that says something."""
    answer: str = "answer"
    category: str | Part = ""
    group: str | Part = ""
    """Which questions are judged together: turns of one question, pairs, an image and its mirror image."""
    unit: str = ""
    scene: str = ""
    extra: Mapping[str, str | Part] = field(default_factory=dict)
    """What else scoring needs, by the name it has in `Task.extra`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MediaColumns:
    images: tuple[str, ...] = ()
    """A column may hold one image or a list, as bytes, paths or base64; one that is empty is passed over."""
    depth: tuple[str, ...] = ()
    videos: tuple[str, ...] = ()
    under: tuple[str, ...] = ("",)
    """Folders that paths may start in."""
    prefix: str = ""
    """What paths begin with that is no folder of the source."""
    archives: tuple[str, ...] = ()
    """Patterns for archives of the source that hold media; they are unpacked once."""
    files: tuple[str, ...] = ()
    """Patterns for the media that lie in the source as files."""
    numbered: bool = False
    """The text says <image 2> where the second image stands."""
    start_s: str = ""
    """Of a video only the part from this moment is shown, in seconds of the file; empty: from its start."""
    end_s: str = ""
    fps: float = 2.0
    min_frames: int = 4
    max_frames: int = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    kind: Literal["none", "column", "letters", "question", "fixed"] = "none"
    """letters: one column for each. question: they stand in its text."""
    column: str = ""
    """A list, a dictionary by letter, such a thing as text, or a text with letters before the options."""
    marker: str = ""
    """Pattern of a letter or number before an option in a text, which is its group. Empty: `A.`, `(A)` and their like."""
    texts: tuple[str, ...] = ()
    """Where they are the same in every row."""
    shuffle: bool = False
    """For sources that have the right one always in the same place. The order depends on the id alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    kind: Literal["any", "choice", "number", "text", "index"] = "any"
    """any: an option where there are options, else a number, else a text. index: of the option, from 0."""
    values: Mapping[str, str] = field(default_factory=dict)
    """What the source's own codes mean."""
    always: str = ""
    """The answer of every row."""
    without: str = ""
    """What this pattern finds in an answer is left out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Prompt:
    """What the benchmark's own evaluation says around a question."""

    before: str = ""
    choice: str = ""
    """After the options."""
    number: str = ""
    text: str = ""
    without: tuple[str, ...] = ()
    """Sentences of the source that are no part of the question."""
    notes: Mapping[str, str] = field(default_factory=dict)
    """What is said behind the questions of a category."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Counting:
    """How scores become the headline."""

    name: str = "mean"
    arguments: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """How the names of the source's columns are known."""

    verified: tuple[str, ...] = ()
    """Published evaluation code reads them."""
    card: tuple[str, ...] = ()
    """The data set's page, or a loader of another toolkit, says so."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Benchmark:
    name: str
    title: str
    about: str
    """What it asks, in a few words."""
    source: SourceFiles
    form: str = "columns"
    """columns: as `fields`, `media`, `options` and `answers` say. tasks: rows of our own. Else the importer of that name."""
    fields: Fields = field(default_factory=Fields)
    media: MediaColumns = field(default_factory=MediaColumns)
    options: Options = field(default_factory=Options)
    answers: Answers = field(default_factory=Answers)
    prompt: Prompt = field(default_factory=Prompt)
    where: Mapping[str, str | tuple[str, ...]] = field(default_factory=dict)
    """Values, or a pattern for the whole value, of columns; other rows are no part of it."""
    metric: str
    aggregate: Counting = field(default_factory=Counting)
    num_rows: int | None = None
    """None where the source does not say."""
    chance: float | Literal["options"]
    """Score of a guess in percent, or: one over the number of options."""
    licence: str
    homepage: str
    columns: Columns = field(default_factory=Columns)


def benchmark_folder() -> Path:
    return config_folder() / BENCHMARKS


def benchmark_names() -> list[str]:
    """Of all benchmarks, their variants included."""
    return [name for stem in _stems() for name, _ in _described(stem)]


def read_benchmark(name: str) -> Benchmark:
    """By its name, or a file of the user's own, `mine.yaml`."""
    if is_file(name):
        return parse_benchmark({**_yaml(Path(name)), "name": Path(name).stem}, place=name)
    found = [(stem, values) for stem in _stems() for own, values in _described(stem) if own == name]
    if not found:
        raise ConfigError(f"benchmark={name}: {_nearest(name, benchmark_names())}")
    ((stem, values),) = found
    return parse_benchmark({**values, "name": name}, place=f"configs/benchmark/{stem}.yaml")


def is_file(name: str) -> bool:
    return Path(name).suffix == ".yaml"


def parse_benchmark(values: Mapping[str, Any], *, place: str) -> Benchmark:
    benchmark = strictly(Benchmark, values, place=place)
    for told in _contradictions(benchmark):
        raise ConfigError(f"{place}: {told}")
    return benchmark


def suites() -> dict[str, list[str]]:
    """By name; `all` is every benchmark once, without variants."""
    path = config_folder() / SUITES
    return {**_yaml(path), "all": _stems()}


def expand(name: str) -> list[Benchmark]:
    """A suite, one benchmark, or a file of the user's own."""
    if is_file(name):
        return [read_benchmark(name)]
    known = suites()
    if name not in known and name not in benchmark_names():
        raise ConfigError(f"benchmark={name}: {_nearest(name, [*known, *benchmark_names()])}")
    return [read_benchmark(member) for member in known.get(name, [name])]


def _contradictions(benchmark: Benchmark) -> Iterator[str]:
    known = {"form": (*OWN_FORMS, *IMPORTERS), "metric": GRADERS, "aggregate.name": AGGREGATES}
    said = {"form": benchmark.form, "metric": benchmark.metric, "aggregate.name": benchmark.aggregate.name}
    for key, value in said.items():
        if value not in known[key]:
            yield f"{key} is '{value}'. {hint(get_close_matches(value, known[key], n=1), sorted(known[key]))}"
    source, options, media = benchmark.source, benchmark.options, benchmark.media
    if source.kind != "scenes" and not source.path:
        yield "source.path is empty; give an id of the Hub, a file or a folder."
    if options.kind == "column" and not options.column:
        yield "options.kind is column, but options.column names none."
    if options.kind == "fixed" and len(options.texts) < 2:
        yield "options.kind is fixed, but options.texts has fewer than 2."
    if not 2 <= media.min_frames <= media.max_frames or media.fps <= 0:
        yield "media needs fps above 0 and at least 2 frames, min_frames no more than max_frames."
    if isinstance(benchmark.chance, float) and not 0 <= benchmark.chance <= 100:
        yield f"chance is {benchmark.chance}; it is a number of percent, or options."


def _nearest(name: str, known: list[str]) -> str:
    return f"there is none of that name. {hint(get_close_matches(name, known, n=1, cutoff=0.5), sorted(known))}"


def _stems() -> list[str]:
    return sorted(path.stem for path in benchmark_folder().glob("*.yaml"))


@cache
def _described(stem: str) -> list[tuple[str, dict[str, Any]]]:
    values = _yaml(benchmark_folder() / f"{stem}.yaml")
    variants = values.pop("variants", {})
    return [(stem, values), *((f"{stem}_{name}", _over(values, own)) for name, own in variants.items())]


def _over(values: Mapping[str, Any], own: Mapping[str, Any]) -> dict[str, Any]:
    """What a variant says in place of its file; mappings are merged, lists are not."""
    both = {
        name: _over(values[name], value)
        if isinstance(value, Mapping) and isinstance(values.get(name), Mapping)
        else value
        for name, value in own.items()
    }
    return {**values, **both}


def _yaml(path: Path) -> dict[str, Any]:
    try:
        values = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, yaml.YAMLError) as error:
        raise ConfigError(f"{path} can't be read: {str(error).splitlines()[0]}.") from error
    if not isinstance(values, dict):
        raise ConfigError(f"{path} is no mapping of keys to values.")
    return values
