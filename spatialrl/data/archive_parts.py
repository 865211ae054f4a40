"""An archive in numbered parts, read as one file without being joined on disk. A part that is missing is named."""

import io
import re
from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate
from pathlib import Path

from spatialrl.errors import DataError

PART = re.compile(
    r"(?P<stem>.+?)(?P<mark>[._-]part[._-]?|\.)(?P<number>\d+|(?<=part[._-])[a-z]{2,3}|(?<=part)[a-z]{2,3})"
)
"""`SpaceR-151k.part_00`, `videos.tar.gz.part-aa`, `images.zip.001`."""


def find_parts(path: Path) -> list[Path]:
    """All parts of the archive that `path` is, or is a part of, or is the name of without its parts; in their order."""
    found = PART.fullmatch(path.name)
    if found is None and path.is_file():
        return [path]
    stem = found["stem"] if found else path.name
    matches = [(PART.fullmatch(beside.name), beside) for beside in _beside(path)]
    parts = {beside: match for match, beside in matches if match and match["stem"] == stem}
    if found:
        parts = {beside: match for beside, match in parts.items() if match["mark"] == found["mark"]}
    if not parts:
        raise DataError(f"{path} does not exist, and no parts of it such as {stem}.part_00.")
    numbered = sorted((part_number(match["number"]), beside) for beside, match in parts.items())
    _check_gaps(stem, [number for number, _ in numbered])
    return [beside for _, beside in numbered]


def part_number(text: str) -> int:
    """07 is 7; aa is 0, ab is 1, ba is 26."""
    if text.isdigit():
        return int(text)
    return sum((ord(letter) - ord("a")) * 26**place for place, letter in enumerate(reversed(text)))


def _beside(path: Path) -> list[Path]:
    return [beside for beside in path.parent.iterdir() if beside.is_file()] if path.parent.is_dir() else []


def _check_gaps(stem: str, numbers: list[int]) -> None:
    first = min(numbers[0], 1)
    for expected, number in enumerate(numbers, start=first):
        if number < expected:
            raise DataError(f"{stem} has two parts with the number {number}; remove one.")
        if number > expected:
            raise DataError(
                f"Part {expected} of {stem} is missing: there are {len(numbers)} parts, up to {numbers[-1]}."
            )


class JoinedFile(io.RawIOBase):
    """The parts, one after another, for reading."""

    def __init__(self, parts: Sequence[Path]) -> None:
        self.parts = parts
        self.ends = list(accumulate(part.stat().st_size for part in parts))
        self.position = 0
        self._open: tuple[int, io.BufferedReader] | None = None

    @property
    def size(self) -> int:
        return self.ends[-1]

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self.position

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        start = {io.SEEK_SET: 0, io.SEEK_CUR: self.position, io.SEEK_END: self.size}[whence]
        self.position = max(0, start + offset)
        return self.position

    def readinto(self, buffer: memoryview) -> int:  # pyright: ignore[reportIncompatibleMethodOverride]
        index = bisect_right(self.ends, self.position)
        if index == len(self.parts):
            return 0
        start = self.ends[index - 1] if index else 0
        content = self._part(index)
        content.seek(self.position - start)
        count = content.readinto(memoryview(buffer)[: self.ends[index] - self.position])
        self.position += count
        return count

    def close(self) -> None:
        if self._open:
            self._open[1].close()
        super().close()

    def _part(self, index: int) -> io.BufferedReader:
        if self._open is None or self._open[0] != index:
            if self._open:
                self._open[1].close()
            self._open = (index, self.parts[index].open("rb"))
        return self._open[1]
