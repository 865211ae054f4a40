"""Folders and files that are complete or absent: they are filled under another name and get theirs at the end."""

import errno
import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from spatialrl.errors import ResourceError, UserError

REJECTED = "rejected.jsonl"
"""What was of no use, and why; beside the files of rows."""
LOCK = ".lock"
DESCRIPTION = ".description"
STORAGE_ERRORS = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS, errno.EACCES, errno.EPERM}


@contextmanager
def complete_or_absent(folder: Path, *, description: str = "") -> Iterator[Path]:
    """A folder beside the wanted one, which takes its name at the end.

    Without a description an error leaves nothing. With one, what is there stays after an error or a kill, and the next
    caller who describes the same work finds it and goes on.
    """
    folder = Path(os.path.abspath(folder))
    unfinished = folder.with_name(f".{folder.name}.partial")
    with _storage(unfinished, is_kept=bool(description)):
        unfinished.mkdir(parents=True, exist_ok=True)
        with _alone_in(unfinished, folder):
            _take_over(unfinished, folder, description)
            try:
                yield unfinished
            except BaseException:
                if not description:
                    shutil.rmtree(unfinished)
                raise
            for name in (LOCK, DESCRIPTION):
                (unfinished / name).unlink(missing_ok=True)
            os.replace(unfinished, folder)


@contextmanager
def _alone_in(unfinished: Path, folder: Path) -> Iterator[None]:
    """The lock ends with the process that holds it, however that ends."""
    with (unfinished / LOCK).open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise UserError(
                f"{folder} is being made by another process; wait for it, or give another folder."
            ) from error
        yield


def _take_over(unfinished: Path, folder: Path, description: str) -> None:
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        shutil.rmtree(unfinished)
        raise UserError(f"{folder} is there already; remove it or give another folder.")
    known = unfinished / DESCRIPTION
    if description and known.exists():
        if known.read_text() != description:
            raise UserError(
                f"{unfinished} holds unfinished work of another kind ({_difference(known.read_text(), description)}); "
                "say the same again to finish it, remove it, or give another folder."
            )
        return
    _empty(unfinished)
    if description:
        known.write_text(description)


def _difference(before: str, now: str) -> str:
    """The first line in which the two descriptions differ."""
    pairs = zip(before.splitlines(), now.splitlines(), strict=False)
    return next((f"{old}, not {new}" for old, new in pairs if old != new), "it had another length")


def _empty(unfinished: Path) -> None:
    for path in unfinished.iterdir():
        if path.name != LOCK:
            shutil.rmtree(path) if path.is_dir() else path.unlink()


@contextmanager
def storage_for(path: Path) -> Iterator[None]:
    """A disk that is full, or may not be written, is a sentence."""
    try:
        yield
    except OSError as error:
        if error.errno not in STORAGE_ERRORS:
            raise
        raise ResourceError(f"{path} can't be written: {error}; make room, or give another place.") from error


def write_whole(path: Path, text: str) -> None:
    """The file is complete, or as it was before."""
    draft = path.with_name(f".{path.name}.partial")
    with storage_for(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            draft.write_text(text, encoding="utf-8")
            os.replace(draft, path)
        finally:
            draft.unlink(missing_ok=True)


@contextmanager
def _storage(unfinished: Path, *, is_kept: bool) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno not in STORAGE_ERRORS:
            raise
        advice = f"what is finished stays in {unfinished}, and the same command goes on from there" if is_kept else ""
        raise ResourceError(
            f"{unfinished.parent} can't be written: {error}{'; ' if advice else ''}{advice}."
        ) from error
