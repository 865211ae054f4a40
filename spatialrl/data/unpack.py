"""`spatialrl data unpack=ARCHIVE folder=OUT`: tar and zip archives, whole or in parts, into a folder that is complete or
absent. Nothing an archive says is trusted: no path may leave the folder, links and devices are refused, and what it holds
has limits. A run that was stopped goes on; the same command again does nothing.
"""

import hashlib
import io
import json
import lzma
import os
import re
import stat
import sys
import tarfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO

from tqdm import tqdm

from spatialrl.data.archive_parts import JoinedFile, find_parts
from spatialrl.data.folders import complete_or_absent
from spatialrl.errors import ConfigError, DataError

MARKER = ".unpacked.json"
CHUNK = 2**20
GB = 10**9
HASHES = {32: "md5", 40: "sha1", 64: "sha256"}
"""By the length of the checksum."""
DRIVE = re.compile("[A-Za-z]:")
BROKEN = (tarfile.TarError, zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, NotImplementedError)


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """One file of an archive."""

    name: str
    size: int
    content: IO[bytes]


def unpack(
    archive: str, *, folder: str, checksum: str | None = None, max_gb: float = 1000.0, max_files: int = 5_000_000
) -> None:
    """`archive` is a file or any of its parts; `checksum` is the md5, sha1 or sha256 of the whole."""
    parts, target = find_parts(Path(archive)), Path(folder)
    if checksum and len(checksum) not in HASHES:
        raise ConfigError(
            f"checksum={checksum} is no md5, sha1 or sha256: those have {', '.join(map(str, HASHES))} digits."
        )
    description = json.dumps({part.name: part.stat().st_size for part in parts}, indent=2)
    if (target / MARKER).is_file() and (target / MARKER).read_text() == description:
        sys.stdout.write(f"{target} holds {archive} already.\n")
        return
    with JoinedFile(parts) as joined:
        if checksum:
            check_sum(joined, checksum, archive)
        with complete_or_absent(target, description=description) as unfinished, told_when_broken(archive):
            limits = {"max_bytes": int(float(max_gb) * GB), "max_files": max_files}
            num_files = write_members(members(joined), unfinished, **limits)
            (unfinished / MARKER).write_text(description)
    sys.stdout.write(f"{target}: {num_files:,} files.\n")


def check_sum(joined: JoinedFile, checksum: str, archive: str) -> None:
    kind = HASHES[len(checksum)]
    digest = hashlib.file_digest(joined, kind).hexdigest()  # pyright: ignore[reportArgumentType]
    if digest != checksum.lower():
        raise DataError(f"{archive} has the {kind} {digest}, not {checksum}; download it again.")
    joined.seek(0)


def write_members(archive: Iterator[Member], folder: Path, *, max_bytes: int, max_files: int) -> int:
    """How many there are. Those that an earlier run has written are not written again."""
    num_bytes = num_files = 0
    for member in archive:
        num_files, num_bytes = num_files + 1, num_bytes + member.size
        if num_files > max_files:
            raise DataError(f"The archive holds more than {max_files:,} files; max_files=... allows more.")
        if num_bytes > max_bytes:
            raise DataError(f"The archive holds more than {max_bytes / GB:g} GB; max_gb=... allows more.")
        place = folder / member.name
        if not place.is_file() or place.stat().st_size != member.size:
            write_member(member, place)
    return num_files


def write_member(member: Member, place: Path) -> None:
    """Under its name when it is whole, and never more than it declares."""
    place.parent.mkdir(parents=True, exist_ok=True)
    partial = place.with_name(f".{place.name}.partial")
    left = member.size
    with partial.open("wb") as file:
        while chunk := member.content.read(min(CHUNK, left + 1)):
            left -= len(chunk)
            if left < 0:
                raise DataError(f"{member.name} is longer than the archive declares.")
            file.write(chunk)
    if left:
        raise DataError(f"{member.name} is cut off: {left} of its {member.size} bytes are missing.")
    os.replace(partial, place)


def members(joined: JoinedFile) -> Iterator[Member]:
    """The files of an archive, one after another."""
    is_zip = zipfile.is_zipfile(joined)  # pyright: ignore[reportArgumentType]
    with tqdm(total=joined.size, unit="B", unit_scale=True, desc="unpack") as bar:
        for member in _zip_members(joined) if is_zip else _tar_members(joined):
            yield member
            bar.update(joined.tell() - bar.n)


@contextmanager
def told_when_broken(archive: str) -> Iterator[None]:
    try:
        yield
    except BROKEN as error:
        raise DataError(f"{archive} is no tar or zip archive, or is damaged or cut off: {error}.") from error


def _zip_members(joined: JoinedFile) -> Iterator[Member]:
    with zipfile.ZipFile(io.BufferedReader(joined, CHUNK)) as archive:
        for entry in archive.infolist():
            mode = entry.external_attr >> 16
            if entry.flag_bits & 1:
                raise DataError(f"{entry.filename} is encrypted; unpack the archive by hand.")
            if mode and not stat.S_ISREG(mode) and not stat.S_ISDIR(mode) and stat.S_IFMT(mode):
                raise DataError(f"{entry.filename} is a link or a device; the archive is refused.")
            name = safe_name(entry.filename)
            if name and not entry.is_dir():
                with archive.open(entry) as content:
                    yield Member(name=name, size=entry.file_size, content=content)


class _TarInfo(tarfile.TarInfo):
    """tarfile takes an archive that is cut off in a header for its end; here the end is seen."""

    has_ended = False

    @classmethod
    def fromtarfile(cls, tarfile_: tarfile.TarFile) -> "tarfile.TarInfo":
        try:
            return super().fromtarfile(tarfile_)
        except tarfile.EOFHeaderError:  # pyright: ignore[reportAttributeAccessIssue]
            cls.has_ended = True
            raise


def _tar_members(joined: JoinedFile) -> Iterator[Member]:
    joined.seek(0)
    kind = type("TarInfoOfOneArchive", (_TarInfo,), {})
    with tarfile.open(fileobj=io.BufferedReader(joined, CHUNK), mode="r|*", tarinfo=kind) as archive:
        for entry in archive:
            if not entry.isreg() and not entry.isdir():
                raise DataError(f"{entry.name} is a link or a device; the archive is refused.")
            name, content = safe_name(entry.name), archive.extractfile(entry)
            if name and content is not None:
                yield Member(name=name, size=entry.size, content=content)
            # Of every file the archive keeps its description; of millions that is too much.
            archive.members = []  # pyright: ignore[reportAttributeAccessIssue]
    if not kind.has_ended:
        raise DataError("The archive is cut off: its end is missing. Are all of its parts there?")


def safe_name(name: str) -> str:
    """Relative to the folder; empty for the folder itself."""
    path = PurePosixPath(name.replace("\\", "/"))
    if path.is_absolute() or ".." in path.parts or "\0" in name or DRIVE.match(name):
        raise DataError(f"The archive wants to write {name!r}, outside the folder; it is refused.")
    return "" if path == PurePosixPath(".") else path.as_posix()
