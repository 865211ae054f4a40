"""Where the rows of a benchmark are: what its description names, another place the user gives, or rooms of our own, which
are made once.
"""

from pathlib import Path

from spatialrl.benchmarks.spec import Benchmark
from spatialrl.data.importers.source import Source, open_source
from spatialrl.errors import DataError, UserError
from spatialrl.scenes.make import make_scenes

SUFFIXES = {"parquet": "*.parquet", "tsv": "*.tsv", "json": "*.json*", "huggingface": None}
SCENES = "scenes"


def opened(benchmark: Benchmark, *, source: str, folder: Path) -> Source:
    """`source` is the user's own place, empty for that of the description."""
    spec = benchmark.source
    if spec.kind == SCENES and not source:
        source = str(made(benchmark, folder=folder))
    files = spec.files or SUFFIXES.get(spec.kind)
    try:
        return open_source(source or spec.path, split=spec.split or None, default="test", files=files)
    except UserError as error:
        raise type(error)(f"{benchmark.name}: {error} Its home is {benchmark.homepage}.") from error


def made(benchmark: Benchmark, *, folder: Path) -> Path:
    """A folder of rooms; the same arguments give the same bytes."""
    target = folder / SCENES
    if not target.exists():
        folder.mkdir(parents=True, exist_ok=True)
        try:
            make_scenes(target, **benchmark.source.arguments)
        except TypeError as error:
            raise DataError(f"{benchmark.name}: source.arguments do not fit the rooms: {error}.") from error
    return target
