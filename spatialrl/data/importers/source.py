"""Where rows come from: a file, a folder, or a data set of the Hugging Face Hub, which becomes a folder. Which of its
files hold rows, and of which split they are, is read from their names.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path

from spatialrl.data.importers.read import READERS
from spatialrl.data.importers.record import Split
from spatialrl.errors import DataError, ResourceError

HUB_ID = re.compile(r"[\w.-]+/[\w.-]+")
NOT_ROWS = ("cognitive_map.jsonl", "dataset_info.json", "dataset_infos.json", "import.json", "rejected.jsonl")
SPLITS: dict[str, Split] = {
    "train": "train",
    "training": "train",
    "val": "validation",
    "valid": "validation",
    "validation": "validation",
    "dev": "validation",
    "test": "test",
    "testing": "test",
}
"""Words in file and folder names, and what people call a split."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceFile:
    path: Path
    name: str
    """Relative to the source."""
    split: Split


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A place on this machine with files of rows."""

    folder: Path
    files: tuple[SourceFile, ...]

    @property
    def folders(self) -> list[Path]:
        """The source's own, then those of its files."""
        return list(dict.fromkeys([self.folder, *(file.path.parent for file in self.files)]))


def open_source(
    source: str, *, split: str | None, default: Split, files: str | None, needed: Sequence[str] = ()
) -> Source:
    """`source` may end in @split. `files` is a pattern for names; `default` is for names that tell no split. Of a data set of
    the Hub only what fits one of the patterns `needed` is downloaded, or all of it."""
    place, wanted = _with_split(source, split)
    path = _local(place, needed)
    if path.is_file():
        check_suffix(path)
        name = Path(path.name)
        file = SourceFile(path=path, name=path.name, split=wanted or _split_of(name) or default)
        return Source(folder=path.parent, files=(file,))
    names = [file.relative_to(path) for file in _row_files(path, files)]
    found = [
        SourceFile(path=path / name, name=name.as_posix(), split=_split_of(name) or wanted or default) for name in names
    ]
    kept = tuple(file for file in found if wanted in (None, file.split))
    if not found:
        raise DataError(f"{place} holds no file of rows ({', '.join(READERS)}){f' named {files}' if files else ''}.")
    if not kept:
        raise DataError(f"{place} has no split '{wanted}'; there are: {', '.join(sorted({f.split for f in found}))}.")
    return Source(folder=path, files=kept)


def check_suffix(path: Path) -> None:
    if path.suffix not in READERS:
        raise DataError(f"{path} is none of the files that are read: {', '.join(READERS)}.")


def split_named(name: str) -> Split:
    if name.lower() not in SPLITS:
        raise DataError(f"split is '{name}'; there are: train, validation, test.")
    return SPLITS[name.lower()]


def _with_split(source: str, split: str | None) -> tuple[str, Split | None]:
    place, at, named = source.rpartition("@")
    if not at or Path(source).exists():
        return source, split_named(split) if split else None
    if split and split_named(split) != split_named(named):
        raise DataError(f"source={source} asks for the split {named}, split={split} for another; give one of them.")
    return place, split_named(named)


def _local(place: str, needed: Sequence[str]) -> Path:
    path = Path(place).expanduser()
    if path.exists():
        return path
    if path.is_absolute() or not HUB_ID.fullmatch(place):
        raise DataError(f"source={place} does not exist; give a file, a folder, or an id of the Hub such as org/name.")
    return _download(place, needed)


def _download(name: str, needed: Sequence[str]) -> Path:
    from huggingface_hub import snapshot_download  # noqa: PLC0415  takes half a second
    from huggingface_hub.errors import HfHubHTTPError, LocalEntryNotFoundError  # noqa: PLC0415

    try:
        # The Hub compares a pattern with the whole name.
        patterns = [form for pattern in needed for form in (pattern, f"*/{pattern}")]
        return Path(snapshot_download(name, repo_type="dataset", allow_patterns=patterns or None))
    except (HfHubHTTPError, LocalEntryNotFoundError, OSError) as error:
        raise ResourceError(
            f"source={name} is no file or folder here, and the Hub does not give a data set of that name: "
            f"{str(error).splitlines()[0]}"
        ) from error


def _row_files(folder: Path, pattern: str | None) -> Iterator[Path]:
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder)
        is_hidden = any(part.startswith(".") for part in name.parts)
        is_wanted = pattern is None or fnmatch(name.as_posix(), pattern) or fnmatch(path.name, pattern)
        if path.suffix in READERS and path.name not in NOT_ROWS and is_wanted and not is_hidden and path.is_file():
            yield path


def _split_of(name: Path) -> Split | None:
    """The last part of the name that tells wins: `train/val.json` is validation."""
    for part in (name.stem, *reversed(name.parent.parts)):
        for word in re.findall(r"[a-z]+", part.lower()):
            if word in SPLITS:
                return SPLITS[word]
    return None
