"""Where the rows of a benchmark are: what its description names, another place the user gives, or rooms of our own, which
are made once.
"""

from collections.abc import Iterator
from pathlib import Path

from spatialrl.benchmarks.spec import Benchmark
from spatialrl.data.importers.source import Source, open_source
from spatialrl.data.unpack import unpack
from spatialrl.errors import DataError, UserError
from spatialrl.scenes.make import make_scenes

SUFFIXES = {"parquet": "*.parquet", "tsv": "*.tsv", "json": "*.json*", "huggingface": None}
SCENES = "scenes"


def opened(benchmark: Benchmark, *, source: str, folder: Path) -> Source:
    """`source` is the user's own place, empty for that of the description."""
    spec = benchmark.source
    if spec.kind == SCENES and not source:
        source = str(made(benchmark, folder=folder))
    patterns = [spec.files or SUFFIXES.get(spec.kind)] if isinstance(spec.files, str) else spec.files
    needed = [*patterns, *benchmark.media.archives, *benchmark.media.files] if spec.files else []
    told: UserError | None = None
    for pattern in patterns:
        try:
            return open_source(
                source or spec.path, split=spec.split or None, default="test", files=pattern, needed=needed
            )
        except UserError as error:
            told = told or type(error)(f"{benchmark.name}: {str(error).rstrip('.')}. Its home is {benchmark.homepage}.")
    assert told is not None
    raise told


def unpacked(benchmark: Benchmark, source: Source, folder: Path) -> Iterator[Path]:
    """Folders with the media of the source's archives; each is unpacked once."""
    for pattern in benchmark.media.archives:
        for archive in sorted(source.folder.glob(pattern)):
            target = folder / "unpacked" / archive.name.partition(".")[0]
            if not target.exists():
                unpack(str(archive), folder=str(target))
            yield target


def made(benchmark: Benchmark, *, folder: Path) -> Path:
    """A folder of rooms; the same arguments give the same bytes."""
    target = folder / SCENES
    if not target.exists():
        try:
            make_scenes(target, **benchmark.source.arguments)
        except TypeError as error:
            raise DataError(f"{benchmark.name}: source.arguments do not fit the rooms: {error}.") from error
    return target
