"""Decoded media of one node, in its shared memory: whoever needs a picture first decodes it, all others map it. Rollout,
actor and reference workers meet here, and tasks that cross processes name media by hash and size alone.

Each picture is a file of a tmpfs under a name made of its content and of how it is shown, so it needs no directory, no
owner and no messages, and outlives the worker that wrote it. (Objects of Ray's store die with their owner and are found by
handles only; `multiprocessing.shared_memory` of Python 3.11 is removed by the first process that ends.) The one rule: a
file under its final name is whole and never changes.
"""

import fcntl
import hashlib
import os
import shutil
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import IO, Self

import numpy as np

from spatialrl.config import RunConfig
from spatialrl.data.media.pixel_file import map_pixels, write_pixels
from spatialrl.errors import ConfigError
from spatialrl.types import Media

ROOT = Path("/dev/shm")
PREFIX, SUFFIX = "spatialrl-", ".pixels"
MOST_OF_NODE = 0.5
"""Of the node's shared memory that pictures may take, whatever the config says."""
KEPT = 0.9
"""Of the limit, once it was reached."""
NUM_LOCKS = 64
NUM_WRITERS = 8
"""A process counts anew after it has written this part of the room that was left: that many may write at once."""
CLOSE_S = 5.0
PAUSE_S = 0.05


def open_store(config: RunConfig, *, root: Path = ROOT) -> "MediaStore | None":
    """The store of a run on this node; all processes of the run open the same. What runs that were killed left behind is
    removed. None where `data.store_gb` is 0."""
    if config.data.store_gb == 0:
        return None
    if not root.is_dir():
        raise ConfigError(f"This machine has no {root}, where decoded media are shared; set data.store_gb=0.")
    sweep(root, prefix=f"{PREFIX}{os.getuid()}-")
    name = hashlib.sha256(config.output_dir.encode()).hexdigest()[:16]
    return MediaStore(root / f"{PREFIX}{os.getuid()}-{name}", max_bytes=int(config.data.store_gb * 2**30))


class MediaStore:
    def __init__(self, folder: Path, *, max_bytes: int) -> None:
        self.folder = folder
        self.users = claim(folder)
        self.max_bytes = min(max_bytes, int(shutil.disk_usage(folder).total * MOST_OF_NODE))
        self.room = 0
        """Bytes that may be written before the files are counted again."""
        self.guard = threading.Lock()
        self.counts: Counter[str] = Counter()
        """Pictures that were found, decoded, evicted, and that had no room."""

    def fetch(self, key: str, decode: Callable[[], np.ndarray]) -> np.ndarray:
        """The picture under a key, read-only; where there is none yet, one process decodes it and the others wait."""
        path = f"{self.folder}/{key}{SUFFIX}"
        if (found := self._mapped(path)) is not None:
            return found
        with self._locked(int(key[:4], 16) % NUM_LOCKS):
            found = self._mapped(path)
            return found if found is not None else self._kept(path, decode())

    def _mapped(self, path: str) -> np.ndarray | None:
        try:
            os.utime(path)
            found = map_pixels(path)
        except FileNotFoundError:
            return None
        self.counts["found"] += 1
        return found

    def _kept(self, path: str, pixels: np.ndarray) -> np.ndarray:
        """A picture that does not fit is used, and not kept."""
        self.counts["decoded"] += 1
        if pixels.nbytes > self.max_bytes * KEPT or not self._written(path, pixels):
            self.counts["without_room"] += 1
        self._make_room(pixels.nbytes)
        return pixels

    def _written(self, path: str, pixels: np.ndarray) -> bool:
        partial = f"{path}.{os.getpid()}.{threading.get_ident()}.partial"
        try:
            write_pixels(partial, pixels)
            os.replace(partial, path)
        except OSError:
            # Other programs of the node have filled its shared memory.
            Path(partial).unlink(missing_ok=True)
            return False
        return True

    def _make_room(self, written: int) -> None:
        with self.guard:
            self.room -= written
            if self.room > 0:
                return
            with self._locked("evict"):
                left = self.max_bytes - self._evict()
            self.room = left // NUM_WRITERS

    def _evict(self) -> int:
        """Removes what was not used for longest where there is too much; returns the bytes that stay. Whoever has mapped
        a picture keeps it."""
        files = sorted(pictures(self.folder))
        total = sum(size for _, size, _ in files)
        if total <= self.max_bytes:
            return total
        for _, size, path in files:
            if total <= self.max_bytes * KEPT:
                break
            Path(path).unlink(missing_ok=True)
            total -= size
            self.counts["evicted"] += 1
        return total

    @contextmanager
    def _locked(self, name: int | str) -> Iterator[None]:
        """Among processes and threads; the kernel unlocks it for whoever dies."""
        descriptor = os.open(f"{self.folder}/.lock-{name}", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield
        finally:
            os.close(descriptor)

    def close(self, *, wait_s: float = CLOSE_S) -> None:
        """The last one to leave clears away. Workers that are being stopped have a moment to let go."""
        deadline = time.monotonic() + wait_s
        while not (is_last := try_lock(self.users)) and time.monotonic() < deadline:
            time.sleep(PAUSE_S)
        if is_last:
            shutil.rmtree(self.folder, ignore_errors=True)
        self.users.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def store_key(medium: Media, size: tuple[int, int]) -> str:
    """Equal for equal pixels: content by its hash where the row has one, else by the file's path, size and time."""
    looks = replace(medium, path="", sha256="", shown=None)
    return hashlib.sha256(repr((medium.sha256 or _file_state(medium.path), looks, size)).encode()).hexdigest()


def _file_state(path: str) -> tuple[str, int, int]:
    """Of a file that is not there, whoever opens it says so."""
    with suppress(OSError):
        state = os.stat(path)
        return path, state.st_size, state.st_mtime_ns
    return path, 0, 0


def pictures(folder: Path) -> Iterator[tuple[int, int, str]]:
    """When each was last used, its bytes and its path. Others write and evict meanwhile: what is gone is left out."""
    with os.scandir(folder) as entries:
        for entry in entries:
            with suppress(FileNotFoundError):
                if not entry.name.startswith("."):
                    yield entry.stat().st_mtime_ns, entry.stat().st_size, entry.path


def claim(folder: Path) -> IO[str]:
    """A shared lock on the folder for as long as the file is open; it may be cleared away between being made and being
    locked."""
    while True:
        with suppress(FileNotFoundError):
            make_folder(folder)
            users = (folder / ".users").open("a")
            fcntl.flock(users, fcntl.LOCK_SH)
            if (folder / ".users").exists() and os.path.samestat(os.fstat(users.fileno()), (folder / ".users").stat()):
                return users
            users.close()


def make_folder(folder: Path) -> None:
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except FileExistsError:
        # Cleared away while it was looked at, it neither can be made nor is there.
        if os.path.lexists(folder) and not folder.is_dir():
            raise


def try_lock(users: IO[str]) -> bool:
    try:
        fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def sweep(root: Path, *, prefix: str) -> None:
    """Removes the claimed folders of this name that no process holds any more."""
    for folder in root.glob(f"{prefix}*"):
        with suppress(OSError), (folder / ".users").open("r+") as users:
            if try_lock(users):
                shutil.rmtree(folder, ignore_errors=True)
